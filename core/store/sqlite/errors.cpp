#include "core/store/sqlite/errors.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/text/translate.hpp"

namespace kundehub::sqlite {

Error translate(const SQLite::Exception& error) {
  switch (error.getErrorCode() & 0xff) {  // some of SQLite's functions give the extended code
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error(ErrorKind::temporary, tr("the database is in use by another program"), tr("try again in a moment"));
    case SQLITE_NOMEM:
      return Error(ErrorKind::temporary, tr("out of memory"));
    case SQLITE_FULL:
      return Error(ErrorKind::no_output, tr("the disk is full"), tr("free some space and run the command again"));
    case SQLITE_IOERR:
      return Error(ErrorKind::no_output, tr("the database cannot be read or written: {}", error.what()));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Error(ErrorKind::permission, tr("the database, or its folder, is read-only to you"));
    case SQLITE_CANTOPEN:
      return Error(ErrorKind::permission, tr("the database, or its journal, cannot be opened"));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error(ErrorKind::config, tr("the database is damaged or none at all: {}", error.what()),
                   tr("restore it from a backup"));
    default:
      return Error(ErrorKind::internal, tr("database: {}", error.what()));
  }
}

}  // namespace kundehub::sqlite

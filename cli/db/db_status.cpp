#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/db/status_record.hpp"
#include "cli/options.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct DbStatusOptions {};

ExitCode run_db_status(const DbStatusOptions&, Session& session) {
  RecordWriter writer(session.out(), session.options().output, store_status_kind, RecordWriter::Shape::one);
  const StoreStatus status = session.maintenance()->status();
  if (status.schema < status.newest_schema)
    session.warn(tr("the database has schema {}, and this kundehub needs {}", status.schema, status.newest_schema),
                 "kundehub db migrate");
  writer.add(to_record(status));
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_db_status(CLI::App& parent, Action& chosen) {
  add_verb(parent, "status", "where the database is, its size, schema and contents",
           std::make_shared<DbStatusOptions>(), run_db_status, chosen);
}

}  // namespace kundehub::cli

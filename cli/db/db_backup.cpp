#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/db/status_record.hpp"
#include "cli/options.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct DbBackupOptions {
  std::string file;
};

ExitCode run_db_backup(const DbBackupOptions& options, Session& session) {
  RecordWriter writer(session.out(), session.options().output, store_status_kind, RecordWriter::Shape::one);
  if (options.file == "-")
    throw Error(ErrorKind::usage, tr("a backup cannot go to stdout: it is checked in its file first"),
                tr("name a file, and send that on"));
  const auto maintenance = session.maintenance();
  if (session.options().dry_run) {
    session.note(tr("dry run: no backup was made"));
    writer.add(to_record(maintenance->status()));
  } else {
    const StoreStatus backup = maintenance->back_up(options.file);
    session.mark_changed();
    session.note(tr("the backup {} is complete and checked; the link key is not in it", text::quoted(options.file)),
                 tr("kundehub db key export FILE, kept elsewhere"));
    writer.add(to_record(backup));
  }
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_db_backup(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<DbBackupOptions>();
  CLI::App* backup = add_verb(parent, "backup", "copy the database to a file while others work with it, and check it",
                              options, run_db_backup, chosen);
  backup->add_option("file", options->file, "the backup; an earlier one of that name is replaced when it is complete")
      ->required()
      ->type_name("FILE");
}

}  // namespace kundehub::cli

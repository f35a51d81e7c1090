#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/db/status_record.hpp"
#include "cli/ending.hpp"
#include "cli/options.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct DbMigrateOptions {};

ExitCode run_db_migrate(const DbMigrateOptions&, Session& session) {
  RecordWriter writer(session.out(), session.options().output, store_status_kind, RecordWriter::Shape::one);
  const auto maintenance = session.maintenance();
  const StoreStatus before = maintenance->status();
  ExitCode code = ExitCode::ok;
  if (before.schema == before.newest_schema) {
    session.note(tr("the database has schema {} already", before.schema));
  } else if (session.options().dry_run) {
    session.note(tr("dry run: the database would go from schema {} to {}", before.schema, before.newest_schema));
  } else if (const auto upgrade = maintenance->migrate()) {
    session.mark_changed();
    code = ending(upgrade->trouble, ExitCode::ok, session);
    session.note(tr("the database has gone from schema {} to {}; what it was is in {}", upgrade->from, upgrade->to,
                    text::quoted(upgrade->copy.native())));
  }
  writer.add(to_record(maintenance->status()));
  writer.finish();
  return code;
}

}  // namespace

void add_db_migrate(CLI::App& parent, Action& chosen) {
  add_verb(parent, "migrate", "bring a database of an older kundehub to the present schema, after a backup",
           std::make_shared<DbMigrateOptions>(), run_db_migrate, chosen);
}

}  // namespace kundehub::cli

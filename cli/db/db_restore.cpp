#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/db/status_record.hpp"
#include "cli/ending.hpp"
#include "cli/options.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct DbRestoreOptions {
  std::string file;
};

constexpr std::size_t readmitted_shown = 20;

std::string describe(const StoreStatus& status) {
  return tr("customers: {}, contacts: {}, operations: {}, the last one {}", status.customers, status.contacts,
            status.operations, status.last_operation_at ? format_local(*status.last_operation_at) : tr("never"));
}

/// What the admin has to know before the answer.
void tell_plan(const StoreRestore& restore, Session& session) {
  session.note(tr("the backup: {}", describe(restore.backup())));
  if (restore.present())
    session.note(tr("the database: {}", describe(*restore.present())));
  else
    session.note(tr("there is no database that can be read"));
  const auto& readmitted = restore.readmitted();
  for (std::size_t i = 0; i < readmitted.size() && i < readmitted_shown; ++i)
    session.warn(tr("{} may log in again", readmitted[i]));
  if (readmitted.size() > readmitted_shown)
    session.warn(tr("and {} more may log in again", readmitted.size() - readmitted_shown));
}

/// Links that were made with the key so far are ended in the database; a later epoch ends them for whoever puts an old
/// file back by hand, too.
void raise_epoch(Session& session) {
  const std::filesystem::path file = session.key_file();
  if (LinkKey::create(file)) return session.warn(tr("there was no link key: a new one has been made"));
  LinkKey::load(file).with_next_epoch().save(file);
}

/// The key stays as it is: if the database is what it was, so are the login links that are out; if it is the backup,
/// they have ended in it.
ExitCode leave_in_doubt(const RestoreResult& result, Session& session) {
  constexpr const char* look = "kundehub log --limit 1";
  session.warn(result.trouble, look);
  session.explain_partial(result.trouble, look);
  if (!result.copy.empty())
    session.note(tr("a copy of the database as it was is in {}", text::quoted(result.copy.native())));
  session.note(tr("run the restore again when the disk answers, before anything else is changed: that ends the doubt"));
  return ExitCode::partial;
}

/// The backup is from before their data was erased.
void tell_of_returned(Session& session) {
  for (const std::string& address : session.store().returned_addresses())
    session.warn(tr("{} was erased on request, and is back with the backup", address),
                 fmt::format("kundehub person erase {}", text::shell_word(address)));
}

ExitCode run_db_restore(const DbRestoreOptions& options, Session& session) {
  RecordWriter writer(session.out(), session.options().output, store_status_kind, RecordWriter::Shape::one);
  const auto maintenance = session.maintenance();
  const auto restore = maintenance->prepare_restore(options.file, session.operation_context(session.now()));
  tell_plan(*restore, session);
  session.confirm(tr("Put the backup in the database's place?"));
  if (session.options().dry_run) {
    session.note(tr("dry run: nothing was restored"));
    writer.add(to_record(restore->backup()));
    writer.finish();
    return ExitCode::ok;
  }
  const RestoreResult result = restore->commit();
  session.mark_changed();
  if (result.in_doubt) return leave_in_doubt(result, session);
  const ExitCode code = ending(result.trouble, ExitCode::ok, session);
  raise_epoch(session);
  if (!result.copy.empty()) session.note(tr("what was there is in {}", text::quoted(result.copy.native())));
  session.note(tr("every login link that was out has ended: who has never logged in needs a new mail"),
               "kundehub welcome send CONTACT");
  tell_of_returned(session);
  const StoreStatus now = maintenance->status();
  if (now.waiting_mails > 0)
    session.warn(tr_n("{} welcome mail of the backup is held: it may have left since",
                      "{} welcome mails of the backup are held: some may have left since",
                      static_cast<std::size_t>(now.waiting_mails), now.waiting_mails),
                 tr("kundehub welcome status, then kundehub welcome send or kundehub welcome cancel"));
  writer.add(to_record(now));
  writer.finish();
  return code;
}

}  // namespace

void add_db_restore(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<DbRestoreOptions>();
  CLI::App* restore = add_verb(parent, "restore", "put a backup in the database's place, which is backed up before",
                               options, run_db_restore, chosen);
  restore->add_option("file", options->file, "a file that kundehub db backup has made")->required()->type_name("FILE");
}

}  // namespace kundehub::cli

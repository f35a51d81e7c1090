#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/refusals.hpp"
#include "cli/welcome/targets.hpp"
#include "core/model/access.hpp"
#include "core/store/operation.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct WelcomeCancelOptions {
  WelcomeTargets targets;
  bool all_queued = false;
};

/// Everybody whose mail is in the queue, of those that are named, and the targets that are none.
struct Queued {
  std::vector<ContactOverview> contacts;
  std::vector<Error> unknown;
};

Queued find_queued(const WelcomeCancelOptions& options, Session& session, Store& store) {
  Queued found;
  const auto take = [&](const ContactOverview& contact) {
    if (is_pending(contact.welcome)) found.contacts.push_back(contact);
  };
  if (!options.targets.any()) {
    CustomerFilter filter = options.targets.filters.filter(session);
    filter.archived = ArchivedFilter::all;
    store.each_contact(filter, session.now(), take);
  } else {
    found.unknown = each_target(
        session, store, options.targets, [&](const ContactOverview& contact, TargetKind) { take(contact); },
        EmptyCustomer::skip);
  }
  return found;
}

/// How many were agreed to; absent if it was not asked.
std::optional<std::size_t> confirm_all(const WelcomeCancelOptions& options, Session& session) {
  if (options.targets.any() || session.options().yes || session.options().dry_run) return std::nullopt;
  const std::size_t mails = find_queued(options, session, session.store()).contacts.size();
  if (mails > 0)
    session.confirm(tr_n("Take {} mail out of the queue?", "Take {} mails out of the queue?", mails, mails));
  return mails;
}

ExitCode run_welcome_cancel(const WelcomeCancelOptions& given, Session& session) {
  given.targets.check(given.all_queued, "--all-queued");
  check_fields(session.options().output, welcome_kind);
  const WelcomeCancelOptions options{given.targets.with_list(session), given.all_queued};
  const auto agreed = confirm_all(options, session);
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const Queued queued = find_queued(options, session, store);
  if (agreed && queued.contacts.size() > *agreed) {
    throw Error(ErrorKind::temporary,
                tr("more mails wait than you agreed to cancel: somebody has queued some meanwhile"),
                tr("run the command again"));
  }
  Refusals refusals(session, std::max(options.targets.targets.size(), queued.contacts.size()) + queued.unknown.size());
  for (const Error& error : queued.unknown) refusals.refuse(error);
  std::vector<Record> records;
  for (const ContactOverview& contact : queued.contacts) {
    if (operation->cancel_welcome(contact.contact.id)) {
      records.push_back(welcome_record(contact, store.welcomes_of(contact.contact.id, session.now()).front()));
    } else {
      refusals.refuse(Error(ErrorKind::conflict,
                            tr("the mail to {} is just being sent: it cannot be called back", describe(contact))));
    }
  }
  if (queued.contacts.empty()) {
    session.note(tr("no mail was in the queue"));
  } else {
    session.commit(*operation);
  }
  RecordWriter writer(session.out(), session.options().output, welcome_kind, RecordWriter::Shape::many);
  for (const Record& record : records) writer.add(record);
  writer.finish();
  return refusals.exit_code(ExitCode::ok);
}

}  // namespace

void add_welcome_cancel(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<WelcomeCancelOptions>();
  CLI::App* cancel = add_verb(parent, "cancel", "take mails out of the queue", options, run_welcome_cancel, chosen);
  add_welcome_targets(*cancel, options->targets);
  cancel->add_flag("--all-queued", options->all_queued, "everything that waits");
}

}  // namespace kundehub::cli

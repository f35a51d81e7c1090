#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/welcome/targets.hpp"
#include "core/store/operation.hpp"

namespace kundehub::cli {
namespace {

struct WelcomeCancelOptions {
  WelcomeTargets targets;
  bool all_queued = false;
};

bool is_in_queue(WelcomeState state) {
  return state == WelcomeState::queued || state == WelcomeState::deferred || state == WelcomeState::uncertain ||
         state == WelcomeState::sending;
}

/// Everybody whose mail is in the queue, of those that are named.
std::vector<ContactOverview> find_queued(const WelcomeCancelOptions& options, Session& session, Store& store) {
  std::vector<ContactOverview> found;
  const auto take = [&](const ContactOverview& contact) {
    if (is_in_queue(contact.welcome)) found.push_back(contact);
  };
  if (options.all_queued) {
    CustomerFilter everyone;
    everyone.archived = ArchivedFilter::all;
    store.each_contact(everyone, session.now(), take);
  } else {
    each_target(session, store, options.targets, [&](const ContactOverview& contact, TargetKind) { take(contact); });
  }
  return found;
}

ExitCode run_welcome_cancel(const WelcomeCancelOptions& options, Session& session) {
  if (options.targets.targets.empty() != options.all_queued) {
    throw Error(ErrorKind::usage, "name customers or contacts, or give --all-queued", "kundehub help welcome cancel");
  }
  if (options.all_queued) {
    const std::size_t mails = find_queued(options, session, session.store()).size();
    if (mails > 0) session.confirm(fmt::format("Take {} mail{} out of the queue?", mails, mails == 1 ? "" : "s"));
  }
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  RecordWriter writer(session.out(), session.options().output, welcome_kind, RecordWriter::Shape::many);
  std::vector<Record> records;
  for (const ContactOverview& contact : find_queued(options, session, store)) {
    if (operation->cancel_welcome(contact.contact.id)) {
      records.push_back(welcome_record(contact, store.welcomes_of(contact.contact.id, session.now()).front()));
    } else {
      session.warn(fmt::format("the mail to {} is just being sent: it cannot be called back", describe(contact)));
    }
  }
  operation->commit();
  if (records.empty()) session.note("no mail was in the queue");
  for (const Record& record : records) writer.add(record);
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_welcome_cancel(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<WelcomeCancelOptions>();
  CLI::App* cancel = add_verb(parent, "cancel", "take mails out of the queue", options, run_welcome_cancel, chosen);
  add_welcome_targets(*cancel, options->targets);
  cancel->add_flag("--all-queued", options->all_queued, "everything that waits");
}

}  // namespace kundehub::cli

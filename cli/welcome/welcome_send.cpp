#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/welcome/personal_message.hpp"
#include "cli/welcome/plan_run.hpp"
#include "cli/welcome/targets.hpp"

namespace kundehub::cli {
namespace {

struct WelcomeSendOptions {
  WelcomeTargets targets;
  PersonalMessage message;
  std::string link = "keep";
  bool never_sent = false, queue = false;
};

SendPlan plan(const WelcomeTargets& targets, Session& session, Store& store) {
  SendPlan plan;
  if (!targets.any()) {
    store.each_contact(targets.filters.filter(session), session.now(), [&](const ContactOverview& contact) {
      plan.lines.push_back(plan_send(contact, TargetKind::selection));
    });
  } else {
    plan.unknown = each_target(session, store, targets, [&](const ContactOverview& contact, TargetKind target) {
      plan.lines.push_back(plan_send(contact, target));
    });
  }
  return plan;
}

ExitCode run_welcome_send(const WelcomeSendOptions& options, Session& session) {
  options.targets.check(options.never_sent, "--never-sent");
  options.message.check_beside(options.targets.ids_from);
  const WelcomeTargets targets = options.targets.with_list(session);
  return run_plan(session, {.plan = [&](Store& store) { return plan(targets, session, store); },
                            .link = parse_link_policy(options.link),
                            .when = options.queue ? SendWhen::queued : SendWhen::now,
                            .message = options.message.read(session),
                            .selected = !targets.any()});
}

}  // namespace

void add_welcome_send(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<WelcomeSendOptions>();
  CLI::App* send =
      add_verb(parent, "send", "send the welcome mail to whoever never got one", options, run_welcome_send, chosen);
  add_welcome_targets(*send, options->targets);
  send->add_flag("--never-sent", options->never_sent, "everyone with access who never got one");
  send->add_option("--link", options->link, "keep the link that is out, or rotate: a new one ends it")
      ->type_name("keep|rotate");
  add_personal_message(*send, options->message);
  send->add_flag("--queue", options->queue, "leave it to the next welcome deliver");
}

}  // namespace kundehub::cli

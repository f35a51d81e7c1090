#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/welcome/plan_run.hpp"
#include "cli/welcome/targets.hpp"

namespace kundehub::cli {
namespace {

struct WelcomeSendOptions {
  WelcomeTargets targets;
  std::string link = "keep";
  bool never_sent = false, queue = false;
};

SendPlan plan(const WelcomeSendOptions& options, Session& session, Store& store) {
  SendPlan plan;
  if (options.never_sent) {
    store.each_contact({}, session.now(), [&](const ContactOverview& contact) {
      plan.lines.push_back(plan_send(contact, TargetKind::selection));
    });
  } else {
    plan.unknown = each_target(session, store, options.targets, [&](const ContactOverview& contact, TargetKind target) {
      plan.lines.push_back(plan_send(contact, target));
    });
  }
  return plan;
}

ExitCode run_welcome_send(const WelcomeSendOptions& options, Session& session) {
  if (options.never_sent && !options.targets.targets.empty()) {
    throw Error(ErrorKind::usage, "--never-sent selects by itself: it goes without customers and contacts");
  }
  if (options.targets.targets.empty() != options.never_sent) {
    throw Error(ErrorKind::usage, "name the customers or contacts to write to, or give --never-sent",
                "kundehub help welcome send");
  }
  return run_plan(session, {.plan = [&](Store& store) { return plan(options, session, store); },
                            .link = parse_link_policy(options.link),
                            .when = options.queue ? SendWhen::queued : SendWhen::now,
                            .selected = options.never_sent});
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
  send->add_flag("--queue", options->queue, "leave it to the next welcome deliver");
}

}  // namespace kundehub::cli

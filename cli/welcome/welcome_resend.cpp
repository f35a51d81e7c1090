#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/welcome/personal_message.hpp"
#include "cli/welcome/plan_run.hpp"
#include "cli/welcome/targets.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct WelcomeResendOptions {
  WelcomeTargets targets;
  PersonalMessage message;
  std::string link = "keep";
  std::optional<std::string> older_than, min_gap, max_sends, sent_since;
  bool unused = false, queue = false;
};

ResendPolicy read_policy(const WelcomeResendOptions& options, Session& session) {
  const auto& defaults = session.config().welcome;
  ResendPolicy policy{defaults.older_than, defaults.min_gap, defaults.max_sends, std::nullopt};
  if (options.older_than) policy.older_than = parse_duration(*options.older_than);
  if (options.min_gap) policy.min_gap = parse_duration(*options.min_gap);
  if (options.max_sends) policy.max_sends = parse_count("--max-sends", *options.max_sends, 1);
  if (options.sent_since) policy.sent_since = parse_date(*options.sent_since, session.now());
  return policy;
}

SendPlan plan(const WelcomeResendOptions& options, const WelcomeTargets& targets, const ResendPolicy& policy,
              Session& session, Store& store) {
  SendPlan plan;
  const Time now = session.now();
  if (!targets.any()) {
    store.each_contact(targets.filters.filter(session), now, [&](const ContactOverview& contact) {
      plan.lines.push_back(options.unused ? plan_unused(contact, policy, now)
                                          : plan_resend(contact, TargetKind::selection));
    });
  } else {
    plan.unknown = each_target(session, store, targets, [&](const ContactOverview& contact, TargetKind target) {
      plan.lines.push_back(plan_resend(contact, target));
    });
  }
  return plan;
}

void check_options(const WelcomeResendOptions& options) {
  options.targets.check(options.unused, "--unused");
  if (!options.unused && (options.older_than || options.min_gap || options.max_sends || options.sent_since)) {
    throw Error(ErrorKind::usage, tr("--older-than, --min-gap, --max-sends and --sent-since go with --unused"),
                "kundehub help welcome resend");
  }
}

ExitCode run_welcome_resend(const WelcomeResendOptions& options, Session& session) {
  check_options(options);
  const ResendPolicy policy = read_policy(options, session);
  options.message.check_beside(options.targets.ids_from);
  const WelcomeTargets targets = options.targets.with_list(session);
  return run_plan(session, {.plan = [&](Store& store) { return plan(options, targets, policy, session, store); },
                            .link = parse_link_policy(options.link),
                            .when = options.queue ? SendWhen::queued : SendWhen::now,
                            .message = options.message.read(session),
                            .selected = !targets.any()});
}

}  // namespace

void add_welcome_resend(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<WelcomeResendOptions>();
  CLI::App* resend = add_verb(parent, "resend", "send the welcome mail again", options, run_welcome_resend, chosen);
  add_welcome_targets(*resend, options->targets);
  resend->add_flag("--unused", options->unused, "everyone who has access, got a mail and has not used the link");
  resend->add_option("--older-than", options->older_than, "with --unused: last mail so long ago (3d)")->type_name("D");
  resend->add_option("--min-gap", options->min_gap, "with --unused: never sooner than this after the last mail (24h)")
      ->type_name("D");
  resend->add_option("--max-sends", options->max_sends, "with --unused: at most so many mails in all (3)")
      ->type_name("N");
  resend->add_option("--sent-since", options->sent_since, "with --unused: last mail not before this")
      ->type_name("DATE");
  resend->add_option("--link", options->link, "keep the link that is out, or rotate: a new one ends it")
      ->type_name("keep|rotate");
  add_personal_message(*resend, options->message);
  resend->add_flag("--queue", options->queue, "leave it to the next welcome deliver");
}

}  // namespace kundehub::cli

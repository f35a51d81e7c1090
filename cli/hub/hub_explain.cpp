#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/contact/contact_options.hpp"
#include "cli/options.hpp"
#include "cli/output_style.hpp"
#include "cli/records.hpp"
#include "core/model/access.hpp"
#include "core/service/hub_access.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct HubExplainOptions {
  ContactTargets target;
  std::optional<std::string> module;
};

const RecordKind chain_kind{{"condition", "holds", "since", "text", "remedy"},
                            {"condition", "holds", "since", "text"},
                            [](const Record& record) { return record.at("condition").get<std::string>(); }};

Record link_record(const AccessLink& link) {
  Record record = Record::object();
  record["condition"] = to_string(link.condition);
  record["holds"] = link.holds;
  record["since"] = time_value(link.since);
  record["text"] = link.text;
  record["remedy"] = text_value(link.remedy);
  return record;
}

/// "may log in", "may not log in", "may log in, but may not use projects".
std::string verdict(const std::vector<AccessLink>& chain, const std::optional<std::string>& module) {
  if (may_log_in(chain)) return module ? tr("may log in and use {}", *module) : tr("may log in");
  const auto broken = std::find_if(chain.begin(), chain.end(), [](const AccessLink& link) { return !link.holds; });
  const bool only_module = broken->condition == AccessCondition::module;
  return only_module ? tr("may log in, but may not use {}", *module) : tr("may not log in");
}

void print_for_people(Session& session, const ContactOverview& contact, const std::vector<AccessLink>& chain,
                      const std::optional<std::string>& module) {
  session.out() << text::for_terminal(tr("{} of customer {} ({}) {}", describe(contact), contact.customer_number.text(),
                                         contact.customer_name, verdict(chain, module)))
                << '\n';
  for (const AccessLink& link : chain) {
    const std::string since = link.since ? tr(" (since {})", format_local(*link.since)) : "";
    const std::string answer = fmt::format("{:<3}", link.holds ? tr("yes") : tr("no"));
    session.out() << "  " << colored(session.options().output, link.holds ? Style::good : Style::bad, answer) << ' '
                  << text::for_terminal(link.text + since) << '\n';
    if (!link.remedy.empty()) session.out() << text::for_terminal(fmt::format("        {}", link.remedy)) << '\n';
  }
}

ExitCode run_hub_explain(const HubExplainOptions& options, Session& session) {
  Store& store = session.store();
  if (options.module) check_modules(store, {*options.module});
  const ContactOverview contact = options.target.find_one(session, store);
  const auto chain = access_chain(contact, session.now(), options.module);
  if (session.options().output.format.value_or(Format::table) == Format::table &&
      session.options().output.fields.empty()) {
    print_for_people(session, contact, chain, options.module);
  } else {
    RecordWriter writer(session.out(), session.options().output, chain_kind, RecordWriter::Shape::many);
    for (const AccessLink& link : chain) writer.add(link_record(link));
    writer.finish();
  }
  return may_log_in(chain) ? ExitCode::ok : ExitCode::no;
}

}  // namespace

void add_hub_explain(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<HubExplainOptions>();
  CLI::App* explain = add_verb(parent, "explain", "why a contact may log in, or may not; exit 0 or 10", options,
                               run_hub_explain, chosen);
  add_contact_target(*explain, options->target);
  explain->add_option("--module", options->module, "may the contact use this module")->type_name("MODULE");
}

}  // namespace kundehub::cli

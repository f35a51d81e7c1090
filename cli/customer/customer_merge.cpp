#include "core/service/customer_merge.hpp"

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/customer/customer_page.hpp"
#include "cli/hub/access_report.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/welcome/sending.hpp"
#include "core/service/lookup.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct CustomerMergeOptions {
  std::string from, into;
  std::optional<std::string> prefer;
};

std::optional<MergeSide> parse_side(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  if (*text == "from") return MergeSide::from;
  if (*text == "into") return MergeSide::into;
  throw Error(ErrorKind::usage, tr("--prefer takes from or into, not {}", text::quoted(*text)));
}

/// Shows every conflict. Throws Error{conflict} unless it was said whose value counts.
void settle_conflicts(Session& session, const Customer& from, const Customer& into, std::optional<MergeSide> preferred,
                      const std::vector<MergeConflict>& conflicts) {
  const bool takes_from = preferred == MergeSide::from;
  for (const MergeConflict& conflict : conflicts) {
    const std::string text = tr("{}: {} at {}, {} at {}", conflict.field, text::quoted(conflict.from),
                                from.number.text(), text::quoted(conflict.into), into.number.text());
    if (preferred) {
      session.note(tr("{}: {} is kept", text, text::quoted(takes_from ? conflict.from : conflict.into)));
    } else {
      session.warn(text);
    }
  }
  if (conflicts.empty() || preferred) return;
  std::vector<std::string> fields;
  for (const MergeConflict& conflict : conflicts) fields.push_back(conflict.field);
  throw Error(ErrorKind::conflict,
              tr("customers {} and {} differ in {}", from.number.text(), into.number.text(), fmt::join(fields, ", ")),
              tr("say whose values count: --prefer from, or --prefer into"));
}

/// What somebody agrees to.
struct MergePlan {
  Customer from, into;
  std::vector<MergeConflict> conflicts;
  std::vector<ContactId> moving;

  [[nodiscard]] bool is_same(const MergePlan& other) const {
    return from.id == other.from.id && into.id == other.into.id && conflicts == other.conflicts &&
           moving == other.moving;
  }
};

MergePlan make_plan(Session& session, Store& store, const CustomerMergeOptions& options) {
  const Customer from = find_customer(store, options.from), into = find_customer(store, options.into);
  check_mergeable(store, from, into, session.now());
  std::vector<ContactId> moving;
  for (const ContactOverview& contact : contacts_of(store, from.id, session.now()))
    moving.push_back(contact.contact.id);
  return {from, into, merge_conflicts(store, from, into, session.now()), moving};
}

MergePlan confirm(Session& session, const CustomerMergeOptions& options) {
  Store& store = session.store();
  MergePlan plan = make_plan(session, store, options);
  settle_conflicts(session, plan.from, plan.into, parse_side(options.prefer), plan.conflicts);
  session.confirm(tr_n("Move {} contact and the history of customer {} to {}, and delete {}?",
                       "Move {} contacts and the history of customer {} to {}, and delete {}?", plan.moving.size(),
                       plan.moving.size(), name_customers(store, {plan.from.id}), name_customers(store, {plan.into.id}),
                       plan.from.number.text()));
  return plan;
}

ExitCode run_customer_merge(const CustomerMergeOptions& options, Session& session) {
  check_fields(session.options().output, customer_page_kind);
  const auto preferred = parse_side(options.prefer);
  const MergePlan agreed = confirm(session, options);

  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const MergePlan plan = make_plan(session, store, options);
  if (!plan.is_same(agreed)) {
    throw Error(ErrorKind::temporary, tr("somebody has changed these customers meanwhile: nothing was changed"),
                tr("run the command again"));
  }
  const Customer &from = plan.from, &into = plan.into;
  const auto before = contacts_of_all(session, store, {from.id, into.id});
  merge_customers(*operation, store, from, into, preferred.value_or(MergeSide::into));
  const auto after = contacts_of(store, into.id, session.now());
  if (from.data.name != into.data.name)
    session.note(tr("customer {} keeps its name; the name {} goes", into.number.text(), text::quoted(from.data.name)));
  const Record page = customer_page(store, into.id, session.now());
  session.commit(*operation);
  tell_of_lost_invitations(session, before, after);
  if (!session.options().dry_run && into.data.hub == HubSwitch::on) tell_if_nobody(session, store, {into.id});
  print_customer_page(session, page);
  return ExitCode::ok;
}

}  // namespace

void add_customer_merge(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<CustomerMergeOptions>();
  CLI::App* merge =
      add_verb(parent, "merge", "make one customer of two records of it", options, run_customer_merge, chosen);
  merge->add_option("from", options->from, "the customer that is deleted when all it has has moved")
      ->required()
      ->type_name("FROM");
  merge->add_option("into", options->into, "the customer that stays, with its number and name")
      ->required()
      ->type_name("INTO");
  merge->add_option("--prefer", options->prefer, "whose value counts where both have one")->type_name("from|into");
}

}  // namespace kundehub::cli

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/welcome/targets.hpp"

namespace kundehub::cli {
namespace {

struct WelcomeStatusOptions {
  WelcomeTargets targets;
  std::vector<std::string> states;
  std::optional<std::string> template_hash, sent_since, sent_before;
};

/// Which mails are shown.
struct StatusFilter {
  std::vector<WelcomeState> states;  ///< empty: any
  std::optional<std::string> template_hash;
  std::optional<Time> sent_since, sent_before;

  [[nodiscard]] bool is_any() const { return states.empty() && is_any_mail(); }
  [[nodiscard]] bool is_any_mail() const { return !template_hash && !sent_since && !sent_before; }

  [[nodiscard]] bool wants(WelcomeState state) const {
    return states.empty() || std::ranges::find(states, state) != states.end();
  }

  [[nodiscard]] bool wants(const Welcome& mail) const {
    if (!wants(mail.state) || (template_hash && mail.template_hash != *template_hash)) return false;
    if ((sent_since || sent_before) && !mail.sent_at) return false;
    return (!sent_since || *mail.sent_at >= *sent_since) && (!sent_before || *mail.sent_at < *sent_before);
  }
};

const RecordKind try_kind{{"contact", "customer", "email", "message_id", "number", "at", "outcome", "stage", "reply"},
                          {"contact", "email", "number", "at", "outcome", "stage", "reply"},
                          [](const Record& record) { return record.at("contact").get<std::string>(); }};

/// Prints each contact's latest mail if it is wanted; with --verbose every mail that is.
class StatusPrinter {
 public:
  StatusPrinter(Session& session, StatusFilter filter)
      : m_session(session),
        m_filter(std::move(filter)),
        m_writer(session.out(), session.options().output, as_tries() ? try_kind : welcome_kind,
                 RecordWriter::Shape::many) {}

  void print(const ContactOverview& contact) {
    const auto mails = m_session.store().welcomes_of(contact.contact.id, m_session.now());
    const bool wants_none = m_filter.is_any_mail() && !m_filter.is_any() && m_filter.wants(WelcomeState::none);
    if (mails.empty() && wants_none) m_writer.add(never_invited(contact));
    for (const Welcome& welcome : mails) {
      if (m_filter.wants(welcome)) add(contact, welcome);
      if (!m_session.options().verbose) return;
    }
  }

  void finish() { m_writer.finish(); }

 private:
  /// People read one line a try; scripts find the tries in each mail's `answers`.
  [[nodiscard]] bool as_tries() const {
    const GlobalOptions& options = m_session.options();
    return options.verbose && options.output.format.value_or(Format::table) == Format::table &&
           options.output.fields.empty();
  }

  void add(const ContactOverview& contact, const Welcome& welcome) {
    Record record = welcome_record(contact, welcome);
    if (!m_session.options().verbose) return m_writer.add(record);
    record["answers"] = Record::array();
    for (const WelcomeTry& attempt : m_session.store().tries_of(welcome.id)) {
      Record answer = to_record(attempt);
      record["answers"].push_back(answer);
      for (const char* key : {"contact", "customer", "email", "message_id"}) answer[key] = record[key];
      if (as_tries()) m_writer.add(answer);
    }
    if (!as_tries()) m_writer.add(record);
  }

  static Record never_invited(const ContactOverview& contact) {
    const Record person = to_record(contact, {});
    Record record = Record::object();
    for (const std::string_view field : welcome_kind.fields) record[std::string(field)] = nullptr;
    record["contact"] = person.at("id");
    record["customer"] = person.at("customer");
    record["name"] = contact.contact.data.full_name();
    record["email"] = person.at("email");
    record["state"] = to_string(WelcomeState::none);
    return record;
  }

  Session& m_session;
  StatusFilter m_filter;
  RecordWriter m_writer;
};

StatusFilter read_filter(const WelcomeStatusOptions& options, Session& session) {
  StatusFilter filter;
  for (const std::string& state : options.states) filter.states.push_back(parse_welcome_state(state));
  filter.template_hash = options.template_hash;
  if (options.sent_since) filter.sent_since = parse_date(*options.sent_since, session.now());
  if (options.sent_before) filter.sent_before = parse_date(*options.sent_before, session.now());
  return filter;
}

ExitCode run_welcome_status(const WelcomeStatusOptions& options, Session& session) {
  if (options.targets.any()) options.targets.check(false, "");
  StatusPrinter printer(session, read_filter(options, session));
  std::vector<Error> unknown;
  if (!options.targets.any()) {
    CustomerFilter filter = options.targets.filters.filter(session);
    filter.archived = ArchivedFilter::all;
    session.store().each_contact(filter, session.now(),
                                 [&](const ContactOverview& contact) { printer.print(contact); });
  } else {
    unknown = each_target(
        session, session.store(), options.targets.with_list(session),
        [&](const ContactOverview& contact, TargetKind) { printer.print(contact); }, EmptyCustomer::skip);
  }
  printer.finish();
  for (const Error& error : unknown) session.warn_of_refusal(error);
  return unknown.empty() ? ExitCode::ok : ExitCode::partial;
}

}  // namespace

void add_welcome_status(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<WelcomeStatusOptions>();
  CLI::App* status =
      add_verb(parent, "status", "where each contact's latest mail stands; with --verbose every mail and try", options,
               run_welcome_status, chosen);
  add_welcome_targets(*status, options->targets);
  add_repeated(*status, "--state", options->states, "only mails in this state; several times")->type_name("STATE");
  status->add_option("--template", options->template_hash, "only mails of this wording, as the field template shows it")
      ->type_name("HASH");
  status->add_option("--sent-since", options->sent_since, "only mails that left at this time or later")
      ->type_name("DATE");
  status->add_option("--sent-before", options->sent_before, "only mails that left before this time")->type_name("DATE");
}

}  // namespace kundehub::cli

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
};

const RecordKind try_kind{{"contact", "customer", "email", "message_id", "number", "at", "outcome", "stage", "reply"},
                          {"contact", "email", "number", "at", "outcome", "stage", "reply"},
                          [](const Record& record) { return record.at("contact").get<std::string>(); }};

/// Prints each mail of a contact that is in one of the wanted states: without --verbose, and without states, the
/// latest.
class StatusPrinter {
 public:
  StatusPrinter(Session& session, std::vector<WelcomeState> states)
      : m_session(session),
        m_states(std::move(states)),
        m_writer(session.out(), session.options().output, as_tries() ? try_kind : welcome_kind,
                 RecordWriter::Shape::many) {}

  void print(const ContactOverview& contact) {
    const auto mails = m_session.store().welcomes_of(contact.contact.id, m_session.now());
    if (mails.empty() && wants(WelcomeState::none) && !m_states.empty()) m_writer.add(never_invited(contact));
    for (const Welcome& welcome : mails) {
      if (wants(welcome.state)) add(contact, welcome);
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

  [[nodiscard]] bool wants(WelcomeState state) const {
    return m_states.empty() || std::find(m_states.begin(), m_states.end(), state) != m_states.end();
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
    Record record;
    for (const std::string_view field : welcome_kind.fields) record[std::string(field)] = nullptr;
    record["contact"] = person.at("id");
    record["customer"] = person.at("customer");
    record["name"] = contact.contact.data.full_name();
    record["email"] = person.at("email");
    record["state"] = to_string(WelcomeState::none);
    return record;
  }

  Session& m_session;
  std::vector<WelcomeState> m_states;
  RecordWriter m_writer;
};

ExitCode run_welcome_status(const WelcomeStatusOptions& options, Session& session) {
  std::vector<WelcomeState> states;
  for (const std::string& state : options.states) states.push_back(parse_welcome_state(state));
  StatusPrinter printer(session, std::move(states));
  std::vector<Error> unknown;
  if (options.targets.targets.empty()) {
    CustomerFilter everyone;
    everyone.archived = ArchivedFilter::all;
    session.store().each_contact(everyone, session.now(),
                                 [&](const ContactOverview& contact) { printer.print(contact); });
  } else {
    unknown = each_target(
        session, session.store(), options.targets,
        [&](const ContactOverview& contact, TargetKind) { printer.print(contact); }, EmptyCustomer::skip);
  }
  printer.finish();
  for (const Error& error : unknown) session.warn(error.what(), error.hint());
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
}

}  // namespace kundehub::cli

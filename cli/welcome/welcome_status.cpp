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

/// Prints each mail of a contact that is in one of the wanted states.
class StatusPrinter {
 public:
  StatusPrinter(Session& session, std::vector<WelcomeState> states)
      : m_session(session),
        m_states(std::move(states)),
        m_writer(session.out(), session.options().output, welcome_kind, RecordWriter::Shape::many) {}

  void print(const ContactOverview& contact) {
    Store& store = m_session.store();
    const bool only_latest = m_states.empty() && !m_session.options().verbose;
    for (const Welcome& welcome : store.welcomes_of(contact.contact.id, m_session.now())) {
      if (!m_states.empty() && std::find(m_states.begin(), m_states.end(), welcome.state) == m_states.end()) continue;
      m_writer.add(record(contact, welcome));
      if (only_latest) return;
    }
  }

  void finish() { m_writer.finish(); }

 private:
  Record record(const ContactOverview& contact, const Welcome& welcome) {
    Record record = welcome_record(contact, welcome);
    if (m_session.options().verbose) {
      record["answers"] = Record::array();
      for (const WelcomeTry& attempt : m_session.store().tries_of(welcome.id))
        record["answers"].push_back(to_record(attempt));
    } else {
      record["answers"] = nullptr;
    }
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
  if (options.targets.targets.empty()) {
    CustomerFilter everyone;
    everyone.archived = ArchivedFilter::all;
    session.store().each_contact(everyone, session.now(),
                                 [&](const ContactOverview& contact) { printer.print(contact); });
  } else {
    each_target(session, session.store(), options.targets,
                [&](const ContactOverview& contact, TargetKind) { printer.print(contact); });
  }
  printer.finish();
  return ExitCode::ok;
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

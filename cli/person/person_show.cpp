#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/person/person_options.hpp"

namespace kundehub::cli {
namespace {

struct PersonShowOptions {
  std::string email;
};

ExitCode run_person_show(const PersonShowOptions& options, Session& session) {
  print_person(session, find_person(session, session.store(), options.email));
  return ExitCode::ok;
}

}  // namespace

void add_person_show(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<PersonShowOptions>();
  CLI::App* show =
      add_verb(parent, "show", "every customer at which a person is a contact", options, run_person_show, chosen);
  add_person(*show, options->email);
}

}  // namespace kundehub::cli

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/person/person_options.hpp"
#include "cli/welcome/sending.hpp"
#include "core/service/contacts.hpp"

namespace kundehub::cli {
namespace {

struct PersonRevokeOptions {
  std::string email;
};

ExitCode run_person_revoke(const PersonRevokeOptions& options, Session& session) {
  check_fields(session.options().output, person_kind);
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const auto before = find_person(session, store, options.email);
  for (const ContactOverview& contact : before) {
    ContactData after = contact.contact.data;
    after.hub = HubSwitch::off;
    edit_contact(*operation, store, contact, after);
  }
  const auto after = look_again(session, store, before);
  session.commit(*operation);
  tell_of_lost_invitations(session, before, after);
  print_person(session, after);
  return ExitCode::ok;
}

}  // namespace

void add_person_revoke(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<PersonRevokeOptions>();
  CLI::App* revoke =
      add_verb(parent, "revoke", "end a person's access at every customer", options, run_person_revoke, chosen);
  add_person(*revoke, options->email);
}

}  // namespace kundehub::cli

#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "cli/exit_code.hpp"

namespace CLI {
class App;
}

namespace kundehub::cli {

class Session;
struct RecordKind;

/// What the parser leaves behind: the one thing to do. Parsing never acts.
using Action = std::function<ExitCode(Session&)>;

/// One command: `kundehub NOUN VERB`, or `kundehub VERB` where there is no noun.
struct Command {
  std::string_view noun, verb;
  void (*add)(CLI::App& parent, Action& chosen);  ///< puts the verb's parser below `parent`
  const RecordKind* kind = nullptr;               ///< of the records it prints, where that is one kind
};

/// The table of contents, in the order of the help.
std::span<const Command> commands();

/// What a noun stands for; empty for an unknown one.
std::string_view describe_noun(std::string_view noun);

void add_init(CLI::App& parent, Action& chosen);
void add_customer_add(CLI::App& parent, Action& chosen);
void add_customer_list(CLI::App& parent, Action& chosen);
void add_customer_show(CLI::App& parent, Action& chosen);
void add_customer_edit(CLI::App& parent, Action& chosen);
void add_customer_archive(CLI::App& parent, Action& chosen);
void add_customer_unarchive(CLI::App& parent, Action& chosen);
void add_customer_delete(CLI::App& parent, Action& chosen);
void add_customer_convert(CLI::App& parent, Action& chosen);
void add_customer_merge(CLI::App& parent, Action& chosen);
void add_customer_search(CLI::App& parent, Action& chosen);
void add_customer_import(CLI::App& parent, Action& chosen);
void add_customer_export(CLI::App& parent, Action& chosen);
void add_contact_add(CLI::App& parent, Action& chosen);
void add_contact_list(CLI::App& parent, Action& chosen);
void add_contact_show(CLI::App& parent, Action& chosen);
void add_contact_edit(CLI::App& parent, Action& chosen);
void add_contact_delete(CLI::App& parent, Action& chosen);
void add_module_list(CLI::App& parent, Action& chosen);
void add_module_add(CLI::App& parent, Action& chosen);
void add_module_edit(CLI::App& parent, Action& chosen);
void add_module_delete(CLI::App& parent, Action& chosen);
void add_person_show(CLI::App& parent, Action& chosen);
void add_person_edit(CLI::App& parent, Action& chosen);
void add_person_export(CLI::App& parent, Action& chosen);
void add_person_erase(CLI::App& parent, Action& chosen);
void add_person_revoke(CLI::App& parent, Action& chosen);
void add_hub_grant(CLI::App& parent, Action& chosen);
void add_hub_revoke(CLI::App& parent, Action& chosen);
void add_hub_status(CLI::App& parent, Action& chosen);
void add_hub_explain(CLI::App& parent, Action& chosen);
void add_hub_open(CLI::App& parent, Action& chosen);
void add_hub_logins(CLI::App& parent, Action& chosen);
void add_portal_redeem(CLI::App& parent, Action& chosen);
void add_portal_check(CLI::App& parent, Action& chosen);
void add_portal_login(CLI::App& parent, Action& chosen);
void add_welcome_send(CLI::App& parent, Action& chosen);
void add_welcome_resend(CLI::App& parent, Action& chosen);
void add_welcome_deliver(CLI::App& parent, Action& chosen);
void add_welcome_bounces(CLI::App& parent, Action& chosen);
void add_welcome_status(CLI::App& parent, Action& chosen);
void add_welcome_preview(CLI::App& parent, Action& chosen);
void add_welcome_cancel(CLI::App& parent, Action& chosen);
void add_template_list(CLI::App& parent, Action& chosen);
void add_template_show(CLI::App& parent, Action& chosen);
void add_template_edit(CLI::App& parent, Action& chosen);
void add_template_check(CLI::App& parent, Action& chosen);
void add_template_path(CLI::App& parent, Action& chosen);
void add_config_list(CLI::App& parent, Action& chosen);
void add_config_get(CLI::App& parent, Action& chosen);
void add_config_set(CLI::App& parent, Action& chosen);
void add_config_unset(CLI::App& parent, Action& chosen);
void add_config_check(CLI::App& parent, Action& chosen);
void add_config_path(CLI::App& parent, Action& chosen);
void add_db_status(CLI::App& parent, Action& chosen);
void add_db_check(CLI::App& parent, Action& chosen);
void add_db_migrate(CLI::App& parent, Action& chosen);
void add_db_backup(CLI::App& parent, Action& chosen);
void add_db_restore(CLI::App& parent, Action& chosen);
void add_db_key(CLI::App& parent, Action& chosen);
void add_undo(CLI::App& parent, Action& chosen);

void add_log(CLI::App& parent, Action& chosen);
void add_batch(CLI::App& parent, Action& chosen);
void add_completion(CLI::App& parent, Action& chosen);
void add_doctor(CLI::App& parent, Action& chosen);

}  // namespace kundehub::cli

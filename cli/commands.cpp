#include "cli/commands.hpp"

#include <array>

#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

constexpr std::array table{
    Command{"", "init", add_init},
    Command{"customer", "add", add_customer_add},
    Command{"customer", "list", add_customer_list},
    Command{"customer", "show", add_customer_show},
    Command{"customer", "edit", add_customer_edit},
    Command{"customer", "archive", add_customer_archive},
    Command{"customer", "unarchive", add_customer_unarchive},
    Command{"customer", "delete", add_customer_delete},
    Command{"customer", "convert", add_customer_convert},
    Command{"customer", "merge", add_customer_merge},
    Command{"customer", "search", add_customer_search},
    Command{"customer", "import", add_customer_import},
    Command{"customer", "export", add_customer_export},
    Command{"contact", "add", add_contact_add},
    Command{"contact", "list", add_contact_list},
    Command{"contact", "show", add_contact_show},
    Command{"contact", "edit", add_contact_edit},
    Command{"contact", "delete", add_contact_delete},
    Command{"module", "list", add_module_list},
    Command{"module", "add", add_module_add},
    Command{"module", "edit", add_module_edit},
    Command{"module", "delete", add_module_delete},
    Command{"person", "show", add_person_show},
    Command{"person", "edit", add_person_edit},
    Command{"person", "revoke", add_person_revoke},
    Command{"person", "export", add_person_export},
    Command{"person", "erase", add_person_erase},
    Command{"hub", "grant", add_hub_grant},
    Command{"hub", "revoke", add_hub_revoke},
    Command{"hub", "status", add_hub_status},
    Command{"hub", "explain", add_hub_explain},
    Command{"hub", "open", add_hub_open},
    Command{"hub", "logins", add_hub_logins},
    Command{"portal", "redeem", add_portal_redeem},
    Command{"portal", "check", add_portal_check},
    Command{"portal", "login", add_portal_login},
    Command{"welcome", "send", add_welcome_send},
    Command{"welcome", "resend", add_welcome_resend},
    Command{"welcome", "deliver", add_welcome_deliver},
    Command{"welcome", "bounces", add_welcome_bounces},
    Command{"welcome", "status", add_welcome_status},
    Command{"welcome", "preview", add_welcome_preview},
    Command{"welcome", "cancel", add_welcome_cancel},
    Command{"template", "list", add_template_list},
    Command{"template", "show", add_template_show},
    Command{"template", "edit", add_template_edit},
    Command{"template", "check", add_template_check},
    Command{"template", "path", add_template_path},
    Command{"config", "list", add_config_list},
    Command{"config", "get", add_config_get},
    Command{"config", "set", add_config_set},
    Command{"config", "unset", add_config_unset},
    Command{"config", "check", add_config_check},
    Command{"config", "path", add_config_path},
    Command{"db", "status", add_db_status},
    Command{"db", "check", add_db_check},
    Command{"db", "migrate", add_db_migrate},
    Command{"db", "backup", add_db_backup},
    Command{"db", "restore", add_db_restore},
    Command{"db", "key", add_db_key},
    Command{"", "log", add_log},
    Command{"", "undo", add_undo},
    Command{"", "batch", add_batch},
};

struct Noun {
  std::string_view name, description;
};

constexpr std::array nouns{
    Noun{"customer", translatable("private persons and businesses")},
    Noun{"contact", translatable("the people who may log in for a customer")},
    Noun{"person", translatable("one human being at all customers")},
    Noun{"module", translatable("the parts of the HUB")},
    Noun{"hub", translatable("who may log in, and why")},
    Noun{"portal", translatable("what the portal's program asks and tells")},
    Noun{"welcome", translatable("the mails that carry the login link")},
    Noun{"template", translatable("the words of the welcome mails")},
    Noun{"config", translatable("settings")},
    Noun{"db", translatable("the database, its backups and its link key")},
};

}  // namespace

std::span<const Command> commands() {
  return table;
}

std::string_view describe_noun(std::string_view noun) {
  for (const Noun& known : nouns) {
    if (known.name == noun) return known.description;
  }
  return {};
}

}  // namespace kundehub::cli

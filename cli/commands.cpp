#include "cli/commands.hpp"

#include <array>

#include "cli/customer/import_report.hpp"
#include "cli/db/status_record.hpp"
#include "cli/person/person_options.hpp"
#include "cli/records.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

constexpr std::array table{
    Command{"", "init", add_init},
    Command{"customer", "add", add_customer_add, &customer_page_kind},
    Command{"customer", "list", add_customer_list, &customer_kind},
    Command{"customer", "show", add_customer_show, &customer_page_kind},
    Command{"customer", "edit", add_customer_edit, &customer_page_kind},
    Command{"customer", "archive", add_customer_archive, &customer_kind},
    Command{"customer", "unarchive", add_customer_unarchive, &customer_kind},
    Command{"customer", "delete", add_customer_delete, &customer_kind},
    Command{"customer", "convert", add_customer_convert, &customer_page_kind},
    Command{"customer", "merge", add_customer_merge, &customer_page_kind},
    Command{"customer", "search", add_customer_search, &customer_kind},
    Command{"customer", "import", add_customer_import, &import_kind},
    Command{"customer", "export", add_customer_export},
    Command{"contact", "add", add_contact_add, &contact_kind},
    Command{"contact", "list", add_contact_list, &contact_kind},
    Command{"contact", "show", add_contact_show, &contact_kind},
    Command{"contact", "edit", add_contact_edit, &contact_kind},
    Command{"contact", "delete", add_contact_delete, &contact_kind},
    Command{"module", "list", add_module_list, &module_kind},
    Command{"module", "add", add_module_add, &module_kind},
    Command{"module", "edit", add_module_edit, &module_kind},
    Command{"module", "delete", add_module_delete, &module_kind},
    Command{"person", "show", add_person_show, &person_kind},
    Command{"person", "edit", add_person_edit, &person_kind},
    Command{"person", "revoke", add_person_revoke, &person_kind},
    Command{"person", "export", add_person_export},
    Command{"person", "erase", add_person_erase},
    Command{"hub", "grant", add_hub_grant, &access_kind},
    Command{"hub", "revoke", add_hub_revoke, &access_kind},
    Command{"hub", "status", add_hub_status, &access_kind},
    Command{"hub", "explain", add_hub_explain},
    Command{"hub", "open", add_hub_open},
    Command{"hub", "logins", add_hub_logins, &login_kind},
    Command{"portal", "redeem", add_portal_redeem},
    Command{"portal", "check", add_portal_check},
    Command{"portal", "login", add_portal_login, &login_kind},
    Command{"welcome", "send", add_welcome_send, &welcome_kind},
    Command{"welcome", "resend", add_welcome_resend, &welcome_kind},
    Command{"welcome", "deliver", add_welcome_deliver, &welcome_kind},
    Command{"welcome", "bounces", add_welcome_bounces, &welcome_kind},
    Command{"welcome", "status", add_welcome_status, &welcome_kind},
    Command{"welcome", "preview", add_welcome_preview},
    Command{"welcome", "cancel", add_welcome_cancel, &welcome_kind},
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
    Command{"db", "status", add_db_status, &store_status_kind},
    Command{"db", "check", add_db_check},
    Command{"db", "migrate", add_db_migrate, &store_status_kind},
    Command{"db", "backup", add_db_backup, &store_status_kind},
    Command{"db", "restore", add_db_restore, &store_status_kind},
    Command{"db", "key", add_db_key},
    Command{"", "log", add_log, &operation_kind},
    Command{"", "undo", add_undo, &operation_page_kind},
    Command{"", "batch", add_batch},
    Command{"", "completion", add_completion},
    Command{"", "doctor", add_doctor},
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

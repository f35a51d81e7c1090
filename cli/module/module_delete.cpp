#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/customer/customer_targets.hpp"
#include "cli/module/module_options.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct ModuleDeleteOptions {
  std::string key;
};

/// Those for whom it is on, archived ones too.
std::size_t count_users(Session& session, Store& store, const Module& module) {
  CustomerFilter filter;
  filter.module = module.key;
  filter.archived = ArchivedFilter::all;
  std::size_t users = 0;
  store.each_customer(filter, {}, session.now(), [&](const CustomerOverview&) { ++users; });
  return users;
}

void warn_of_default(Session& session, const std::string& key) {
  const auto& defaults = session.config().new_customer.modules;
  if (std::ranges::find(defaults, key) == defaults.end()) return;
  session.warn(tr("new_customer.modules still names {}: no customer can be added until it is taken out", key),
               tr("kundehub config set new_customer.modules KEY,..."));
}

ExitCode run_module_delete(const ModuleDeleteOptions& options, Session& session) {
  check_fields(session.options().output, module_kind);
  const Module named = find_module(session.store(), options.key);
  const std::size_t agreed = count_users(session, session.store(), named);
  session.confirm(tr("Delete module {} ({}), which is on for {}?", named.key, named.title_en,
                     agreed == 0 ? tr("nobody") : count_customers(agreed)));
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const Module module = find_module(store, options.key);
  if (count_users(session, store, module) > agreed) {
    throw Error(ErrorKind::temporary, tr("somebody has switched the module on meanwhile: nothing was deleted"),
                tr("run the command again"));
  }
  operation->delete_module(module.id);
  session.commit(*operation);
  warn_of_default(session, module.key);
  print_module(session, module);
  return ExitCode::ok;
}

}  // namespace

void add_module_delete(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ModuleDeleteOptions>();
  CLI::App* remove = add_verb(parent, "delete", "delete a module, and switch it off for everybody", options,
                              run_module_delete, chosen);
  remove->add_option("key", options->key, "as kundehub module list names it")->required()->type_name("MODULE");
}

}  // namespace kundehub::cli

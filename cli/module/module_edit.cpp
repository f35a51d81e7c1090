#include "cli/commands.hpp"
#include "cli/module/module_options.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct ModuleEditOptions {
  std::string key;
  ModuleTitles titles;
};

ExitCode run_module_edit(const ModuleEditOptions& options, Session& session) {
  check_fields(session.options().output, module_kind);
  if (!options.titles.da && !options.titles.en)
    throw Error(ErrorKind::usage, tr("nothing to change was given"), "kundehub help module edit");
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  Module module = find_module(store, options.key);
  options.titles.apply(module);
  operation->change_module(module);
  session.commit(*operation);
  print_module(session, module);
  return ExitCode::ok;
}

}  // namespace

void add_module_edit(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ModuleEditOptions>();
  CLI::App* edit = add_verb(parent, "edit", "change a module's titles", options, run_module_edit, chosen);
  edit->add_option("key", options->key, "as kundehub module list names it")->required()->type_name("MODULE");
  add_module_titles(*edit, options->titles);
}

}  // namespace kundehub::cli

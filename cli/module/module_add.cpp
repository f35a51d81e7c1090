#include "cli/commands.hpp"
#include "cli/module/module_options.hpp"
#include "core/model/module.hpp"

namespace kundehub::cli {
namespace {

struct ModuleAddOptions {
  std::string key;
  ModuleTitles titles;
};

ExitCode run_module_add(const ModuleAddOptions& options, Session& session) {
  check_fields(session.options().output, module_kind);
  Module module{{}, parse_module_key(options.key), options.key, options.key};
  options.titles.apply(module);
  if (!options.titles.da && options.titles.en) module.title_da = module.title_en;
  if (!options.titles.en && options.titles.da) module.title_en = module.title_da;
  const auto operation = session.begin_operation(session.writing_store());
  module.id = operation->add_module(module);
  session.commit(*operation);
  print_module(session, module);
  return ExitCode::ok;
}

}  // namespace

void add_module_add(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<ModuleAddOptions>();
  CLI::App* add = add_verb(parent, "add", "add a module to the HUB", options, run_module_add, chosen);
  add->add_option("key", options->key, "what scripts and the portal call it: lower-case letters, digits, - and _")
      ->required()
      ->type_name("KEY");
  add_module_titles(*add, options->titles);
}

}  // namespace kundehub::cli

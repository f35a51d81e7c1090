#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/template/template_options.hpp"

namespace kundehub::cli {
namespace {

ExitCode run_template_show(const TemplateName& name, Session& session) {
  const WelcomeTemplates templates = read_templates(session);
  print_text(session.out(), session.options().output, find_template(session, templates, name).source);
  return ExitCode::ok;
}

}  // namespace

void add_template_show(CLI::App& parent, Action& chosen) {
  auto name = std::make_shared<TemplateName>();
  CLI::App* show = add_verb(parent, "show", "a template as it is in force", name, run_template_show, chosen);
  add_template_name(*show, *name);
}

}  // namespace kundehub::cli

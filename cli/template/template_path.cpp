#include "cli/commands.hpp"
#include "cli/options.hpp"

namespace kundehub::cli {
namespace {

struct TemplatePathOptions {};

ExitCode run_template_path(const TemplatePathOptions&, Session& session) {
  print_text(session.out(), session.options().output, session.template_folder().native());
  return ExitCode::ok;
}

}  // namespace

void add_template_path(CLI::App& parent, Action& chosen) {
  add_verb(parent, "path", "where your own templates are, or would be", std::make_shared<TemplatePathOptions>(),
           run_template_path, chosen);
}

}  // namespace kundehub::cli

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/template/template_options.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

void warn_of_built_in(Session& session, const WelcomeTemplates& templates) {
  for (const Language language : {Language::da, Language::en}) {
    for (const std::string& name : templates.not_replaced(language)) {
      session.warn(tr("{} is the built-in one, beside others that are your own", name),
                   fmt::format("kundehub template edit {}", name));
    }
  }
}

ExitCode run_template_check(const TemplateName& name, Session& session) {
  const WelcomeTemplates templates = read_templates(session);
  if (!name.name.empty()) {
    const WelcomeTemplate& one = find_template(session, templates, name);
    check_template(one);
    session.note(tr("{}: in order", one.name()));
    return ExitCode::ok;
  }
  std::optional<Error> first;
  for (const WelcomeTemplate& one : templates.all()) {
    try {
      check_template(one);
    } catch (const Error& error) {
      if (first) session.warn(first->what(), first->hint());
      first = error;
    }
  }
  warn_of_built_in(session, templates);
  if (first) throw *first;
  session.note(tr("the templates are in order"));
  return ExitCode::ok;
}

}  // namespace

void add_template_check(CLI::App& parent, Action& chosen) {
  auto name = std::make_shared<TemplateName>();
  CLI::App* check = add_verb(parent, "check", "whether the templates make sound mails; sending checks them too", name,
                             run_template_check, chosen);
  add_template_name(*check, *name);
  check->get_option("name")->required(false);
}

}  // namespace kundehub::cli

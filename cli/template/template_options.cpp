#include "cli/template/template_options.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/nearest.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {

void add_template_name(CLI::App& app, TemplateName& name) {
  app.add_option("name", name.name, "welcome.da.txt, welcome.da.html, welcome.en.txt, welcome.en.html")
      ->type_name("TEMPLATE")
      ->required();
  app.add_option("--language", name.language, "da or en, where TEMPLATE has none: welcome.txt")->type_name("da|en");
}

const WelcomeTemplate& find_template(Session& session, const WelcomeTemplates& templates, const TemplateName& name) {
  const Language language = parse_language(name.language.value_or(session.config().new_customer.language));
  std::vector<std::string> names;
  for (const WelcomeTemplate& one : templates.all()) {
    const bool is_text = one.part == TemplatePart::text;
    const bool is_short = one.language == language && (name.name == (is_text ? "welcome.txt" : "welcome.html") ||
                                                       (is_text && name.name == "welcome"));
    const bool is_full = name.name == one.name() && (!name.language || one.language == language);
    if (is_short || is_full) return one;
    names.push_back(one.name());
  }
  const auto near = text::nearest(name.name, std::vector<std::string_view>(names.begin(), names.end()));
  throw Error(ErrorKind::not_found, tr("no template {}", text::quoted(name.name)),
              near && *near != name.name ? tr("did you mean {}", *near) : "kundehub template list");
}

WelcomeTemplates read_templates(Session& session) {
  return WelcomeTemplates::read(session.template_folder());
}

}  // namespace kundehub::cli

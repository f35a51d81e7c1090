#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/session.hpp"
#include "core/welcome/welcome_templates.hpp"

namespace kundehub::cli {

/// `NAME [--language L]`: `welcome.da.txt` as `template list` shows it; or `welcome.txt`, and the language apart.
struct TemplateName {
  std::string name;
  std::optional<std::string> language;
};

void add_template_name(CLI::App& app, TemplateName& name);

/// Without --language a name without one means the language of new customers. Throws Error{not_found} with the nearest
/// name.
const WelcomeTemplate& find_template(Session& session, const WelcomeTemplates& templates, const TemplateName& name);

/// The templates as they are, checked or not.
WelcomeTemplates read_templates(Session& session);

}  // namespace kundehub::cli

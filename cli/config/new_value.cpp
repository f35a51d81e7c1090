#include "cli/config/new_value.hpp"

#include "core/config.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {

void print_new_value(Session& session, const std::string& toml, const std::string& key) {
  const OutputOptions& output = session.options().output;
  if (!output.format) return;
  print_text(session.out(), output, config_value(parse_config(toml, tr("the new configuration")), key));
}

}  // namespace kundehub::cli

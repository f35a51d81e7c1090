#include "cli/ending.hpp"

namespace kundehub::cli {

ExitCode ending(const std::string& trouble, ExitCode code, Session& session) {
  if (trouble.empty()) return code;
  session.warn(trouble, "kundehub db check");
  session.explain_partial(trouble, "kundehub db check");
  return ExitCode::partial;
}

}  // namespace kundehub::cli

#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace kundehub::cli {

class Session;

/// What the global options say of the form of results, as it was typed.
struct OutputWords {
  std::vector<std::string> formats;  ///< the last one counts
  bool json = false;
  std::string fields;
};

/// Adds what may stand anywhere on the line, to be read into the session's options and `output`.
void add_global_options(CLI::App& app, Session& session, OutputWords& output);

}  // namespace kundehub::cli

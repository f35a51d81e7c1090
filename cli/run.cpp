#include "cli/run.hpp"

#include <algorithm>
#include <new>
#include <ostream>

#include <fmt/format.h>

#include "cli/exit_code.hpp"
#include "cli/parser.hpp"
#include "core/model/error.hpp"

namespace kundehub::cli {
namespace {

/// Known before anything is parsed, so that a wrong command line answers in JSON too.
bool wants_json(std::span<const std::string> args, const Session& session) {
  const auto end = std::find(args.begin(), args.end(), "--");
  for (auto arg = args.begin(); arg != end; ++arg) {
    if (*arg == "--json" || *arg == "--format=json") return true;
    if (*arg == "--format" && arg + 1 != end && arg[1] == "json") return true;
  }
  return session.environment("KUNDEHUB_FORMAT") == "json";
}

int report(const Error& error, Session& session) {
  const int code = static_cast<int>(exit_code(error.kind()));
  session.report(error, code);
  return code;
}

}  // namespace

int run(std::span<const std::string> args, Session& session) noexcept {
  try {
    try {
      session.options().json_errors = wants_json(args, session);
      session.set_command_line(args);
      const ExitCode code = parse(args, session)(session);
      check_written(session.out());
      return static_cast<int>(code);
    } catch (const Error& error) {
      return report(error, session);
    } catch (const std::bad_alloc&) {
      return report(Error(ErrorKind::temporary, "out of memory"), session);
    } catch (const std::exception& error) {
      return report(Error(ErrorKind::internal, fmt::format("unexpected: {}", error.what())), session);
    }
  } catch (...) {
    return static_cast<int>(ExitCode::internal);
  }
}

}  // namespace kundehub::cli

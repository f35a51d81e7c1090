#include "cli/exit_code.hpp"

namespace kundehub::cli {

ExitCode exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return ExitCode::usage;
    case ErrorKind::not_found:
      return ExitCode::not_found;
    case ErrorKind::conflict:
      return ExitCode::conflict;
    case ErrorKind::unconfirmed:
      return ExitCode::unconfirmed;
    case ErrorKind::bad_data:
      return ExitCode::bad_data;
    case ErrorKind::no_input:
      return ExitCode::no_input;
    case ErrorKind::all_rejected:
      return ExitCode::all_rejected;
    case ErrorKind::no_output:
      return ExitCode::no_output;
    case ErrorKind::temporary:
      return ExitCode::temporary;
    case ErrorKind::permission:
      return ExitCode::permission;
    case ErrorKind::config:
      return ExitCode::config;
    case ErrorKind::interrupted:
      return ExitCode::interrupted;
    case ErrorKind::internal:
      return ExitCode::internal;
  }
  return ExitCode::internal;
}

}  // namespace kundehub::cli

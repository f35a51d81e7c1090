#pragma once

#include "core/model/error.hpp"

namespace kundehub::cli {

/// The published codes: the same table stands in kundehub(1).
enum class ExitCode {
  ok = 0,
  internal = 1,
  usage = 2,
  not_found = 3,
  conflict = 4,
  partial = 5,
  unconfirmed = 6,
  no = 10,
  bad_data = 65,
  no_input = 66,
  all_rejected = 69,
  no_output = 73,
  temporary = 75,
  permission = 77,
  config = 78,
  interrupted = 130,
};

ExitCode exit_code(ErrorKind kind);

}  // namespace kundehub::cli

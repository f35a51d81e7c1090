#pragma once

#include <span>
#include <string>

#include "cli/session.hpp"

namespace kundehub::cli {

/// Parses `args` (without the program's name), acts, reports; returns the process's exit code. Never throws: this is
/// the only catch.
int run(std::span<const std::string> args, Session& session) noexcept;

}  // namespace kundehub::cli

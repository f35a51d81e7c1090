#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/session.hpp"

namespace kundehub::cli {

/// `--message TEXT | --message-file FILE`: the admin's own words in a welcome mail.
struct PersonalMessage {
  std::optional<std::string> text, file;

  /// Empty if neither was given. Throws Error{bad_data} for what has no place in a mail, Error{no_input}.
  [[nodiscard]] std::string read(Session& session) const;

  /// Throws Error{usage} if both this and a list of names would be read from stdin.
  void check_beside(const std::optional<std::string>& ids_from) const;
};

void add_personal_message(CLI::App& app, PersonalMessage& message);

}  // namespace kundehub::cli

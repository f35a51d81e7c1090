#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/output.hpp"
#include "cli/session.hpp"

namespace kundehub::cli {

/// `skipped`: could not be examined because of an earlier error, or for the reason that the text gives.
enum class Health { ok, warning, error, skipped };

/// What one check has found.
struct Finding {
  std::string_view check;  ///< `database.file`
  Health health = Health::ok;
  std::string text;
  std::string remedy{};                ///< a command, or what to do; may be empty
  ErrorKind kind = ErrorKind::config;  ///< of an error: decides the exit code
};

/// Prints what the checks find, one line each, and keeps count.
class Examination {
 public:
  /// Throws Error{usage} for an unknown field.
  explicit Examination(Session& session);

  void add(const Finding& finding);
  void ok(std::string_view check, std::string text) { add({.check = check, .text = std::move(text)}); }
  void skip(std::string_view check, std::string text) {
    add({.check = check, .health = Health::skipped, .text = std::move(text)});
  }
  void warn(std::string_view check, std::string text, std::string remedy) {
    add({.check = check, .health = Health::warning, .text = std::move(text), .remedy = std::move(remedy)});
  }
  void fail(std::string_view check, std::string text, std::string remedy, ErrorKind kind = ErrorKind::config) {
    add({check, Health::error, std::move(text), std::move(remedy), kind});
  }

  /// Runs `step`, which finds what it finds, or throws what is wrong with the check. Any Error becomes one of
  /// `check`, whatever it is.
  void guard(std::string_view check, const std::function<void()>& step);

  /// True if a check whose name begins with `prefix` has ended with an error.
  [[nodiscard]] bool has_failed(std::string_view prefix) const;

  /// Ends the output. Throws Error with the kind of the first error, if there is one.
  void finish();

 private:
  void print_lines(const Finding& finding);

  Session& m_session;
  bool m_prints_lines;  ///< no --format and no --fields
  RecordWriter m_writer;
  std::optional<Finding> m_first_error;
  std::vector<std::string_view> m_failed;
  int m_warnings = 0;
};

}  // namespace kundehub::cli

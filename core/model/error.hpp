#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace kundehub {

/// Why a command was abandoned. The front end maps each kind to one exit code.
enum class ErrorKind {
  usage,         ///< the command line itself is wrong
  not_found,     ///< a record that was named does not exist
  conflict,      ///< duplicate, ambiguous, or a rule of the domain refuses it
  unconfirmed,   ///< a confirmation is needed and was not, or could not be, given
  bad_data,      ///< a value breaks the rules of its field
  no_input,      ///< a file to read cannot be read
  all_rejected,  ///< every mail was refused for good
  no_output,     ///< output or the database cannot be written
  temporary,     ///< the same command may succeed later
  permission,    ///< the operating system says no
  config,        ///< configuration, key or schema is missing or wrong
  interrupted,   ///< a signal ended it
  internal,      ///< a defect
};

/// The kind as scripts see it: `not_found`.
std::string_view to_string(ErrorKind kind);

/// Abandons the command in hand. Expected outcomes (a bounced mail, a rejected row) are values instead.
class Error : public std::runtime_error {
 public:
  /// `message`: lower case, the offending value quoted, no full stop. `hint`: the command that helps, or empty.
  explicit Error(ErrorKind kind, const std::string& message, std::string hint = {})
      : std::runtime_error(message), m_kind(kind), m_hint(std::move(hint)) {}

  [[nodiscard]] ErrorKind kind() const noexcept { return m_kind; }
  [[nodiscard]] const std::string& hint() const noexcept { return m_hint; }

 private:
  ErrorKind m_kind;
  std::string m_hint;
};

}  // namespace kundehub

#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/model/error.hpp"

/// A record as a TOML text that a person edits: written, and read back with everything that is wrong in it.
namespace kundehub {

/// What a field of a form holds: a text, a switch, or a list of texts.
using FormValue = std::variant<std::string, bool, std::vector<std::string>>;

/// How a field is written, and so what may be written for it.
enum class FormShape {
  line,   ///< a text
  block,  ///< a text of several lines
  flag,   ///< true or false
  list,   ///< texts
};

struct FormKey {
  std::string name;
  FormShape shape = FormShape::line;
};

/// One field as it is written: below its comment.
struct FormEntry {
  FormKey key;
  std::string comment;
  FormValue value;
};

/// What was read for a field, and the line of its name.
struct ReadValue {
  FormValue value;
  std::size_t line = 0;
};
using FormValues = std::map<std::string, ReadValue, std::less<>>;

/// Something in a form that cannot be kept.
struct FormFault {
  ErrorKind kind = ErrorKind::bad_data;
  std::size_t line = 0;  ///< of the form as it was read; 0: of none in particular
  std::string message{}, hint{};
  std::string present{};  ///< what the record has now, as a line of TOML; empty where that is not the matter
};

/// All that is wrong with a form, in the order of lines; as an Error it is the first of it.
class FormError : public Error {
 public:
  /// `faults` must not be empty.
  explicit FormError(std::vector<FormFault> faults);

  [[nodiscard]] const std::vector<FormFault>& faults() const noexcept { return m_faults; }

 private:
  std::vector<FormFault> m_faults;
};

/// The value as TOML (1.0) writes it, on one line. What nobody could see or type is escaped; bytes that are not UTF-8
/// become U+FFFD.
std::string to_toml(const FormValue& value);

/// The form: the lines of `head` as comments, then each field below its own.
std::string write_form(std::span<const std::string> head, std::span<const FormEntry> entries);

/// The fields that are in the form. Throws FormError: what is no TOML, an unknown field with the nearest known name, a
/// value of another shape.
FormValues read_form(std::string_view toml, std::span<const FormKey> keys);

}  // namespace kundehub

#pragma once

#include <stdexcept>
#include <string>

namespace kundehub::mail {

/// Whether the settings are wrong, so that every mail would fail alike, or this one mail.
enum class Blame { settings, this_mail };

/// A mail that cannot be written. Caught before the module's boundary: no exception leaves it.
class Unsendable : public std::runtime_error {
 public:
  /// `reason`: lower case, the value at fault quoted and escaped, no full stop.
  Unsendable(Blame blame, const std::string& reason) : std::runtime_error(reason), m_blame(blame) {}

  [[nodiscard]] Blame blame() const noexcept { return m_blame; }

 private:
  Blame m_blame;
};

}  // namespace kundehub::mail

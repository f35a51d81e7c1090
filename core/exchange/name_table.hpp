#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kundehub::exchange {

/// A name as it is looked up: letters and digits alone, without case; æ, ø, å as ae, oe, aa. `CVR-nummer` and
/// `cvr nummer` are one.
std::string folded_name(std::string_view name);

/// A file of data/ with lines `key: name, name, …`: many names for one thing.
class NameTable {
 public:
  explicit NameTable(std::string_view embedded_file_name);

  /// The key of a name, however it is written. Absent if it is not known.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

 private:
  std::unordered_map<std::string, std::string_view> m_keys;  // by folded name
};

}  // namespace kundehub::exchange

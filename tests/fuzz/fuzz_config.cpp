#include "core/config.hpp"
#include "core/config_edit.hpp"
#include "core/model/error.hpp"
#include "tests/fuzz/property.hpp"

using namespace kundehub;

namespace {

std::string all_values(const Config& config, std::string_view but = {}) {
  std::string values;
  for (const ConfigKey& key : config_keys()) {
    if (key.name != but) values.append(key.name).append("=").append(config_value(config, key.name)).append("\n");
  }
  return values;
}

/// Writing what stands there already, and taking it out, leave the other settings as they are.
void check_edits(std::string_view toml, const Config& config, const std::string& key) {
  const std::string value = config_value(config, key);
  try {
    const std::string set = set_config_value(toml, key, value);
    fuzz::require_same(all_values(parse_config(set, "set")), all_values(config), "a value is read as it was written");
    const std::string unset = unset_config_value(set, key);
    fuzz::require_same(all_values(parse_config(unset, "unset"), key), all_values(config, key),
                       "taking out a key leaves the others");
    fuzz::require_same(config_value(parse_config(unset, "unset"), key), config_value(Config{}, key),
                       "a key that was taken out has its default");
  } catch (const Error& error) {
    // The form of some file may not let a line be changed; a value that stands there is never refused.
    const bool is_unchangeable = error.kind() == ErrorKind::config &&
                                 std::string_view(error.what()).find("without touching more") != std::string::npos;
    if (!is_unchangeable) std::fprintf(stderr, "%s\n", error.what());
    fuzz::require(is_unchangeable, "a value can be written as it is shown");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view toml = fuzz::text_of(data, size);
  try {
    const Config config = parse_config(toml, "fuzz");
    const auto set = config_keys_in(toml);
    // Every key at every input would be slow.
    check_edits(toml, config, std::string(config_keys()[size % config_keys().size()].name));
    if (!set.empty()) check_edits(toml, config, std::string(set[size % set.size()]));
  } catch (const Error& error) {
    fuzz::require(error.kind() == ErrorKind::config, "what is wrong with a configuration is of its kind");
  }
  return 0;
}

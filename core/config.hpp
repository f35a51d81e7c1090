#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/quiet_hours.hpp"
#include "core/model/rate.hpp"
#include "core/model/time.hpp"

namespace kundehub {

/// What an uncertain mail is done with: tried again after 30 minutes, or left to the admin.
enum class UncertainPolicy { retry, hold };

/// The settings of kundehub-config(5), checked: no member holds a value its key would refuse. Empty text:
/// unset.
struct Config {
  struct {
    std::string path, group;
  } database;
  struct {
    std::string company, url, support;
    Seconds link_ttl = std::chrono::days(7);
    std::string time_zone;
  } hub;
  struct {
    std::string country = "DK", language = "da";
    bool hub = false;
    std::vector<std::string> modules;
  } new_customer;
  struct {
    std::string transport, from, reply_to, username, password_file;
    bool tls_required = true;
    std::string ca_file;
    int connections = 4;
    Rate rate;
    Seconds connect_timeout = std::chrono::seconds(60), reply_timeout = std::chrono::seconds(600);
  } mail;
  struct {
    std::vector<Seconds> retry{std::chrono::minutes(5), std::chrono::minutes(15), std::chrono::minutes(30),
                               std::chrono::hours(1),   std::chrono::hours(2),    std::chrono::hours(4)};
    Seconds give_up_after = std::chrono::hours(72);
    UncertainPolicy uncertain = UncertainPolicy::retry;
    QuietHours quiet;
    Seconds older_than = std::chrono::days(3), min_gap = std::chrono::hours(24);
    int max_sends = 3;
  } welcome;
};

/// One key as the admin names it: `hub.link_ttl`.
struct ConfigKey {
  std::string_view name;
  std::string_view help;  ///< what it does and its form, one line
};

/// Every key, in the order of the manual.
std::span<const ConfigKey> config_keys();

/// Reads TOML. Throws Error{config} with `origin` and the line for a syntax error, an unknown section or key (with the
/// nearest known name as the hint), or a value that is refused (with the form that is wanted).
Config parse_config(std::string_view toml, std::string_view origin);

/// What stands in a configuration file. Throws Error{permission}, or Error{config} if it cannot be read or is over 1
/// MiB.
std::string read_config(const std::filesystem::path& file);

/// Throws as read_config and parse_config.
Config load_config(const std::filesystem::path& file);

/// The value as `config get` prints it: text unquoted, lists with commas, durations as written by format_duration.
/// Throws Error{not_found} with the nearest name for an unknown key.
std::string config_value(const Config& config, std::string_view key);

/// The keys that `toml` sets, in the order of the manual. Throws Error{config} if it is malformed.
std::vector<std::string_view> config_keys_in(std::string_view toml);

/// `toml` with `key` set to `value` (written as config_value shows it), everything else, comments too, as it was.
/// Throws Error{not_found} for an unknown key, Error{bad_data} for a refused value.
std::string set_config_value(std::string_view toml, std::string_view key, std::string_view value);

/// Keeps others from changing the configuration file `file` between our reading and our writing it: a lock on its
/// folder. Where there is no folder yet there is nothing to keep.
class ConfigTurn {
 public:
  explicit ConfigTurn(const std::filesystem::path& file);
  ConfigTurn(const ConfigTurn&) = delete;
  ConfigTurn& operator=(const ConfigTurn&) = delete;
  ~ConfigTurn();

 private:
  int m_folder;
};

}  // namespace kundehub

#include "core/config_keys.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "core/config_checks.hpp"
#include "core/model/error.hpp"
#include "core/text/nearest.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

constexpr int most_sends = 1'000'000;

[[noreturn]] void refuse(std::string_view key, std::string_view value, std::string_view why) {
  throw Error(ErrorKind::bad_data, fmt::format("{} {} {}", key, text::quoted(value), why));
}

/// What a key's TOML looks like, and how one value of it is read and printed. `Raw` is an alternative of ConfigValue.
template <class T>
struct Form;

template <>
struct Form<std::string> {
  using Raw = std::string;
  static constexpr const char* wanted = translatable("text in quotes");
  static std::string read(std::string_view, const Raw& raw) { return raw; }
  static std::string print(const std::string& value) { return value; }
};

template <>
struct Form<Seconds> {
  using Raw = std::string;
  static constexpr const char* wanted = translatable("a duration in quotes, such as \"3d\"");
  static Seconds read(std::string_view key, const Raw& raw) {
    try {
      return parse_duration(raw);
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("{} {}", key, error.what()), error.hint());
    }
  }
  static std::string print(Seconds value) { return format_duration(value); }
};

template <>
struct Form<int> {
  using Raw = std::int64_t;
  static constexpr const char* wanted = translatable("a whole number without quotes");
  static int read(std::string_view key, Raw raw) {
    if (!std::in_range<int>(raw)) refuse(key, std::to_string(raw), tr("is too large"));
    return static_cast<int>(raw);
  }
  static std::string print(int value) { return std::to_string(value); }
};

template <>
struct Form<bool> {
  using Raw = bool;
  static constexpr const char* wanted = translatable("true or false without quotes");
  static bool read(std::string_view, Raw raw) { return raw; }
  static std::string print(bool value) { return value ? "true" : "false"; }
};

template <>
struct Form<UncertainPolicy> {
  using Raw = std::string;
  static constexpr const char* wanted = translatable("\"retry\" or \"hold\"");
  static UncertainPolicy read(std::string_view key, const Raw& raw) {
    if (raw == "retry") return UncertainPolicy::retry;
    if (raw == "hold") return UncertainPolicy::hold;
    refuse(key, raw, tr("is neither \"retry\" nor \"hold\""));
  }
  static std::string print(UncertainPolicy value) { return value == UncertainPolicy::hold ? "hold" : "retry"; }
};

template <class Element>
struct Form<std::vector<Element>> {
  using Raw = std::vector<std::string>;
  static constexpr std::string_view wanted =
      std::is_same_v<Element, Seconds>
          ? translatable("a list of durations in quotes, such as [\"5m\", \"1h\"]")
          : translatable("a list of texts in quotes, such as [\"timesheets\", \"invoices\"]");
  static std::vector<Element> read(std::string_view key, const Raw& raw) {
    std::vector<Element> values;
    for (const std::string& one : raw) values.push_back(Form<Element>::read(key, one));
    return values;
  }
  static std::string print(const std::vector<Element>& values) {
    std::vector<std::string> printed;
    for (const Element& value : values) printed.push_back(Form<Element>::print(value));
    return fmt::format("{}", fmt::join(printed, ","));
  }
};

/// A value that the model reads and prints, its refusal with the key in front.
template <class T, T (*Parse)(std::string_view), std::string (*Print)(const T&)>
struct ModelForm {
  using Raw = std::string;
  static T read(std::string_view key, const Raw& raw) {
    try {
      return Parse(raw);
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("{} {}", key, error.what()), error.hint());
    }
  }
  static std::string print(const T& value) { return Print(value); }
};

template <>
struct Form<Rate> : ModelForm<Rate, parse_rate, format_rate> {
  static constexpr const char* wanted = translatable("a rate in quotes, such as \"10/s\"");
};

template <>
struct Form<QuietHours> : ModelForm<QuietHours, parse_quiet_hours, format_quiet_hours> {
  static constexpr const char* wanted = translatable("a time of the day in quotes, such as \"20:00-07:00\"");
};

/// `mail.tls` is a word in the file and yes or no in the program.
struct TlsForm {
  using Raw = std::string;
  static constexpr const char* wanted = translatable("\"required\" or \"none\"");
  static bool read(std::string_view key, const Raw& raw) {
    if (raw != "required" && raw != "none") refuse(key, raw, tr("is neither \"required\" nor \"none\""));
    return raw == "required";
  }
  static std::string print(bool required) { return required ? "required" : "none"; }
};

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, comma);
    const std::size_t begin = std::min(part.find_first_not_of(' '), part.size());
    parts.emplace_back(part.substr(begin, part.find_last_not_of(' ') + 1 - begin));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

template <class Raw>
ConfigValue raw_from_text(std::string_view text, std::string_view key) {
  if constexpr (std::is_same_v<Raw, std::int64_t>) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
      refuse(key, text, tr("is not a whole number"));
    return number;
  } else if constexpr (std::is_same_v<Raw, bool>) {
    if (text != "true" && text != "false") refuse(key, text, tr("is neither true nor false"));
    return text == "true";
  } else if constexpr (std::is_same_v<Raw, std::vector<std::string>>) {
    return split_at_commas(text);
  } else {
    return std::string(text);
  }
}

constexpr auto as_it_is = [](std::string_view, auto value) { return value; };

template <int Least, int Most>
int within(std::string_view key, int value) {
  if (value < Least || value > Most) refuse(key, std::to_string(value), tr("is not from {} to {}", Least, Most));
  return value;
}

Seconds positive(std::string_view key, Seconds value) {
  if (value <= Seconds::zero()) refuse(key, format_duration(value), tr("is too short"));
  return value;
}

std::vector<Seconds> retry_steps(std::string_view key, std::vector<Seconds> steps) {
  if (steps.empty()) throw Error(ErrorKind::bad_data, tr("{} is an empty list: it wants at least one duration", key));
  for (const Seconds step : steps) positive(key, step);
  return steps;
}

std::vector<std::string> module_keys(std::string_view key, std::vector<std::string> modules) {
  for (std::string& module : modules) module = config_checks::module_key(key, std::move(module));
  return modules;
}

template <class Member>
using MemberType = std::remove_reference_t<decltype(Member{}(std::declval<Config&>()))>;

struct OwnForm {};

/// A rule for the member that `Member` picks out of a Config. `Check` gets the key and the value and hands back the
/// value to keep.
template <auto Check = as_it_is, class ChosenForm = OwnForm, class Member>
constexpr ConfigRule rule(std::string_view name, std::string_view help, Member) {
  using F = std::conditional_t<std::is_same_v<ChosenForm, OwnForm>, Form<MemberType<Member>>, ChosenForm>;
  using Raw = typename F::Raw;
  return {.key = {name, help},
          .form = F::wanted,
          .read =
              [](Config& config, const ConfigValue& value, std::string_view key) {
                const Raw* const raw = std::get_if<Raw>(&value);
                if (raw == nullptr) throw Error(ErrorKind::bad_data, tr("{} wants {}", key, tr_text(F::wanted)));
                Member{}(config) = Check(key, F::read(key, *raw));
              },
          .print = [](const Config& config) { return F::print(Member{}(config)); },
          .from_text = raw_from_text<Raw>};
}

namespace check = config_checks;

constexpr std::array rules{
    rule<check::path>(
        "database.path", translatable("the database file"), [](auto& c) -> auto& { return c.database.path; }),
    rule<check::line>(
        "database.group",
        translatable("whose members may read the database, for a portal that does; unset: nobody else"),
        [](auto& c) -> auto& { return c.database.group; }),
    rule<check::line>(
        "hub.company", translatable("your name as the mails show it"), [](auto& c) -> auto& { return c.hub.company; }),
    rule<check::hub_url>(
        "hub.url", translatable("where the HUB is; login links begin with it, such as https://hub.example.dk"),
        [](auto& c) -> auto& { return c.hub.url; }),
    rule<check::line>(
        "hub.support", translatable("whom the mails say to ask for help: an address or a phone number"),
        [](auto& c) -> auto& { return c.hub.support; }),
    rule<positive>(
        "hub.link_ttl", translatable("how long a login link is valid: a duration"),
        [](auto& c) -> auto& { return c.hub.link_ttl; }),
    rule<check::time_zone>(
        "hub.time_zone",
        translatable("for dates that are shown and entered, such as Europe/Copenhagen; unset: the system's"),
        [](auto& c) -> auto& { return c.hub.time_zone; }),
    rule<check::country>(
        "new_customer.country", translatable("a new customer's country: two letters"),
        [](auto& c) -> auto& { return c.new_customer.country; }),
    rule<check::language>(
        "new_customer.language", translatable("a new customer's language: da or en"),
        [](auto& c) -> auto& { return c.new_customer.language; }),
    rule(
        "new_customer.hub", translatable("a new customer's HUB switch: true or false"),
        [](auto& c) -> auto& { return c.new_customer.hub; }),
    rule<module_keys>(
        "new_customer.modules", translatable("the HUB modules a new customer has: keys with commas between"),
        [](auto& c) -> auto& { return c.new_customer.modules; }),
    rule<check::transport>(
        "mail.transport",
        translatable("how mail leaves: maildir:PATH, sendmail:PATH, smtp://host[:port] or smtps://host[:port]"),
        [](auto& c) -> auto& { return c.mail.transport; }),
    rule<check::mailbox>(
        "mail.from", translatable("the sender: Name <address> or an address"),
        [](auto& c) -> auto& { return c.mail.from; }),
    rule<check::mailbox>(
        "mail.reply_to", translatable("where answers go: Name <address> or an address; unset: to the sender"),
        [](auto& c) -> auto& { return c.mail.reply_to; }),
    rule<check::line>(
        "mail.username", translatable("for logging in to the mail server; unset: no login"),
        [](auto& c) -> auto& { return c.mail.username; }),
    rule<check::path>(
        "mail.password_file", translatable("the file that holds the mail server's password"),
        [](auto& c) -> auto& { return c.mail.password_file; }),
    rule<as_it_is, TlsForm>(
        "mail.tls", translatable("required, or none for a server without encryption"),
        [](auto& c) -> auto& { return c.mail.tls_required; }),
    rule<check::path>(
        "mail.ca_file", translatable("certificates to trust instead of the system's"),
        [](auto& c) -> auto& { return c.mail.ca_file; }),
    rule<within<1, max_connections>>(
        "mail.connections", translatable("how many connections to the mail server at once: 1 to 64"),
        [](auto& c) -> auto& { return c.mail.connections; }),
    rule(
        "mail.rate", translatable("how many mails may leave in a time: 10/s, 300/m or 1000/h; unset: as many as can"),
        [](auto& c) -> auto& { return c.mail.rate; }),
    rule<positive>(
        "mail.connect_timeout", translatable("how long to wait for a connection: a duration"),
        [](auto& c) -> auto& { return c.mail.connect_timeout; }),
    rule<positive>(
        "mail.reply_timeout", translatable("how long to wait for the server's answer: a duration"),
        [](auto& c) -> auto& { return c.mail.reply_timeout; }),
    rule<retry_steps>(
        "welcome.retry", translatable("the waits before a deferred mail is tried again: durations with commas between"),
        [](auto& c) -> auto& { return c.welcome.retry; }),
    rule<positive>(
        "welcome.give_up_after", translatable("when a deferred mail is given up: a duration"),
        [](auto& c) -> auto& { return c.welcome.give_up_after; }),
    rule(
        "welcome.uncertain", translatable("a mail that may have arrived: retry, or hold for the admin"),
        [](auto& c) -> auto& { return c.welcome.uncertain; }),
    rule(
        "welcome.quiet", translatable("the time of the day in which no mail leaves, such as 20:00-07:00"),
        [](auto& c) -> auto& { return c.welcome.quiet; }),
    rule(
        "welcome.older_than", translatable("how old the last welcome mail is before it is resent: a duration"),
        [](auto& c) -> auto& { return c.welcome.older_than; }),
    rule(
        "welcome.min_gap", translatable("the least time between two welcome mails to one person: a duration"),
        [](auto& c) -> auto& { return c.welcome.min_gap; }),
    rule<within<1, most_sends>>(
        "welcome.max_sends", translatable("how many welcome mails one person gets at most"),
        [](auto& c) -> auto& { return c.welcome.max_sends; }),
};

constexpr auto keys = [] {
  std::array<ConfigKey, rules.size()> all{};
  for (std::size_t i = 0; i < rules.size(); ++i) all[i] = rules[i].key;
  return all;
}();

}  // namespace

std::span<const ConfigRule> config_rules() {
  return rules;
}

std::span<const ConfigKey> config_keys() {
  return keys;
}

const ConfigRule* find_config_rule(std::string_view key) {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const ConfigRule& r) { return r.key.name == key; });
  return found == rules.end() ? nullptr : &*found;
}

std::string config_key_hint(std::string_view key) {
  std::vector<std::string_view> names;
  for (const ConfigKey& known : keys) {
    if (name_in_section(known) == key) return tr("did you mean {}", known.name);
    names.push_back(known.name);
  }
  const auto near = text::nearest(key, names);
  return near ? tr("did you mean {}", *near) : std::string();
}

std::string_view section_of(const ConfigKey& key) {
  return key.name.substr(0, key.name.find('.'));
}

std::string_view name_in_section(const ConfigKey& key) {
  return key.name.substr(key.name.find('.') + 1);
}

}  // namespace kundehub

#include "core/config.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "core/config_edit.hpp"
#include "core/config_keys.hpp"
#include "core/model/error.hpp"
#include "core/text/nearest.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"
#include "core/toml.hpp"

namespace kundehub {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

[[noreturn]] void refuse(std::string_view origin, const toml::source_region& where, std::string_view what,
                         std::string hint = {}) {
  throw Error(ErrorKind::config, fmt::format("{}:{}: {}", text::for_terminal(origin), where.begin.line, what),
              std::move(hint));
}

toml::table parse_toml(std::string_view toml, std::string_view origin) {
  try {
    return toml::parse(toml);
  } catch (const toml::parse_error& error) {
    refuse(origin, error.source(), describe(error));
  }
}

/// Absent for what no setting is: dates, fractions, sections, lists that hold anything but texts.
std::optional<ConfigValue> to_config_value(const toml::node& node) {
  if (const auto* const text = node.as_string()) return text->get();
  if (const auto* const number = node.as_integer()) return number->get();
  if (const auto* const flag = node.as_boolean()) return flag->get();
  return texts_of(node);
}

void insert_value(toml::table& section, std::string_view name, const ConfigValue& value) {
  if (const auto* const list = std::get_if<std::vector<std::string>>(&value)) {
    toml::array array;
    for (const std::string& text : *list) array.push_back(text);
    section.insert_or_assign(name, std::move(array));
  } else if (const auto* const text = std::get_if<std::string>(&value)) {
    section.insert_or_assign(name, *text);
  } else if (const auto* const flag = std::get_if<bool>(&value)) {
    section.insert_or_assign(name, *flag);
  } else {
    section.insert_or_assign(name, std::get<std::int64_t>(value));
  }
}

std::string section_hint(std::string_view name) {
  std::vector<std::string_view> sections;
  for (const ConfigKey& key : config_keys()) sections.push_back(section_of(key));
  const auto near = text::nearest(name, sections);
  return near ? tr("did you mean [{}]", *near) : std::string();
}

bool is_section(std::string_view name) {
  return std::ranges::any_of(config_keys(), [&](const ConfigKey& key) { return section_of(key) == name; });
}

void read_key(Config& config, const ConfigRule& rule, const toml::node& node, std::string_view origin) {
  const auto value = to_config_value(node);
  if (!value) refuse(origin, node.source(), tr("{} wants {}", rule.key.name, tr_text(rule.form)));
  try {
    rule.read(config, *value, rule.key.name);
  } catch (const Error& error) {
    refuse(origin, node.source(), error.what(), error.hint());
  }
}

void read_section(Config& config, std::string_view section, const toml::table& keys, std::string_view origin) {
  for (const auto& [key, node] : keys) {
    const std::string name = fmt::format("{}.{}", section, key.str());
    const ConfigRule* const rule = find_config_rule(name);
    if (rule == nullptr) {
      refuse(origin, key.source(), tr("unknown key {}", text::quoted(name)), config_key_hint(name));
    }
    read_key(config, *rule, node, origin);
  }
}

/// A header with nothing under it says as much as no header.
toml::table without_empty_sections(toml::table table) {
  for (auto it = table.begin(); it != table.end();) {
    const toml::table* const section = it->second.as_table();
    it = section != nullptr && section->empty() ? table.erase(it) : std::next(it);
  }
  return table;
}

/// What all changes to a configuration's text need: the text without its byte order mark, and what it says.
struct Edit {
  Edit(std::string_view toml, const ConfigRule& rule)
      : mark(toml.starts_with(byte_order_mark) ? byte_order_mark : ""),
        text(toml.substr(mark.size())),
        parsed(parse_toml(text, "configuration")),
        section_name(section_of(rule.key)),
        name(name_in_section(rule.key)),
        section(parsed.get_as<toml::table>(section_name)),
        node(section == nullptr ? nullptr : section->get(name)) {}

  std::string_view mark, text;
  toml::table parsed;
  std::string_view section_name, name;
  toml::table* section;  ///< null if there is none
  toml::node* node;      ///< null if the key is not set

  /// Hands the changed text back if it says what `wanted` says. The text was changed by lines and places, and this is
  /// what makes sure that no way of writing TOML has misled the change.
  [[nodiscard]] std::string checked(const std::string& changed, const toml::table& wanted) const {
    bool is_as_wanted = false;
    try {
      is_as_wanted = without_empty_sections(toml::parse(changed)) == without_empty_sections(wanted);
    } catch (const toml::parse_error&) {
      is_as_wanted = false;
    }
    if (!is_as_wanted) {
      throw Error(ErrorKind::config,
                  tr("{}.{} cannot be changed without touching more of the file", section_name, name),
                  tr("change it with an editor: kundehub config path names the file"));
    }
    return fmt::format("{}{}", mark, changed);
  }
};

config_edit::Place to_place(const toml::source_position& position) {
  return {position.line, position.column};
}

/// The text with a line for a key that is not in it: after the last key of its section, in the style used there.
std::string insert_key(const Edit& edit, std::string_view literal) {
  const std::string line = fmt::format("{} = {}", edit.name, literal);
  if (edit.section == nullptr) return config_edit::append_section(edit.text, edit.section_name, line);

  // A section is made by its header or, without one, by keys such as `mail.from` before the first header.
  const toml::source_position start = edit.section->source().begin;
  bool has_header = true;
  std::size_t last_line = start.line, model = start.line;
  for (const auto& [key, node] : *edit.section) {
    if (key.source().begin.line == start.line) has_header = false;
    if (node.source().end.line < last_line) continue;
    last_line = node.source().end.line;
    model = key.source().begin.line;
  }
  const std::string dotted = fmt::format("{}.{}", edit.section_name, line);
  return config_edit::insert_line(edit.text, last_line, model, has_header ? line : dotted);
}

const ConfigRule& known_rule(std::string_view key) {
  if (const ConfigRule* const rule = find_config_rule(key)) return *rule;
  std::string hint = config_key_hint(key);
  if (hint.empty()) hint = "kundehub config list";
  throw Error(ErrorKind::not_found, tr("unknown key {}", text::quoted(key)), std::move(hint));
}

}  // namespace

Config parse_config(std::string_view toml, std::string_view origin) {
  Config config;
  for (const auto& [key, node] : parse_toml(toml, origin)) {
    const toml::table* const section = node.as_table();
    if (section == nullptr && !is_section(key.str())) {
      refuse(origin, key.source(), tr("unknown key {}", text::quoted(key.str())), config_key_hint(key.str()));
    }
    if (section == nullptr) refuse(origin, key.source(), tr("{0} is a section, written [{0}]", key.str()));
    if (!is_section(key.str())) {
      refuse(origin, key.source(), tr("unknown section {}", text::quoted(key.str())), section_hint(key.str()));
    }
    read_section(config, key.str(), *section, origin);
  }
  return config;
}

std::string config_value(const Config& config, std::string_view key) {
  return known_rule(key).print(config);
}

std::vector<std::string_view> config_keys_in(std::string_view toml) {
  std::vector<std::string_view> keys;
  for (const ConfigRule& rule : config_rules()) {
    if (Edit(toml, rule).node != nullptr) keys.push_back(rule.key.name);
  }
  return keys;
}

std::string set_config_value(std::string_view toml, std::string_view key, std::string_view value) {
  const ConfigRule& rule = known_rule(key);
  const ConfigValue wanted = rule.from_text(value, key);
  Config scratch;
  rule.read(scratch, wanted, key);

  Edit edit(toml, rule);
  const std::string literal = config_edit::to_toml(wanted);
  std::string changed;
  if (edit.node != nullptr) {
    const toml::source_region& old = edit.node->source();
    changed = config_edit::replace(edit.text, {to_place(old.begin), to_place(old.end)}, literal);
  } else {
    changed = insert_key(edit, literal);
  }
  if (edit.section == nullptr) edit.parsed.insert(edit.section_name, toml::table{});
  // A section's name may be taken by a plain value; `checked` then sees that nothing came of it.
  if (toml::table* const section = edit.parsed.get_as<toml::table>(edit.section_name))
    insert_value(*section, edit.name, wanted);
  return edit.checked(changed, edit.parsed);
}

std::string unset_config_value(std::string_view toml, std::string_view key) {
  Edit edit(toml, known_rule(key));
  if (edit.node == nullptr) return std::string(toml);
  const std::size_t first = edit.section->find(edit.name)->first.source().begin.line;
  const std::string changed = config_edit::remove_lines(edit.text, first, edit.node->source().end.line);
  edit.section->erase(edit.name);
  return edit.checked(changed, edit.parsed);
}

}  // namespace kundehub

#include "core/form/form.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "core/text/code_points.hpp"
#include "core/text/nearest.hpp"
#include "core/text/translate.hpp"
#include "core/toml.hpp"

namespace kundehub {
namespace {

/// What TOML has a short escape for; empty for all else.
std::string_view short_escape(std::int32_t character) {
  switch (character) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\t':
      return "\\t";
    case '\n':
      return "\\n";
    case '\f':
      return "\\f";
    case '\r':
      return "\\r";
    default:
      return {};
  }
}

/// True for what an editor does not show, or shows as something else.
bool is_unseen(std::int32_t character) {
  const text::CharacterClass kind = text::classify(character);
  return kind == text::CharacterClass::control || kind == text::CharacterClass::line_break ||
         kind == text::CharacterClass::direction || kind == text::CharacterClass::invisible;
}

std::string escape(std::string_view text, std::size_t bytes, std::int32_t character) {
  if (character == text::CodePoint::invalid) return "\uFFFD";
  if (const std::string_view known = short_escape(character); !known.empty()) return std::string(known);
  const auto value = static_cast<std::uint32_t>(character);
  if (is_unseen(character)) return value > 0xFFFF ? fmt::format("\\U{:08X}", value) : fmt::format("\\u{:04X}", value);
  return std::string(text.substr(0, bytes));
}

std::string quote_line(std::string_view text) {
  std::string quoted = "\"";
  while (!text.empty()) {
    const text::CodePoint point = text::first_code_point(text);
    quoted += escape(text, point.bytes, point.value);
    text.remove_prefix(point.bytes);
  }
  return quoted + '"';
}

/// Between three quotes, so that a text of several lines looks like one.
std::string quote_block(std::string_view text) {
  std::string quoted = "\"\"\"\n";
  bool behind_quote = false;
  while (!text.empty()) {
    const text::CodePoint point = text::first_code_point(text);
    const bool is_last = text.size() == point.bytes;
    const bool is_quote = point.value == '"';
    const bool stays = point.value == '\n' || point.value == '\t' || (is_quote && !behind_quote && !is_last);
    quoted += stays ? std::string(text.substr(0, point.bytes)) : escape(text, point.bytes, point.value);
    behind_quote = is_quote;
    text.remove_prefix(point.bytes);
  }
  return quoted + R"(""")";
}

struct LineWriter {
  std::string operator()(const std::string& text) const { return quote_line(text); }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(const std::vector<std::string>& list) const {
    std::vector<std::string> quoted;
    quoted.reserve(list.size());
    for (const std::string& text : list) quoted.push_back(quote_line(text));
    return fmt::format("[{}]", fmt::join(quoted, ", "));
  }
};

/// Absent for what the shape does not allow.
std::optional<FormValue> to_form_value(const toml::node& node, FormShape shape) {
  if (shape == FormShape::flag) {
    const auto* const flag = node.as_boolean();
    return flag ? std::optional<FormValue>(flag->get()) : std::nullopt;
  }
  if (shape != FormShape::list) {
    const auto* const text = node.as_string();
    return text ? std::optional<FormValue>(text->get()) : std::nullopt;
  }
  return texts_of(node);
}

FormFault wrong_shape(const FormKey& key, std::size_t line) {
  FormFault fault{.line = line};
  switch (key.shape) {
    case FormShape::line:
    case FormShape::block:
      fault.message = tr("{} takes a text, between quotes", key.name);
      fault.hint = fmt::format(R"({} = "...")", key.name);
      break;
    case FormShape::flag:
      fault.message = tr("{} takes true or false, without quotes", key.name);
      fault.hint = fmt::format("{} = true", key.name);
      break;
    case FormShape::list:
      fault.message = tr("{} takes a list of texts", key.name);
      fault.hint = fmt::format(R"({} = ["...", "..."])", key.name);
  }
  return fault;
}

FormFault unknown_field(std::string_view name, std::size_t line, std::span<const FormKey> keys) {
  std::vector<std::string_view> names;
  for (const FormKey& key : keys) names.push_back(key.name);
  const auto near = text::nearest(name, names);
  return {.line = line,
          .message = tr("unknown field {}", text::quoted(name)),
          .hint = near ? tr("did you mean {}", *near) : tr("fields: {}", fmt::join(names, " "))};
}

std::string first_message(const std::vector<FormFault>& faults) {
  const FormFault& first = faults.front();
  return first.line == 0 ? first.message : tr("line {}: {}", first.line, first.message);
}

toml::table parse(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw FormError({{.line = error.source().begin.line, .message = describe(error)}});
  }
}

}  // namespace

FormError::FormError(std::vector<FormFault> faults)
    : Error(faults.front().kind, first_message(faults), faults.front().hint), m_faults(std::move(faults)) {}

std::string to_toml(const FormValue& value) {
  return std::visit(LineWriter(), value);
}

std::string write_form(std::span<const std::string> head, std::span<const FormEntry> entries) {
  std::string form;
  for (const std::string& line : head) form += fmt::format("# {}\n", text::for_terminal(line));
  for (const FormEntry& entry : entries) {
    const bool is_block = entry.key.shape == FormShape::block;
    form += fmt::format("\n# {}\n{} = {}\n", text::for_terminal(entry.comment), entry.key.name,
                        is_block ? quote_block(std::get<std::string>(entry.value)) : to_toml(entry.value));
  }
  return form;
}

FormValues read_form(std::string_view toml, std::span<const FormKey> keys) {
  FormValues values;
  std::vector<FormFault> faults;
  for (const auto& [name, node] : parse(toml)) {
    const std::size_t line = name.source().begin.line;
    const auto known = std::ranges::find(keys, name.str(), &FormKey::name);
    if (known == keys.end()) {
      faults.push_back(unknown_field(name.str(), line, keys));
    } else if (auto value = to_form_value(node, known->shape)) {
      values.emplace(name.str(), ReadValue{*std::move(value), line});
    } else {
      faults.push_back(wrong_shape(*known, line));
    }
  }
  std::ranges::sort(faults, {}, &FormFault::line);
  if (!faults.empty()) throw FormError(std::move(faults));
  return values;
}

}  // namespace kundehub

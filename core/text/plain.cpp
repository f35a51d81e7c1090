#include "core/text/plain.hpp"

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/code_points.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"
#include "core/text/utf8.hpp"

namespace kundehub::text {
namespace {

constexpr std::size_t max_marks_in_a_row = 30;  // UAX #15, section 13 (stream-safe text format)
constexpr const char* retype =
    translatable("type it by hand: text that was copied often carries such a character unseen");

enum class Shape { line, block };

/// The value under test, kept whole for the messages.
struct Input {
  std::string_view field, value;
  Shape shape;
};

[[noreturn]] void refuse(const Input& input, std::string_view why, const std::string& hint = {}) {
  throw Error(ErrorKind::bad_data, fmt::format("{} {} {}", tr_text(input.field), text::quoted(input.value), why), hint);
}

/// A shell that reads a file of Windows leaves a CR at the end of each value.
std::string line_break_hint(const Input& input) {
  return input.value.ends_with('\r')
             ? tr("the line ends of Windows stay in what a shell reads: tr -d '\\r' takes them out")
             : tr("write it on one line");
}

/// LF and CR end lines in a block. The other separators never do: a terminal or a mail shows them in other ways.
bool is_newline(std::int32_t value) {
  return value == '\n' || value == '\r';
}

/// A tab at either end is a slip of the cell it was copied from, so it goes with the blanks.
bool is_trimmed(std::int32_t value, Shape shape) {
  if (value == CodePoint::invalid) return false;
  if (shape == Shape::block && is_newline(value)) return true;
  const CharacterClass kind = classify(value);
  return kind == CharacterClass::blank || kind == CharacterClass::tab;
}

std::string_view trim(std::string_view text, Shape shape) {
  const auto stays = [](char c) { return c > ' ' && c < 0x7F; };
  if (!text.empty() && stays(text.front()) && stays(text.back())) return text;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (!is_trimmed(point.value, shape)) break;
    text.remove_prefix(point.bytes);
  }
  while (!text.empty()) {
    const CodePoint point = last_code_point(text);
    if (!is_trimmed(point.value, shape)) break;
    text.remove_suffix(point.bytes);
  }
  return text;
}

/// Refuses what must not be stored; otherwise tells what the character is.
CharacterClass check_character(std::int32_t value, const Input& input) {
  if (value == CodePoint::invalid) {
    refuse(input, tr("is not valid UTF-8"), tr("iconv -f CP1252 -t UTF-8 converts text of Windows"));
  }
  const bool is_block = input.shape == Shape::block;
  const CharacterClass kind = classify(value);
  switch (kind) {
    case CharacterClass::ordinary:
    case CharacterClass::mark:
    case CharacterClass::blank:
      break;
    case CharacterClass::tab:
      if (!is_block) refuse(input, tr("contains a tab"), tr("write a blank instead"));
      break;
    case CharacterClass::line_break:
      if (!is_block) refuse(input, tr("contains a line break"), line_break_hint(input));
      if (!is_newline(value)) refuse(input, tr("contains a line separator"), tr_text(retype));
      break;
    case CharacterClass::control:
      refuse(input, tr("contains a control character"));
    case CharacterClass::direction:
      refuse(input, tr("contains a character that turns the direction of text"), tr_text(retype));
    case CharacterClass::invisible:
      refuse(input, tr("contains an invisible character"), tr_text(retype));
  }
  return kind;
}

void check_characters(std::string_view text, const Input& input) {
  std::size_t marks = 0;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    marks = check_character(point.value, input) == CharacterClass::mark ? marks + 1 : 0;
    if (marks > max_marks_in_a_row) {
      refuse(input, tr("has more than {} combining marks in a row", max_marks_in_a_row));
    }
    text.remove_prefix(point.bytes);
  }
}

std::string with_line_feeds(std::string_view text) {
  std::string lines;
  lines.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    lines += text[i] == '\r' ? '\n' : text[i];
  }
  return lines;
}

std::string clean(const Input& input, std::size_t max_chars) {
  const std::string_view trimmed = trim(input.value, input.shape);
  std::string cleaned;
  if (is_plain_latin(trimmed)) {
    cleaned = trimmed;
  } else {
    // Before composing, whose cost grows with the square of a run of marks.
    check_characters(trimmed, input);
    cleaned = nfc(input.shape == Shape::block ? with_line_feeds(trimmed) : trimmed);
  }
  if (cleaned.size() > max_chars) {
    const std::size_t count = count_code_points(cleaned);
    if (count > max_chars) refuse(input, tr("has {} characters, and {} are allowed", count, max_chars));
  }
  return cleaned;
}

}  // namespace

std::string clean_line(std::string_view field, std::string_view value, std::size_t max_chars) {
  return clean({field, value, Shape::line}, max_chars);
}

std::string clean_block(std::string_view field, std::string_view value, std::size_t max_chars) {
  return clean({field, value, Shape::block}, max_chars);
}

}  // namespace kundehub::text

#include "cli/output.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <ostream>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "cli/output_style.hpp"
#include "cli/output_values.hpp"
#include "cli/pager.hpp"
#include "cli/time_text.hpp"
#include "core/model/error.hpp"
#include "core/text/display_width.hpp"
#include "core/text/nearest.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

constexpr std::array<std::string_view, 8> format_names{"table", "json", "jsonl", "csv", "tsv", "ids", "count", "vcard"};

/// The nearest known name as a hint or, with none near, all of them.
std::string hint_for(std::string_view word, std::span<const std::string_view> known) {
  if (const auto near = text::nearest(word, known)) return tr("did you mean {}", *near);
  return tr("known: {}", fmt::join(known, ", "));
}

/// The fields to print. Throws Error{usage} for one that the kind does not have.
std::vector<std::string> choose_fields(const OutputOptions& options, const RecordKind& kind,
                                       const std::vector<std::string_view>& by_default) {
  for (const std::string& field : options.fields) {
    if (std::find(kind.fields.begin(), kind.fields.end(), field) == kind.fields.end()) {
      throw Error(ErrorKind::usage, tr("unknown field {}", text::quoted(field)), hint_for(field, kind.fields));
    }
  }
  if (!options.fields.empty()) return options.fields;
  return {by_default.begin(), by_default.end()};
}

[[noreturn]] void refuse_vcard() {
  throw Error(ErrorKind::usage, tr("these records have no form as vcard"), "kundehub customer export --format vcard");
}

const Record& field_of(const Record& record, const std::string& field) {
  static const Record absent;
  const auto found = record.find(field);
  return found == record.end() ? absent : *found;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

/// `text` with `blanks` before every line but the first.
std::string indent_further_lines(std::string_view text, std::size_t blanks) {
  std::string indented;
  for (const char c : text) {
    indented += c;
    if (c == '\n') indented.append(blanks, ' ');
  }
  return indented;
}

std::string marked(std::string_view text, const Mark& mark) {
  const std::size_t begin = std::min(mark.begin, text.size()), end = std::clamp(mark.end, begin, text.size());
  return fmt::format("{}{}{}", text::for_terminal(text.substr(0, begin)),
                     in_style(Style::bold, text::for_terminal(text.substr(begin, end - begin))),
                     text::for_terminal(text.substr(end)));
}

bool is_time(std::string_view field, const Record& value) {
  return value.is_string() && (field == "at" || field == "since" || field.ends_with("_at"));
}

}  // namespace

Format parse_format(std::string_view name) {
  const auto found = std::find(format_names.begin(), format_names.end(), name);
  if (found == format_names.end()) {
    throw Error(ErrorKind::usage, tr("unknown format {}", text::quoted(name)), hint_for(name, format_names));
  }
  return static_cast<Format>(found - format_names.begin());
}

RecordWriter::RecordWriter(std::ostream& out, const OutputOptions& options, const RecordKind& kind, Shape shape)
    : m_out(out),
      m_format(options.format.value_or(Format::table)),
      m_header(options.header),
      m_null_after_id(options.null_after_id),
      m_color(options.color),
      m_screen(options.screen),
      m_pager_command(&out == options.terminal ? options.pager : std::string()),
      m_now(options.now),
      m_kind(kind),
      m_shape(shape),
      m_selects(!options.fields.empty()) {
  const bool is_list = m_format == Format::table && shape == Shape::many;
  if (m_format == Format::vcard) refuse_vcard();
  m_fields = choose_fields(options, kind, is_list ? kind.table_columns : kind.fields);
}

RecordWriter::~RecordWriter() = default;

void RecordWriter::add(const Record& record, const std::optional<Mark>& mark) {
  switch (m_format) {
    case Format::table:
      m_shape == Shape::many ? add_row(record, mark) : add_text(record);
      break;
    case Format::json:
      add_json(record);
      break;
    case Format::jsonl:
      m_out << to_json_text(m_selects ? selected(record) : record, -1) << '\n';
      break;
    case Format::csv:
    case Format::tsv:
      add_separated(record);
      break;
    case Format::ids:
      m_out << m_kind.id(record) << (m_null_after_id ? '\0' : '\n');
      break;
    case Format::count:
    case Format::vcard:
      break;
  }
  ++m_count;
}

void RecordWriter::finish() {
  if (m_format == Format::table && m_shape == Shape::many) write_table();
  if (m_pager) m_pager->finish();
  if (m_format == Format::json && m_shape == Shape::many) m_out << (m_count == 0 ? "[]\n" : "\n]\n");
  if (m_format == Format::count) m_out << m_count << '\n';
}

Record RecordWriter::selected(const Record& record) const {
  Record chosen = Record::object();
  for (const std::string& field : m_fields) chosen[field] = field_of(record, field);
  return chosen;
}

void RecordWriter::add_json(const Record& record) {
  const std::string json = to_json_text(m_selects ? selected(record) : record, 2);
  if (m_shape == Shape::one) {
    m_out << json << '\n';
  } else {
    // JSON has no line breaks inside its strings, so the text can be indented as it is.
    m_out << (m_count == 0 ? "[\n  " : ",\n  ") << indent_further_lines(json, 2);
  }
}

void RecordWriter::add_separated(const Record& record) {
  const bool is_csv = m_format == Format::csv;
  const char separator = is_csv ? ',' : '\t';
  std::string line;
  if (m_count == 0 && m_header) line = fmt::format("{}\n", fmt::join(m_fields, std::string_view(&separator, 1)));
  bool is_first = true;
  for (const std::string& field : m_fields) {
    if (!is_first) line += separator;
    is_first = false;
    const std::string text = to_plain_text(field_of(record, field), Reader::program);
    line += is_csv ? to_csv_field(text) : to_tsv_field(text);
    // A line with nothing on it is no record to those who read CSV.
    if (is_csv && text.empty() && m_fields.size() == 1) line += "\"\"";
  }
  m_out << line << '\n';
}

/// A value as people read it, safe for the terminal.
std::string RecordWriter::cell(const Record& record, const std::string& field, const std::optional<Mark>& mark) const {
  const Record& value = field_of(record, field);
  if (is_time(field, value)) {
    const Time time = parse_date(value.get<std::string>(), m_now);
    if (!m_screen) return format_local(time);
    return m_shape == Shape::many ? format_relative(time, m_now) : format_both(time, m_now);
  }
  const std::string text = to_plain_text(value, Reader::person);
  if (m_shape == Shape::one)
    return in_style(m_color ? style_of(field, value) : Style::plain, text::for_terminal_block(text));
  if (m_color && mark && mark->field == field) return marked(text, *mark);
  return in_style(m_color ? style_of(field, value) : Style::plain, text::for_terminal(text));
}

void RecordWriter::add_text(const Record& record) {
  std::vector<std::pair<std::string_view, std::string>> lines;
  std::size_t width = 0;
  for (const std::string& field : m_fields) {
    std::string text = cell(record, field);
    if (text.empty()) continue;
    width = std::max(width, field.size());
    lines.emplace_back(field, std::move(text));
  }
  if (m_count > 0) m_out << '\n';
  for (const auto& [field, text] : lines) {
    m_out << with_colors(fmt::format("{:<{}}  {}\n", field, width, indent_further_lines(text, width + 2)));
  }
}

void RecordWriter::add_row(const Record& record, const std::optional<Mark>& mark) {
  if (m_is_left) return;
  std::vector<std::string> row;
  for (const std::string& field : m_fields) row.push_back(cell(record, field, mark));
  m_rows.push_back(std::move(row));
  constexpr std::size_t rows_in_step = 10'000;  // a million rows need no more memory than these
  if (m_rows.size() == rows_in_step) write_table();
}

void RecordWriter::write_table() {
  if (m_rows.empty()) return;
  const bool is_continued = !m_widths.empty();
  std::vector<std::string> headings, below;
  if (m_header && !is_continued) std::transform(m_fields.begin(), m_fields.end(), std::back_inserter(headings), upper);
  if (m_screen && !m_fit) m_fit.emplace(headings, m_rows, m_screen->columns);
  if (m_fit) below = m_fit->apply(headings, m_rows);
  const std::string table = to_table_of_same_columns(headings);
  const std::string text = with_colors(below.empty() ? table : interleave(table, headings.empty() ? 0 : 1, below));
  m_rows.clear();
  print(text);
}

/// The columns of the rows that are printed already stay as wide: a row as wide as they are is laid out too, and taken
/// away.
std::string RecordWriter::to_table_of_same_columns(std::vector<std::string> headings) {
  const bool is_continued = !m_widths.empty();
  if (is_continued) {
    std::vector<std::string> widest;
    for (const std::size_t width : m_widths) widest.emplace_back(width, 'x');
    m_rows.insert(m_rows.begin(), std::move(widest));
  }
  std::string table = to_table(headings, m_rows);
  if (is_continued) table.erase(0, table.find('\n') + 1);
  m_widths.resize(m_rows.front().size());
  m_rows.push_back(std::move(headings));
  for (const auto& row : m_rows) {
    for (std::size_t i = 0; i < row.size(); ++i) m_widths[i] = std::max(m_widths[i], text::display_width(row[i]));
  }
  return table;
}

void RecordWriter::print(const std::string& text) {
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  const bool is_long = m_screen && lines + 1 > m_screen->rows;
  if (is_long && !m_pager && !m_pager_command.empty()) m_pager = std::make_unique<Pager>(m_pager_command);
  if (!m_pager) {
    m_out << text;
  } else if (!m_pager->write(text)) {
    m_is_left = true;
  }
}

void print_text(std::ostream& out, const OutputOptions& options, const std::string& text) {
  const bool is_json = options.format == Format::json || options.format == Format::jsonl;
  const std::string shown = is_json ? to_json_text(text, -1) : text::for_terminal_block(text);
  out << shown << (shown.ends_with('\n') ? "" : "\n");
}

void check_fields(const OutputOptions& options, const RecordKind& kind) {
  if (options.format == Format::vcard) refuse_vcard();
  choose_fields(options, kind, kind.fields);
}

void check_written(std::ostream& out) {
  out.flush();
  if (!out) throw Error(ErrorKind::no_output, tr("standard output cannot be written"));
}

}  // namespace kundehub::cli

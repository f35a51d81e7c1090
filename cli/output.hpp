#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/screen.hpp"
#include "cli/table_fit.hpp"
#include "core/model/time.hpp"

namespace kundehub::cli {

class Pager;

/// The forms of CLI.md. `table` also stands for plain aligned text where there is one record.
enum class Format { table, json, jsonl, csv, tsv, ids, count, vcard };

/// Throws Error{usage} with the nearest known name.
Format parse_format(std::string_view name);

/// What `--format`, `--fields`, `--no-header` and `--null` ask for.
struct OutputOptions {
  std::optional<Format> format;     ///< absent: table
  std::vector<std::string> fields;  ///< empty: each command's own
  bool header = true;
  bool null_after_id = false;
  bool color = false;                      ///< what values mean is colored, and marks are shown
  std::optional<Screen> screen{};          ///< of the terminal that it is printed to, if it is one
  const std::ostream* terminal = nullptr;  ///< what is printed elsewhere, to be shown later, goes through no pager
  std::string pager{};                     ///< shows a table that is longer than the screen; empty: nothing does
  Time now{};                              ///< for `2 days ago`
};

/// The stretch of a text field that a table shows in bold: bytes.
struct Mark {
  std::string_view field;
  std::size_t begin = 0, end = 0;
};

/// A record as scripts see it: snake_case keys in their published order, times in RFC 3339, absent values null.
using Record = nlohmann::ordered_json;

/// A kind of record: which keys it has, which of them a table shows, what its id is.
struct RecordKind {
  std::vector<std::string_view> fields;         ///< every key, in order
  std::vector<std::string_view> table_columns;  ///< shown by `table` unless --fields says otherwise
  std::string (*id)(const Record&);             ///< as `--format ids` prints it
};

/// Prints records one after the other in the chosen form. Text from records never reaches `out` raw in `table`.
class RecordWriter {
 public:
  /// `many`: a list (JSON array, a table with headings) or one record (JSON object, aligned `key  value` lines).
  enum class Shape { one, many };

  /// Throws Error{usage} with the nearest name if --fields names an unknown field, and for vcard, which only
  /// `customer export` writes.
  RecordWriter(std::ostream& out, const OutputOptions& options, const RecordKind& kind, Shape shape);
  ~RecordWriter();

  void add(const Record& record, const std::optional<Mark>& mark = std::nullopt);

  /// Prints what was held back (the last rows of a table, the closing bracket, the count), and waits until the user has
  /// left a pager. Must be called once.
  void finish();

 private:
  [[nodiscard]] Record selected(const Record& record) const;
  void add_json(const Record& record);
  void add_separated(const Record& record);
  void add_text(const Record& record);
  void add_row(const Record& record, const std::optional<Mark>& mark);
  [[nodiscard]] std::string cell(const Record& record, const std::string& field,
                                 const std::optional<Mark>& mark = std::nullopt) const;
  void write_table();
  std::string to_table_of_same_columns(std::vector<std::string> headings);
  void print(const std::string& text);

  std::ostream& m_out;
  Format m_format;
  bool m_header;
  bool m_null_after_id;
  bool m_color;
  std::optional<Screen> m_screen;
  std::string m_pager_command;
  std::unique_ptr<Pager> m_pager;
  bool m_is_left = false;  ///< nobody reads any more
  Time m_now;
  const RecordKind& m_kind;
  Shape m_shape;
  bool m_selects;                                ///< --fields was given
  std::vector<std::string> m_fields;             ///< what is printed, in order
  std::vector<std::vector<std::string>> m_rows;  ///< of a table, until their widths are known
  std::optional<TableFit> m_fit;                 ///< of a table on a screen
  std::vector<std::size_t> m_widths;             ///< of the columns, once rows of the table are printed
  std::size_t m_count = 0;
};

/// Prints a text that is no record, such as a path: as it is and safe for the terminal or, as JSON, in quotes.
void print_text(std::ostream& out, const OutputOptions& options, const std::string& text);

/// Throws Error{usage} with the nearest name if --fields names a field that `kind` does not have. A command that
/// changes something asks before it does.
void check_fields(const OutputOptions& options, const RecordKind& kind);

/// Throws Error{no_output} if `out` has failed (full disk, closed pipe).
void check_written(std::ostream& out);

}  // namespace kundehub::cli

#include <dlfcn.h>
#include <langinfo.h>
#include <libsmartcols/libsmartcols.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <cstdlib>
#include <cwchar>
#include <memory>
#include <new>
#include <string_view>

#include <fmt/format.h>

#include "cli/output_values.hpp"
#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

constexpr const char* library_name = "libsmartcols.so.1";

/// smartcols, loaded when the first table is printed: a script that asks for ids or JSON does not wait for it.
struct Smartcols {
  /// Throws Error{config} if the machine has none, Error{temporary} if it is short of something.
  Smartcols();

  decltype(&scols_new_table) new_table;
  decltype(&scols_unref_table) unref_table;
  decltype(&scols_table_enable_noheadings) enable_noheadings;
  decltype(&scols_table_enable_noencoding) enable_noencoding;
  decltype(&scols_table_set_column_separator) set_column_separator;
  decltype(&scols_table_new_column) new_column;
  decltype(&scols_table_new_line) new_line;
  decltype(&scols_line_set_data) set_data;
  decltype(&scols_print_table_to_string) print_table;
};

[[noreturn]] void refuse_library(int error) {
  const bool is_short = error == EMFILE || error == ENFILE || error == ENOMEM;
  throw Error(is_short ? ErrorKind::temporary : ErrorKind::config, tr("no table can be printed: {}", dlerror()),
              is_short     ? tr("try again later, or with --format tsv")
              : error == 0 ? tr("the package libsmartcols1 is too old; --format tsv needs none")
                           : tr("install the package libsmartcols1; --format tsv needs none"));
}

template <class Function>
void find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
  if (function == nullptr) refuse_library(0);
}

Smartcols::Smartcols() {
  errno = 0;
  void* const library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);  // never closed
  if (library == nullptr) refuse_library(errno);
  find(library, "scols_new_table", new_table);
  find(library, "scols_unref_table", unref_table);
  find(library, "scols_table_enable_noheadings", enable_noheadings);
  find(library, "scols_table_enable_noencoding", enable_noencoding);
  find(library, "scols_table_set_column_separator", set_column_separator);
  find(library, "scols_table_new_column", new_column);
  find(library, "scols_table_new_line", new_line);
  find(library, "scols_line_set_data", set_data);
  find(library, "scols_print_table_to_string", print_table);
}

const Smartcols& smartcols() {
  static const Smartcols loaded;
  return loaded;
}

struct TableDeleter {
  void operator()(libscols_table* table) const { smartcols().unref_table(table); }
};

struct TextDeleter {
  void operator()(char* text) const { std::free(text); }
};

/// smartcols measures text by the locale, and cron starts programs in one that knows ASCII only. False if the machine
/// has no other.
bool use_utf8() {
  if (std::string_view(nl_langinfo(CODESET)) != "UTF-8" && std::setlocale(LC_CTYPE, "C.UTF-8") == nullptr) return false;
  // glibc goes on in ASCII where there is no memory for the locale's tables when a letter is first read.
  constexpr std::string_view letter = "æ";
  std::mbstate_t state{};
  if (std::mbrtowc(nullptr, letter.data(), letter.size(), &state) != letter.size()) throw std::bad_alloc();
  return true;
}

/// smartcols reports nothing but a lack of memory here.
void check(int result) {
  if (result != 0) throw std::bad_alloc();
}

void add_row(libscols_table* table, const std::vector<std::string>& row) {
  libscols_line* const line = smartcols().new_line(table, nullptr);
  if (line == nullptr) throw std::bad_alloc();
  for (std::size_t i = 0; i < row.size(); ++i) check(smartcols().set_data(line, i, row[i].c_str()));
}

/// An empty last cell leaves its row padded.
std::string without_trailing_blanks(std::string_view text) {
  std::string trimmed;
  trimmed.reserve(text.size() + 1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    trimmed.append(line.substr(0, line.find_last_not_of(' ') + 1)).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return trimmed;
}

}  // namespace

std::string to_table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return {};
  const bool knows_utf8 = use_utf8();
  const Smartcols& scols = smartcols();
  const std::unique_ptr<libscols_table, TableDeleter> table(scols.new_table());
  if (!table) throw std::bad_alloc();
  check(scols.enable_noheadings(table.get(), headings.empty() ? 1 : 0));
  // The cells are safe already, and would be escaped again. But what the locale cannot read has to be escaped:
  // smartcols 2.38 would try to measure it for ever.
  check(scols.enable_noencoding(table.get(), knows_utf8 ? 1 : 0));
  check(scols.set_column_separator(table.get(), "  "));
  for (std::size_t i = 0; i < rows.front().size(); ++i) {
    const char* const heading = headings.empty() ? "" : headings[i].c_str();
    // Without a flag that allows it, no column is cut or wrapped, however narrow the terminal.
    if (scols.new_column(table.get(), heading, 0, 0) == nullptr) throw std::bad_alloc();
  }
  for (const auto& row : rows) add_row(table.get(), row);

  char* printed = nullptr;
  check(scols.print_table(table.get(), &printed));
  const std::unique_ptr<char, TextDeleter> text(printed);
  if (!text) throw std::bad_alloc();  // which it does not report here
  return without_trailing_blanks(text.get());
}

}  // namespace kundehub::cli

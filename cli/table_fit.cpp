#include "cli/table_fit.hpp"

#include <algorithm>
#include <numeric>

#include "cli/output_style.hpp"
#include "core/text/display_width.hpp"

namespace kundehub::cli {
namespace {

constexpr std::size_t separator = 2;
constexpr std::size_t least_width = 12;

using Row = std::vector<std::string>;

std::vector<std::size_t> widths_of(const Row& headings, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  const auto widen = [&](const Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], text::display_width(row[i]));
  };
  widen(headings);
  std::for_each(rows.begin(), rows.end(), widen);
  return widths;
}

/// Takes one column of the screen after the other from whichever column of the table is the widest.
std::vector<std::size_t> fitting(std::vector<std::size_t> widths, const Row& headings, std::size_t room) {
  std::size_t total = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
  while (total > room) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    const auto i = static_cast<std::size_t>(widest - widths.begin());
    const std::size_t heading = i < headings.size() ? text::display_width(headings[i]) : 0;
    if (*widest <= std::max(least_width, heading)) break;
    --*widest;
    --total;
  }
  return widths;
}

}  // namespace

void fit_table(const Row& headings, std::vector<Row>& rows, std::size_t columns) {
  if (rows.empty()) return;
  const std::size_t between = separator * (rows.front().size() - 1);
  const auto widths = fitting(widths_of(headings, rows), headings, columns > between ? columns - between : 0);
  for (Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (text::display_width(row[i]) > widths[i]) row[i] = with_closed_styles(text::shortened(row[i], widths[i]));
    }
  }
}

}  // namespace kundehub::cli

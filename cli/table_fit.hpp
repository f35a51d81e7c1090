#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace kundehub::cli {

/// Shortens the cells of the widest columns, evenly, until the table fits into `columns` of a terminal. A column keeps
/// at least 12 and its heading, so that numbers, ids and dates stay whole: a table of very many columns stays too wide.
void fit_table(const std::vector<std::string>& headings, std::vector<std::vector<std::string>>& rows,
               std::size_t columns);

}  // namespace kundehub::cli

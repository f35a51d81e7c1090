#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/exchange/record_reader.hpp"

/// A file of the rows that were not imported, as they came, with the reason: mended, it can be imported again.
namespace kundehub::exchange {

/// A record as it came, without what an earlier import wrote as its reason.
std::string rejected_text(const ImportRecord& record, const RecordReader& records);

/// The line above the rejected rows: the headings and `reason`. Empty where there are no headings.
std::string rejects_heading(const RecordReader& records, bool has_headings);

/// A rejected row with its reason, as a line.
std::string rejected_line(std::string_view text, std::string_view reason, const RecordReader& records);

}  // namespace kundehub::exchange

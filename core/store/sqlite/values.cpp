#include "core/store/sqlite/values.hpp"

#include <algorithm>

namespace kundehub::sqlite {

void bind_text(Statement& statement, const char* name, const std::string& text) {
  if (text.empty()) {
    statement.bind(name);
  } else {
    statement.bind(name, text);
  }
}

void bind_time(Statement& statement, const char* name, Time time) {
  statement.bind(name, static_cast<std::int64_t>(time.time_since_epoch().count()));
}

void bind_time(Statement& statement, const char* name, const std::optional<Time>& time) {
  if (time) {
    bind_time(statement, name, *time);
  } else {
    statement.bind(name);
  }
}

Time read_time(const SQLite::Column& column) {
  return Time(Seconds(column.getInt64()));
}

std::optional<Time> read_optional_time(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional(read_time(column));
}

HubSwitch read_switch(const SQLite::Column& column) {
  return column.getInt() != 0 ? HubSwitch::on : HubSwitch::off;
}

std::optional<EmailAddress> read_email(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional(EmailAddress::parse(column.getString()));
}

std::vector<std::string> read_lines(const SQLite::Column& column) {
  std::vector<std::string> lines;
  const std::string text = column.getString();
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace kundehub::sqlite

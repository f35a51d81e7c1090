#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/customer.hpp"
#include "core/model/email_address.hpp"
#include "core/model/time.hpp"
#include "core/store/sqlite/connection.hpp"

/// Between the domain's values and SQLite's.
namespace kundehub::sqlite {

/// Empty text is kept as NULL.
void bind_text(Statement& statement, const char* name, const std::string& text);
void bind_time(Statement& statement, const char* name, Time time);
void bind_time(Statement& statement, const char* name, const std::optional<Time>& time);

inline int to_int(HubSwitch hub) {
  return hub == HubSwitch::on ? 1 : 0;
}

Time read_time(const SQLite::Column& column);
std::optional<Time> read_optional_time(const SQLite::Column& column);
HubSwitch read_switch(const SQLite::Column& column);
std::optional<EmailAddress> read_email(const SQLite::Column& column);

/// The parts of text joined by newlines, sorted. Empty text: none.
std::vector<std::string> read_lines(const SQLite::Column& column);

/// `[1,2,3]`, for json_each.
template <class IdType>
std::string to_json_array(const std::vector<IdType>& ids) {
  std::string json = "[";
  for (const IdType& id : ids) json += (json.size() > 1 ? "," : "") + std::to_string(id.value);
  return json + "]";
}

}  // namespace kundehub::sqlite

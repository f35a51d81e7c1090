#include "cli/log/change_report.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include <fmt/format.h>

#include "cli/records.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

/// SGR 31 and 32 (ECMA-48, 8.3.117): what was, in red, and what is, in green.
constexpr std::string_view red = "\x1b[31m", green = "\x1b[32m", plain = "\x1b[39m";

/// One value of a field, a line each where it has several.
void print_value(Session& session, char sign, std::string_view field, const std::string& value) {
  if (value.empty()) return;
  const bool has_color = session.shows_color();
  std::string_view rest = value;
  for (bool is_first = true; is_first || !rest.empty(); is_first = false) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    session.out() << fmt::format("{}  {} {:<14} {}{}\n", has_color ? (sign == '-' ? red : green) : "", sign,
                                 is_first ? field : "", text::for_terminal(rest.substr(0, end)),
                                 has_color ? plain : "");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void print_change(Session& session, const RecordChange& change) {
  session.out() << text::for_terminal(fmt::format("{} {}{}{}{}", to_string(change.kind), change.record,
                                                  change.id.empty() ? "" : " " + change.id,
                                                  change.name.empty() ? "" : ": ", change.name))
                << '\n';
  for (const FieldChange& field : change.fields) {
    print_value(session, '-', field.field, field.before);
    print_value(session, '+', field.field, field.after);
  }
}

}  // namespace

void print_difference(Session& session, Store& store, const OperationEntry& entry) {
  const OperationContext& context = entry.context;
  session.out() << text::for_terminal(
                       tr("op:{}  {}  {} at {}", entry.id.value, format_local(context.at), context.actor, context.host))
                << "\n  " << text::for_terminal(context.command) << '\n';
  store.each_change(entry.id, [&](const RecordChange& change) {
    session.out() << '\n';
    print_change(session, change);
  });
}

Record changes_record(Store& store, OperationId id) {
  Record changes = Record::array();
  store.each_change(id, [&](const RecordChange& change) { changes.push_back(to_record(change)); });
  return changes;
}

}  // namespace kundehub::cli

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "core/store/maintenance.hpp"

namespace kundehub::cli {
namespace {

struct DbCheckOptions {};

const RecordKind breach_kind{{"check", "record", "text", "remedy"},
                             {"check", "record", "text", "remedy"},
                             [](const Record& record) { return record.at("check").get<std::string>(); }};

Record text_or_null(const std::string& text) {
  return text.empty() ? Record(nullptr) : Record(text);
}

/// Prints what is unsound, and counts it.
class Findings {
 public:
  explicit Findings(Session& session)
      : m_writer(session.out(), session.options().output, breach_kind, RecordWriter::Shape::many) {}

  void add(const RuleBreach& breach) {
    Record record;
    record["check"] = breach.rule;
    record["record"] = text_or_null(breach.record);
    record["text"] = breach.text;
    record["remedy"] = text_or_null(breach.remedy);
    m_writer.add(record);
    ++m_count;
  }

  std::int64_t finish() {
    m_writer.finish();
    return m_count;
  }

 private:
  RecordWriter m_writer;
  std::int64_t m_count = 0;
};

void check_key(Session& session, Findings& findings) {
  try {
    LinkKey::load(session.key_file());
  } catch (const Error& error) {
    findings.add({"key", "", error.what(), error.hint()});
  }
}

ExitCode run_db_check(const DbCheckOptions&, Session& session) {
  Findings findings(session);
  session.maintenance()->check([&](const RuleBreach& breach) { findings.add(breach); });
  check_key(session, findings);
  const std::int64_t count = findings.finish();
  if (count == 0)
    session.note("the database is sound");
  else
    session.note(fmt::format("{} finding{}", count, count == 1 ? "" : "s"));
  return count == 0 ? ExitCode::ok : ExitCode::config;
}

}  // namespace

void add_db_check(CLI::App& parent, Action& chosen) {
  add_verb(parent, "check", "is the database sound: its file, references, rules, queue and key; exit 0 or 78",
           std::make_shared<DbCheckOptions>(), run_db_check, chosen);
}

}  // namespace kundehub::cli

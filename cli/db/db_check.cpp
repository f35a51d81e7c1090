#include <grp.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "core/store/maintenance.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct DbCheckOptions {};

const RecordKind breach_kind{{"check", "record", "text", "remedy"},
                             {"check", "record", "text", "remedy"},
                             [](const Record& record) { return record.at("check").get<std::string>(); }};

/// Prints what is unsound, and counts it.
class Findings {
 public:
  explicit Findings(Session& session)
      : m_writer(session.out(), session.options().output, breach_kind, RecordWriter::Shape::many) {}

  void add(const RuleBreach& breach) {
    Record record = Record::object();
    record["check"] = breach.rule;
    record["record"] = text_value(breach.record);
    record["text"] = breach.text;
    record["remedy"] = text_value(breach.remedy);
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

void check_key(Session& session, Findings& findings, StoreMaintenance& maintenance) {
  try {
    const LinkKey key = LinkKey::load(session.key_file());
    const auto link = maintenance.look(std::chrono::milliseconds(0)).live_link;
    if (link && !key.has_made(*link))
      findings.add({"key", "", tr("another key has made the login links that are out: they do not work"),
                    tr("if there is a copy of the right one: kundehub db key import FILE")});
  } catch (const Error& error) {
    findings.add({"key", "", error.what(), error.hint()});
  }
}

/// Who besides the owner may read it is what the configuration says, no more and no less.
void check_group(Session& session, Findings& findings) {
  struct stat info {};
  const std::filesystem::path file = session.database_file();
  if (stat(file.c_str(), &info) != 0 || (info.st_mode & S_IRWXO) != 0) return;  // or told of already
  const std::string& name = session.config().database.group;
  const bool may_read = (info.st_mode & S_IRGRP) != 0;
  if (name.empty() && may_read)
    findings.add({"mode", "", tr("the database can be read by a group, and database.group names none"),
                  fmt::format("chmod g= {}", text::shell_word(file.native()))});
  const ::group* group = name.empty() ? nullptr : getgrnam(name.c_str());
  if (!name.empty() && (!may_read || !group || group->gr_gid != info.st_gid))
    findings.add({"mode", "", tr("the database cannot be read by database.group, {}", text::quoted(name)),
                  group ? "kundehub init" : "kundehub config set database.group GROUP"});
}

ExitCode run_db_check(const DbCheckOptions&, Session& session) {
  Findings findings(session);
  const auto maintenance = session.maintenance();
  maintenance->check([&](const RuleBreach& breach) { findings.add(breach); });
  check_key(session, findings, *maintenance);
  check_group(session, findings);
  const std::int64_t count = findings.finish();
  if (count == 0)
    session.note(tr("the database is sound"));
  else
    session.note(tr_n("{} finding", "{} findings", static_cast<std::size_t>(count), count));
  return count == 0 ? ExitCode::ok : ExitCode::config;
}

}  // namespace

void add_db_check(CLI::App& parent, Action& chosen) {
  add_verb(parent, "check", "is the database sound: its file, references, rules, queue and key; exit 0 or 78",
           std::make_shared<DbCheckOptions>(), run_db_check, chosen);
}

}  // namespace kundehub::cli

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "core/service/hub_access.hpp"
#include "core/welcome/welcome_message.hpp"

namespace kundehub::cli {
namespace {

struct ConfigCheckOptions {};

const RecordKind finding_kind{{"check", "ok", "text", "remedy"},
                              {"check", "ok", "text", "remedy"},
                              [](const Record& record) { return record.at("check").get<std::string>(); }};

/// Runs the checks one by one and prints what each found.
class Checker {
 public:
  explicit Checker(Session& session)
      : m_writer(session.out(), session.options().output, finding_kind, RecordWriter::Shape::many) {}

  /// `step` throws what is wrong.
  void check(std::string_view what, const std::function<void()>& step) {
    Record finding = Record::object();
    finding["check"] = what;
    finding["ok"] = true;
    finding["text"] = nullptr;
    finding["remedy"] = nullptr;
    try {
      step();
    } catch (const Error& error) {
      m_failed = true;
      finding["ok"] = false;
      finding["text"] = error.what();
      if (!error.hint().empty()) finding["remedy"] = error.hint();
    }
    m_writer.add(finding);
  }

  ExitCode finish() {
    m_writer.finish();
    return m_failed ? ExitCode::config : ExitCode::ok;
  }

 private:
  RecordWriter m_writer;
  bool m_failed = false;
};

ExitCode run_config_check(const ConfigCheckOptions&, Session& session) {
  const Config& config = session.config();  // what is malformed ends it here
  Checker checker(session);
  checker.check("database", [&] { session.store(); });
  checker.check("link_key", [&] { session.key(); });
  checker.check("new_customer.modules", [&] { check_modules(session.store(), config.new_customer.modules); });
  checker.check("templates", [&] { session.templates(); });
  checker.check("mail", [&] { check_mail_settings(config); });
  checker.check("mail.transport", [&] {
    if (!config.mail.transport.empty()) session.connect();
  });
  return checker.finish();
}

}  // namespace

void add_config_check(CLI::App& parent, Action& chosen) {
  add_verb(parent, "check", "is the configuration sound, and what it names there; exit 0 or 78",
           std::make_shared<ConfigCheckOptions>(), run_config_check, chosen);
}

}  // namespace kundehub::cli

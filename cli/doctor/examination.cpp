#include "cli/doctor/examination.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/output_style.hpp"
#include "cli/records.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

const RecordKind health_kind{{"check", "state", "text", "remedy"},
                             {"check", "state", "text", "remedy"},
                             [](const Record& record) { return record.at("check").get<std::string>(); }};

/// For programs, so never translated.
std::string_view name_of(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::warning:
      return "warning";
    case Health::error:
      return "error";
    case Health::skipped:
      return "skipped";
  }
  return "?";
}

bool wants_lines(const OutputOptions& output) {
  return output.format.value_or(Format::table) == Format::table && output.fields.empty();
}

}  // namespace

Examination::Examination(Session& session)
    : m_session(session),
      m_prints_lines(wants_lines(session.options().output)),
      m_writer(session.out(), session.options().output, health_kind, RecordWriter::Shape::many) {}

/// A table would have to be as wide as its longest text and its longest remedy together.
void Examination::print_lines(const Finding& finding) {
  const std::string_view state = name_of(finding.health);
  m_session.out() << colored(m_session.options().output, style_of("state", state), fmt::format("{:<8}", state)) << ' '
                  << text::for_terminal(fmt::format("{:<18} {}", finding.check, finding.text)) << '\n';
  if (!finding.remedy.empty())
    m_session.out() << text::for_terminal(fmt::format("{:<27} {}", "", tr("hint: {}", finding.remedy))) << '\n';
  m_session.out() << std::flush;  // a server may take its time
}

void Examination::add(const Finding& finding) {
  if (finding.health == Health::error) {
    m_failed.push_back(finding.check);
    if (!m_first_error) m_first_error = finding;
  }
  if (finding.health == Health::warning) ++m_warnings;
  if (m_prints_lines) return print_lines(finding);
  Record record = Record::object();
  record["check"] = finding.check;
  record["state"] = name_of(finding.health);
  record["text"] = finding.text;
  record["remedy"] = text_value(finding.remedy);
  m_writer.add(record);
}

void Examination::guard(std::string_view check, const std::function<void()>& step) {
  try {
    step();
  } catch (const Error& error) {
    fail(check, error.what(), error.hint(), error.kind());
  } catch (const std::filesystem::filesystem_error& error) {
    const bool denied = error.code() == std::errc::permission_denied;
    fail(check, fmt::format("{}: {}", text::quoted(error.path1().native()), error.code().message()), {},
         denied ? ErrorKind::permission : ErrorKind::config);
  }
}

bool Examination::has_failed(std::string_view prefix) const {
  return std::ranges::any_of(m_failed, [&](std::string_view check) { return check.starts_with(prefix); });
}

void Examination::finish() {
  if (!m_prints_lines) m_writer.finish();
  check_written(m_session.out());
  const std::size_t errors = m_failed.size(), warnings = static_cast<std::size_t>(m_warnings);
  if (errors == 0 && warnings == 0) return m_session.note(tr("everything that was examined is in order"));
  const std::string warned = tr_n("{} warning", "{} warnings", warnings, warnings);
  if (errors == 0) return m_session.note(warned);
  const std::string failed = tr_n("{} error", "{} errors", errors, errors);
  throw Error(m_first_error->kind,
              tr("{} and {}; first {}: {}", failed, warned, m_first_error->check, m_first_error->text),
              m_first_error->remedy);
}

}  // namespace kundehub::cli

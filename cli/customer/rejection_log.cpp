#include "cli/customer/rejection_log.hpp"

#include <fmt/format.h>

#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

constexpr std::size_t kept_in_memory = 100;

std::string describe(const RowRejection& rejection) {
  return tr("row {} (line {}): {}", rejection.place.row, rejection.place.line, rejection.reason);
}

}  // namespace

void RejectionLog::note(ImportStage& stage) {
  m_rest = open_temporary_file();
  stage.each_rejection([this](const RowRejection& rejection) {
    m_has_bad_data = m_has_bad_data || rejection.kind == ErrorKind::bad_data;
    if (m_first.size() < kept_in_memory) {
      m_first.push_back(rejection);
      return;
    }
    const std::string line = describe(rejection) + '\n';
    write_to(m_rest.get(), line.data(), line.size());
  });
}

void RejectionLog::tell(Session& session) const {
  for (const RowRejection& rejection : m_first) session.warn_of_refusal(Error(rejection.kind, describe(rejection)));
  if (!m_rest) return;
  std::rewind(m_rest.get());
  std::string line;
  for (int c = std::fgetc(m_rest.get()); c != EOF; c = std::fgetc(m_rest.get())) {
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    session.warn(line);
    line.clear();
  }
}

}  // namespace kundehub::cli

#include "cli/pager.hpp"

#include <csignal>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {

Pager::Pager(const std::string& command)
    : m_pipe(popen(command.c_str(), "we")), m_on_interrupt(std::signal(SIGINT, SIG_IGN)) {
  if (m_pipe != nullptr) return;
  std::signal(SIGINT, m_on_interrupt);
  throw Error(ErrorKind::no_output, tr("the pager {} cannot be started", text::quoted(command)),
              tr("--no-pager shows the result without it"));
}

Pager::~Pager() {
  pclose(m_pipe);
  std::signal(SIGINT, m_on_interrupt);
}

void Pager::write(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), m_pipe);
}

}  // namespace kundehub::cli

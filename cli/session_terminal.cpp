#include <istream>
#include <ostream>

#include "cli/pager.hpp"
#include "cli/session.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {

void Session::show_progress(std::string_view text) {
  if (!m_surroundings.err_is_terminal || m_options.quiet || environment("TERM").value_or("dumb") == "dumb") return;
  m_surroundings.err << '\r' << text << "\x1b[K" << std::flush;  // ECMA-48, EL: what stood behind it goes
}

bool Session::shows_color() const {
  if (m_options.color == "always") return true;
  if (m_options.color == "never" || !m_surroundings.screen) return false;
  return !environment("NO_COLOR") && environment("TERM").value_or("dumb") != "dumb";
}

void Session::look_at_terminal(OutputOptions& output) const {
  output.color = shows_color();
  output.screen = m_surroundings.screen;
  output.terminal = &m_surroundings.out;
  output.now = now();
  if (!m_options.pager || environment("TERM").value_or("dumb") == "dumb") return;
  std::string pager = environment("KUNDEHUB_PAGER").value_or(environment("PAGER").value_or(usual_pager));
  if (pager != "cat") output.pager = std::move(pager);
}

bool Session::may_ask() const {
  return m_surroundings.in_is_terminal && !m_options.yes && !m_options.no_input;
}

std::optional<std::string> Session::ask(std::string_view question) {
  m_surroundings.err << text::for_terminal(question) << ' ' << std::flush;
  std::string answer;
  if (std::getline(m_surroundings.in, answer)) return answer;
  m_surroundings.err << '\n';  // nobody has ended the question's line
  return std::nullopt;
}

bool Session::ask_yes(std::string_view question) {
  const std::string answer = ask(tr("{} [y/N]", question)).value_or("");
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "j" || answer == "ja";
}

void Session::confirm(const std::string& question) {
  if (m_options.yes || m_options.dry_run) return;
  if (!may_ask()) {
    throw Error(ErrorKind::unconfirmed, tr("confirmation needed: {}", question), tr("add --yes if you are sure"));
  }
  if (!ask_yes(question)) throw Error(ErrorKind::unconfirmed, tr("declined: nothing was changed"));
}

}  // namespace kundehub::cli

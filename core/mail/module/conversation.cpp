#include "core/mail/module/conversation.hpp"

#include <strings.h>

namespace kundehub::mail {
namespace {

constexpr std::size_t max_reply = 64 * 1024;
constexpr std::size_t kept_reply = 4 * 1024;  // raw; what is shown is cut further

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// One line of a reply, or nothing if it is none (RFC 5321, section 4.2).
struct ReplyLine {
  int code;
  bool last;
  std::string_view text;
};

std::optional<ReplyLine> parse_line(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() < 3 || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2])) return std::nullopt;
  const char separator = line.size() == 3 ? ' ' : line[3];
  if (separator != ' ' && separator != '-') return std::nullopt;
  const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  return ReplyLine{code, separator == ' ', line.size() == 3 ? std::string_view() : line.substr(4)};
}

/// EHLO's keyword AUTH (RFC 4954, section 3).
bool names_auth(std::string_view text) {
  constexpr std::string_view keyword = "AUTH ";
  return text.size() >= keyword.size() && strncasecmp(text.data(), keyword.data(), keyword.size()) == 0;
}

}  // namespace

void Conversation::begin_mail() noexcept {
  m_last.reset();
  m_text.clear();
  m_code.reset();
  m_reply_bytes = 0;
  m_opened = false;
  m_over = false;
  m_awaiting = Stage::connect;
}

void Conversation::begin_connection() noexcept {
  m_opened = true;
  m_tls_asked = m_authenticated = m_offers_auth = false;
  m_awaiting = Stage::greeting;
}

void Conversation::begin_transaction() noexcept {
  m_transaction_bytes = 0;
  m_awaiting = Stage::mail_from;
}

void Conversation::end_data() noexcept {
  m_awaiting = Stage::final_dot;
}

Conversation::LineResult Conversation::take_line(std::string_view line) {
  m_transaction_bytes += line.size();
  m_reply_bytes += line.size();
  if (m_reply_bytes > max_reply) return LineResult::too_long;
  const auto parsed = parse_line(line);
  if (!parsed || m_over) return LineResult::taken;
  if (m_awaiting == Stage::hello && names_auth(parsed->text)) m_offers_auth = true;
  if (m_text.size() < kept_reply) {
    if (m_code) m_text += " / ";
    m_text += parsed->text.substr(0, kept_reply);
  }
  if (!m_code) m_code = parsed->code;
  if (*m_code != parsed->code) m_code = 0;
  if (parsed->last) complete(*m_code);
  return LineResult::taken;
}

void Conversation::complete(int code) {
  m_last = Reply{m_awaiting, code, std::move(m_text)};
  m_text.clear();
  m_code.reset();
  m_reply_bytes = 0;
  advance(code);
}

void Conversation::advance(int code) noexcept {
  const bool positive = code / 100 == 2;
  switch (m_awaiting) {
    case Stage::greeting:
      if (positive) m_awaiting = Stage::hello;
      break;
    case Stage::hello:  // after a refusal libcurl may try HELO
      if (positive) m_awaiting = m_encryption == Encryption::starttls && !m_tls_asked ? Stage::tls : Stage::auth;
      break;
    case Stage::tls:
      m_tls_asked = true;
      m_offers_auth = false;  // what was said in the clear does not count (RFC 3207, section 4.2)
      if (positive) m_awaiting = Stage::hello;
      break;
    case Stage::auth:
      if (code == 235) m_authenticated = true;
      break;
    case Stage::mail_from:
      if (positive) m_awaiting = Stage::recipient;
      m_over = !positive;
      break;
    case Stage::recipient:
      if (positive) m_awaiting = Stage::data;
      m_over = !positive;
      break;
    case Stage::data:
      m_over = code != 354;
      break;
    case Stage::final_dot:
      m_over = true;
      break;
    case Stage::connect:
      break;
  }
}

}  // namespace kundehub::mail

#include "core/mail/module/smtp_mailer.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>
#include <optional>

#include <fmt/core.h>

#include "core/mail/module/local_failure.hpp"
#include "core/mail/module/plain_text.hpp"
#include "core/mail/module/received_bytes.hpp"

namespace kundehub::mail {
namespace {

constexpr std::chrono::seconds whole_mail_timeout{900};

void initialise_curl() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
      throw Unsendable(Blame::settings, "cannot initialise libcurl");
  });
}

/// Throws for an option that this libcurl refuses: to go on without one is to send in the clear, or to wait for ever.
template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(handle, option, value);
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code == CURLE_OK) return;
  throw Unsendable(Blame::settings,
                   fmt::format("libcurl refuses option {}: {}", static_cast<int>(option), curl_easy_strerror(code)));
}

void check_setting(std::string_view name, const std::string& value) {
  // The value may be a password: not quoted.
  if (!line_fault(value).empty())
    throw Unsendable(Blame::settings, fmt::format("the mail {} {}", name, line_fault(value)));
}

/// TLS is not asked of a loopback host. "If the server has it" is never an answer: whoever can strip the offer could
/// read the password.
Conversation::Encryption encryption_for(const SmtpUrl& url, const TransportSettings& settings) {
  if (url.scheme == SmtpScheme::smtps) return Conversation::Encryption::implicit;
  if (settings.tls_required && !url.is_loopback()) return Conversation::Encryption::starttls;
  if (!settings.username.empty() && !url.is_loopback()) {
    throw Unsendable(Blame::settings, fmt::format("a password is not sent to {} without TLS", quoted(url.host)));
  }
  return Conversation::Encryption::none;
}

/// Until when the certificate of the server itself is valid; absent if libcurl cannot tell.
std::optional<Time> certificate_expiry(CURL* handle) {
  constexpr std::string_view name = "Expire date:";
  const curl_certinfo* chain = nullptr;
  if (curl_easy_getinfo(handle, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain || chain->num_of_certs < 1)
    return std::nullopt;
  for (const curl_slist* line = chain->certinfo[0]; line; line = line->next) {
    const std::string_view text = line->data;
    if (!text.starts_with(name)) continue;
    const std::time_t expiry = curl_getdate(line->data + name.size(), nullptr);
    if (expiry != -1) return Time(Seconds(expiry));
  }
  return std::nullopt;
}

/// The course of a conversation in which NOOP stood for the mail.
SendResult after_noop(const Course& course, const Conversation& conversation) {
  const std::optional<Reply>& reply = conversation.last_reply();
  const bool is_answer = reply && reply->stage == Stage::mail_from && reply->code / 100 == 2;
  if (course.code != CURLE_OK || course.halt != Halt::none || !is_answer) return classify(course, conversation);
  return {.outcome = Outcome::accepted,
          .stage = Stage::mail_from,
          .code = reply->code,
          .reply = printable(fmt::format("{:03} {}", reply->code, reply->text))};
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

}  // namespace

/// One mail on its way: what libcurl's callbacks share.
struct SmtpMailer::Transfer {
  Conversation& conversation;
  const BeforeFinalDot& before_final_dot;
  const GiveUp& give_up;
  const curl_socket_t& socket;
  std::string_view rest;  // of the content, not yet handed over
  bool must_log_in;
  bool clear_text;
  Halt halt = Halt::none;
  Phase phase = Phase::incomplete;
  Answer answer = Answer::after_dot;
  std::optional<std::uint64_t> received_at_start{};  // of the transaction
  std::optional<std::uint64_t> received_at_dot{};

  int watch() noexcept;
  int begin_transaction() noexcept;
  std::size_t read(char* buffer, std::size_t size) noexcept;
  std::size_t end_data() noexcept;
  [[nodiscard]] bool server_spoke_early() const noexcept;
  bool take_line(std::string_view line) noexcept;
};

/// libcurl calls this about once a second whatever it waits for; anything but 0 ends the transfer.
int SmtpMailer::Transfer::watch() noexcept {
  if (!give_up || !give_up(phase)) return 0;
  halt = Halt::given_up;
  return 1;
}

/// libcurl goes on without AUTH if the server offers none, so that nobody would notice a wrong server.
int SmtpMailer::Transfer::begin_transaction() noexcept {
  if (must_log_in && !conversation.authenticated()) {
    halt = Halt::not_logged_in;
    return CURL_PREREQFUNC_ABORT;
  }
  received_at_start = received_bytes(socket);
  conversation.begin_transaction();
  return CURL_PREREQFUNC_OK;
}

std::size_t SmtpMailer::Transfer::read(char* buffer, std::size_t size) noexcept {
  if (rest.empty()) return end_data();
  const std::size_t piece = std::min(size, rest.size());
  std::memcpy(buffer, rest.data(), piece);
  rest.remove_prefix(piece);
  return piece;
}

/// libcurl asks once more when all has been sent but the final dot. To answer 0 lets the dot go.
std::size_t SmtpMailer::Transfer::end_data() noexcept {
  if (phase == Phase::dot_released) return 0;
  if (server_spoke_early()) {
    halt = Halt::spoke_early;
    return CURL_READFUNC_ABORT;
  }
  if (!before_final_dot()) {
    halt = Halt::abandoned;
    return CURL_READFUNC_ABORT;
  }
  phase = Phase::dot_released;
  conversation.end_data();
  received_at_dot = received_bytes(socket);
  return 0;
}

/// libcurl reads ahead, so an answer that comes too soon would later pass for the one to the final dot. In clear text
/// every byte from the server is part of a reply that has been read; within TLS this cannot be counted, and take_line
/// sees to it.
bool SmtpMailer::Transfer::server_spoke_early() const noexcept {
  const auto received = received_bytes(socket);
  if (!clear_text || !received || !received_at_start) return false;
  return *received - *received_at_start != conversation.bytes_in_transaction();
}

bool SmtpMailer::Transfer::take_line(std::string_view line) noexcept {
  // An answer to the dot brings bytes that were not there before it.
  if (phase == Phase::dot_released && received_at_dot && received_bytes(socket) == received_at_dot) {
    answer = Answer::before_dot;
  }
  try {
    if (conversation.take_line(line) == Conversation::LineResult::too_long) {
      halt = Halt::endless_reply;
      return false;
    }
    // libcurl now says QUIT and would wait for the answer, for minutes if there is none, before it tells of the
    // refusal.
    if (conversation.is_over() && phase == Phase::incomplete) shutdown(socket, SHUT_RD);
    return true;
  } catch (...) {  // no memory: the transfer ends with libcurl's error
  }
  return false;
}

SmtpMailer::SmtpMailer(const SmtpUrl& url, const TransportSettings& settings)
    : m_encryption(encryption_for(url, settings)),
      m_logs_in(!settings.username.empty()),
      m_conversation(m_encryption),
      m_give_up(settings.give_up) {
  check_setting("user name", settings.username);
  check_setting("password", settings.password);
  initialise_curl();
  m_handle.reset(curl_easy_init());
  if (!m_handle) throw std::bad_alloc();
  set_connection_options(url, settings);
  set_security_options(settings);
  set_callbacks();
}

SmtpMailer::~SmtpMailer() {
  // libcurl says QUIT and would wait for the answer, which nobody needs.
  if (m_socket != CURL_SOCKET_BAD) shutdown(m_socket, SHUT_RD);
}

void SmtpMailer::set_connection_options(const SmtpUrl& url, const TransportSettings& settings) {
  CURL* handle = m_handle.get();
  const auto seconds = [](std::chrono::seconds time) {
    return static_cast<long>(std::max<std::chrono::seconds::rep>(1, time.count()));
  };
  set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(handle, CURLOPT_URL, url.text().c_str());
  set(handle, CURLOPT_PROXY, "");  // or ALL_PROXY would be obeyed
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_MAXCONNECTS, 1L);
  set(handle, CURLOPT_CONNECTTIMEOUT, seconds(settings.connect_timeout));
  set(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds(settings.reply_timeout));
  set(handle, CURLOPT_TIMEOUT,
      seconds(std::max(whole_mail_timeout, settings.connect_timeout + settings.reply_timeout)));
  set(handle, CURLOPT_ERRORBUFFER, m_error.data());
}

void SmtpMailer::set_security_options(const TransportSettings& settings) {
  CURL* handle = m_handle.get();
  const bool clear_text = m_encryption == Conversation::Encryption::none;
  set(handle, CURLOPT_USE_SSL, static_cast<long>(clear_text ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!settings.ca_file.empty()) set(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
  if (!m_logs_in) return;
  set(handle, CURLOPT_USERNAME, settings.username.c_str());
  set(handle, CURLOPT_PASSWORD, settings.password.c_str());
}

void SmtpMailer::set_callbacks() {
  CURL* handle = m_handle.get();
  const auto opened = [](SmtpMailer* self, curl_socket_t socket, curlsocktype) noexcept -> int {
    self->m_socket = socket;
    self->m_conversation.begin_connection();
    return CURL_SOCKOPT_OK;
  };
  const auto closed = [](SmtpMailer* self, curl_socket_t socket) noexcept -> int {
    if (self->m_socket == socket) self->m_socket = CURL_SOCKET_BAD;
    return close(socket);
  };
  const auto ready = [](Transfer* transfer, char*, char*, int, int) noexcept -> int {
    return transfer->begin_transaction();
  };
  const auto read = [](char* buffer, std::size_t size, std::size_t count, Transfer* transfer) noexcept -> std::size_t {
    return transfer->read(buffer, size * count);
  };
  const auto reply = [](char* line, std::size_t size, std::size_t count, Transfer* transfer) noexcept -> std::size_t {
    return transfer->take_line({line, size * count}) ? size * count : 0;
  };
  set(handle, CURLOPT_SOCKOPTFUNCTION, +opened);
  set(handle, CURLOPT_SOCKOPTDATA, this);
  set(handle, CURLOPT_CLOSESOCKETFUNCTION, +closed);
  set(handle, CURLOPT_CLOSESOCKETDATA, this);
  set(handle, CURLOPT_PREREQFUNCTION, +ready);
  const auto progress = [](Transfer* transfer, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept -> int {
    return transfer->watch();
  };
  set(handle, CURLOPT_XFERINFOFUNCTION, +progress);
  set(handle, CURLOPT_NOPROGRESS, 0L);
  set(handle, CURLOPT_UPLOAD, 1L);
  set(handle, CURLOPT_READFUNCTION, +read);
  set(handle, CURLOPT_HEADERFUNCTION, +reply);
}

Course SmtpMailer::transfer(const WireMail& mail, const BeforeFinalDot& before_final_dot, ConnectionChoice choice) {
  Transfer transfer{.conversation = m_conversation,
                    .before_final_dot = before_final_dot,
                    .give_up = m_give_up,
                    .socket = m_socket,
                    .rest = mail.content,
                    .must_log_in = m_logs_in,
                    .clear_text = m_encryption == Conversation::Encryption::none};
  const List recipients(curl_slist_append(nullptr, mail.recipient.c_str()));
  if (!recipients) throw std::bad_alloc();
  CURL* handle = m_handle.get();
  set(handle, CURLOPT_MAIL_FROM, mail.sender.c_str());
  set(handle, CURLOPT_MAIL_RCPT, recipients.get());
  set(handle, CURLOPT_FRESH_CONNECT, choice == ConnectionChoice::fresh ? 1L : 0L);
  return perform(transfer);
}

Course SmtpMailer::perform(Transfer& transfer) {
  CURL* handle = m_handle.get();
  for (const CURLoption option : {CURLOPT_PREREQDATA, CURLOPT_READDATA, CURLOPT_HEADERDATA, CURLOPT_XFERINFODATA})
    set(handle, option, &transfer);
  m_conversation.begin_mail();
  m_error.front() = '\0';
  Course course{.code = curl_easy_perform(handle)};
  course.local_error = m_error.front() == '\0' ? curl_easy_strerror(course.code) : m_error.data();
  course.halt = transfer.halt;
  course.phase = transfer.phase;
  course.answer = transfer.answer;
  curl_off_t connect_time = 0;
  course.connected = curl_easy_getinfo(handle, CURLINFO_CONNECT_TIME_T, &connect_time) == CURLE_OK && connect_time > 0;
  return course;
}

ProbeResult SmtpMailer::probe(std::chrono::seconds limit) {
  CURL* handle = m_handle.get();
  set(handle, CURLOPT_TIMEOUT, static_cast<long>(limit.count()));
  set(handle, CURLOPT_UPLOAD, 0L);
  set(handle, CURLOPT_NOBODY, 1L);  // or the reply to the command would be printed
  set(handle, CURLOPT_CUSTOMREQUEST, "NOOP");
  set(handle, CURLOPT_CERTINFO, 1L);
  Transfer transfer{.conversation = m_conversation,
                    .before_final_dot = {},
                    .give_up = m_give_up,
                    .socket = m_socket,
                    .rest = {},
                    .must_log_in = m_logs_in,
                    .clear_text = m_encryption == Conversation::Encryption::none};
  const Course course = perform(transfer);
  ProbeResult result{.end = after_noop(course, m_conversation)};
  const Stage stage = result.end.stage;
  result.encrypted = !transfer.clear_text && (stage == Stage::auth || stage >= Stage::mail_from);
  result.logged_in = m_logs_in && m_conversation.authenticated();
  if (result.encrypted) result.certificate_expires_at = certificate_expiry(handle);
  return result;
}

SendResult SmtpMailer::deliver(const Message& message, const BeforeFinalDot& before_final_dot) {
  const WireMail mail = compose_mail(message);
  Course course = transfer(mail, before_final_dot, ConnectionChoice::keep);
  if (was_stale(course, m_conversation)) course = transfer(mail, before_final_dot, ConnectionChoice::fresh);
  SendResult result = classify(course, m_conversation);
  // libcurl keeps the connection after most answers to the dot; libcurl finds it dead if both ends are shut.
  const bool in_step = result.stage == Stage::final_dot && result.outcome != Outcome::uncertain && result.code != 421;
  if (!in_step && m_socket != CURL_SOCKET_BAD) shutdown(m_socket, SHUT_RDWR);
  return result;
}

SendResult SmtpMailer::deliver_or_explain(const Message& message, const BeforeFinalDot& before_final_dot) {
  try {
    return deliver(message, before_final_dot);
  } catch (const Unsendable& error) {
    return from_unsendable(error);
  }
}

SendResult SmtpMailer::send(const Message& message, const BeforeFinalDot& before_final_dot) noexcept {
  try {
    return deliver_or_explain(message, before_final_dot);
  } catch (...) {
    return from_unexpected();
  }
}

}  // namespace kundehub::mail

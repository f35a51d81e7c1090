#include "core/welcome/delivery.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/welcome/group_writer.hpp"
#include "core/welcome/pace.hpp"
#include "core/welcome/retry.hpp"
#include "core/welcome/welcome_message.hpp"

namespace kundehub {
namespace {

constexpr int connect_failures_in_a_row = 3;
constexpr std::chrono::seconds patience_for_answers{60};  // once interrupted, with a final dot out

/// One run: connections that each take a mail, send it, record it and take the next.
class Delivery {
 public:
  Delivery(Store& store, DeliveryLease& lease, const DeliverySettings& settings, const MailerFactory& connect,
           const std::function<void(const DeliveredMail&)>& progress)
      : m_queue(store.welcome_queue()),
        m_settings(settings),
        m_connect(connect),
        m_progress(progress),
        m_pace(settings.config.mail.rate),
        m_writer(m_queue, [&lease] { lease.touch(); }) {}

  DeliveryReport run() {
    std::int64_t due = 0;
    m_writer.write([&] {
      const Time now = m_settings.clock();
      m_queue.recover(now, uncertain_due(m_settings.config, now));
      due = m_queue.count_due(now);
    });
    start(std::min<std::int64_t>(m_settings.config.mail.connections, due));
    if (m_failure) std::rethrow_exception(m_failure);
    return m_report;
  }

 private:
  /// Runs that many connections to their end; fewer if the system has no more threads.
  void start(std::int64_t connections) {
    std::vector<std::jthread> threads;
    for (std::int64_t i = 0; i < connections; ++i) {
      try {
        threads.emplace_back([this] { work(); });
      } catch (const std::system_error&) {
        if (threads.empty()) work();
        return;
      }
    }
  }

  /// One connection's life. What it throws ends the run.
  void work() noexcept {
    try {
      std::unique_ptr<mail::Mailer> mailer;
      for (auto mail = claim_next(); mail;) {
        if (!mailer) mailer = open_mailer(*mail);
        const mail::SendResult result = send(*mailer, *mail);
        mail = m_pace.is_limited() ? record_alone(*mail, result) : record_and_claim(*mail, result);
      }
    } catch (...) {
      const std::lock_guard lock(m_mutex);
      if (!m_failure) m_failure = std::current_exception();
    }
  }

  /// If the transport's settings are at fault the mail goes back into the queue untried.
  std::unique_ptr<mail::Mailer> open_mailer(const ClaimedWelcome& mail) {
    try {
      return m_connect([this](mail::Phase phase) noexcept { return must_leave(phase); });
    } catch (const std::exception& error) {
      stop_because(error);
      record_and_claim(mail, our_fault(error.what()));
      throw;
    }
  }

  /// The next mail, at its turn.
  std::optional<ClaimedWelcome> claim_next() {
    const std::lock_guard turn(m_turn_mutex);
    if (m_pace.is_limited() && is_anything_due()) m_pace.wait([this] { return is_interrupted(); });
    std::optional<ClaimedWelcome> mail;
    m_writer.write([&] { mail = claim(); });
    return mail;
  }

  bool is_anything_due() {
    std::int64_t due = 0;
    m_writer.write([&] { due = m_queue.count_due(m_settings.clock()); });
    return due > 0;
  }

  /// Runs on the writer's thread.
  std::optional<ClaimedWelcome> claim() {
    if (!may_claim()) return std::nullopt;
    auto mails = m_queue.claim(m_settings.clock(), 1, m_settings.only);
    if (mails.empty()) return std::nullopt;
    return mails.front();
  }

  bool may_claim() {
    if (is_interrupted()) stop({ErrorKind::interrupted, "interrupted"});
    const std::lock_guard lock(m_mutex);
    if (m_report.stop || m_failure) return false;
    if (m_settings.config.welcome.quiet.contains(m_settings.clock())) m_report.quiet = true;
    if (m_report.quiet || (m_settings.limit && m_claimed >= *m_settings.limit)) return false;
    ++m_claimed;
    return true;
  }

  [[nodiscard]] bool is_interrupted() const { return m_settings.interrupted && m_settings.interrupted(); }

  /// An unfinished mail can be left at once. Of a finished one the answer is worth a wait: without it the mail is
  /// uncertain.
  bool must_leave(mail::Phase phase) noexcept {
    if (!is_interrupted()) return false;
    if (phase == mail::Phase::incomplete) return true;
    const std::lock_guard lock(m_mutex);
    const auto now = std::chrono::steady_clock::now();
    if (!m_interrupted_at) m_interrupted_at = now;
    return now - *m_interrupted_at >= patience_for_answers;
  }

  /// Whatever goes wrong with one mail on our side, it is recorded: none stays behind as being sent.
  mail::SendResult send(mail::Mailer& mailer, ClaimedWelcome& mail) {
    try {
      if (renew_expired_link(mail)) return send_letter(mailer, mail);
      return {.outcome = mail::Outcome::abandoned, .stage = mail::Stage::connect, .reply = "no longer wanted"};
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::bad_data) return {.outcome = mail::Outcome::rejected, .reply = error.what()};
      return our_fault(error.what());
    } catch (const std::exception& error) {
      return our_fault(error.what());
    }
  }

  mail::SendResult send_letter(mail::Mailer& mailer, const ClaimedWelcome& mail) {
    const Config& config = m_settings.config;
    const Time now = m_settings.clock();
    const Time expires = now + config.hub.link_ttl;
    const std::string token = m_settings.key.token(mail.link.contact, mail.link.generation, mail.link.nonce);
    if (token_hash(token) != mail.link.token_hash) {
      return {.outcome = mail::Outcome::our_fault,
              .reply = "the link key is not the one that the queued mails' links were made with"};
    }
    const mail::Message message = write_welcome(config, {.contact = mail.contact,
                                                         .language = mail.welcome.language,
                                                         .message_id = mail.welcome.message_id,
                                                         .link = login_url(config.hub.url, token),
                                                         .link_expires_at = expires,
                                                         .date = now});
    mail::SendResult result =
        mailer.send(message, [&]() noexcept { return begin_final_dot(mail.welcome.id, expires); });
    result.reply = without_tokens(result.reply);  // filters quote the link that they refuse
    return result;
  }

  /// A mail that waited so long that its link has expired meanwhile gets a new one: an expired link never revives.
  /// False if the mail is no longer wanted.
  bool renew_expired_link(ClaimedWelcome& mail) {
    const Time now = m_settings.clock();
    if (!mail.link.valid_until || *mail.link.valid_until > now) return true;
    bool renewed = false;
    m_writer.write([&] {
      mail.link.generation = m_queue.next_generation(mail.link.contact);
      mail.link.nonce = random_nonce();
      mail.link.token_hash = token_hash(m_settings.key.token(mail.link.contact, mail.link.generation, mail.link.nonce));
      renewed = m_queue.renew_link(mail.welcome.id, mail.link, now);
    });
    mail.link.valid_until.reset();
    return renewed;
  }

  static mail::SendResult our_fault(const std::string& why) {
    return {.outcome = mail::Outcome::our_fault, .retry_later = true, .reply = why};
  }

  /// Durable before the dot goes out. If it cannot be made so, or the run is to end, the dot stays back.
  bool begin_final_dot(WelcomeId id, Time expires) noexcept {
    if (is_interrupted()) return false;
    try {
      bool may_go = false;
      m_writer.write([&] { may_go = m_queue.begin_final_dot(id, expires); });
      return may_go;
    } catch (const std::exception& error) {
      stop_because(error);
      return false;
    }
  }

  std::optional<ClaimedWelcome> record_and_claim(const ClaimedWelcome& mail, const mail::SendResult& result) {
    notice(result);
    const Time now = m_settings.clock();
    const TryRecord record = judge(mail.welcome, result, m_settings.config, now);
    bool as_judged = false;
    std::optional<ClaimedWelcome> next;
    try {
      m_writer.write([&] {
        as_judged = m_queue.record(record, now);
        next = claim();
      });
    } catch (const std::exception& error) {
      stop_because(error);  // what the server said must be kept even if no further mail can be claimed
      write_record(mail, record, now);
      return std::nullopt;
    }
    report(mail, record, as_judged);
    return next;
  }

  std::optional<ClaimedWelcome> record_alone(const ClaimedWelcome& mail, const mail::SendResult& result) {
    notice(result);
    const Time now = m_settings.clock();
    write_record(mail, judge(mail.welcome, result, m_settings.config, now), now);
    return claim_next();
  }

  /// Behind the final dot the row says that the mail may be out, before it that it is not.
  static bool dot_was_out(const TryRecord& record) { return record.stage == "final dot"; }

  /// What cannot be recorded is told, and ends the run.
  void write_record(const ClaimedWelcome& mail, const TryRecord& record, Time now) {
    bool as_judged = false;
    try {
      m_writer.write([&] { as_judged = m_queue.record(record, now); });
    } catch (const std::exception& error) {
      stop_because(error);
      if (record.state == WelcomeState::queued) return;  // not delivered, and so it stands in the queue
      const std::lock_guard lock(m_mutex);
      m_report.unrecorded.push_back({mail.welcome.id, mail.contact,
                                     dot_was_out(record) ? WelcomeState::uncertain : WelcomeState::queued, record.reply,
                                     std::nullopt});
      return;
    }
    report(mail, record, as_judged);
  }

  /// Ends the run when the next mail would only fail alike.
  void notice(const mail::SendResult& result) {
    if (result.outcome == mail::Outcome::our_fault) {
      stop({result.retry_later ? ErrorKind::temporary : ErrorKind::config, result.reply});
    }
    const std::lock_guard lock(m_mutex);
    const bool failed = result.outcome != mail::Outcome::accepted && result.outcome != mail::Outcome::abandoned;
    m_failures += failed ? 1 : 0;
    m_connect_failures = result.no_connection ? m_connect_failures + 1 : 0;
    if (m_report.stop) return;
    if (m_connect_failures >= connect_failures_in_a_row) {
      m_report.stop =
          DeliveryStop{ErrorKind::temporary, fmt::format("the mail server cannot be reached: {}", result.reply)};
    } else if (m_settings.max_failures && m_failures >= *m_settings.max_failures) {
      m_report.stop = DeliveryStop{ErrorKind::temporary, fmt::format("{} mails did not leave", m_failures)};
    }
  }

  void stop(DeliveryStop why) {
    const std::lock_guard lock(m_mutex);
    if (!m_report.stop) m_report.stop = std::move(why);
  }

  void stop_because(const std::exception& error) {
    const auto* known = dynamic_cast<const Error*>(&error);
    stop({known ? known->kind() : ErrorKind::internal, error.what()});
  }

  /// A stalled terminal may hold up the report, never a connection's claim.
  void report(const ClaimedWelcome& mail, const TryRecord& record, bool as_judged) {
    const WelcomeState state = as_judged ? record.state : WelcomeState::cancelled;
    {
      const std::lock_guard lock(m_mutex);
      ++m_report.mails.at(static_cast<std::size_t>(state));
    }
    const std::lock_guard lock(m_progress_mutex);
    m_progress({mail.welcome.id, mail.contact, state, record.reply, as_judged ? record.due_at : std::nullopt});
  }

  WelcomeQueue& m_queue;
  const DeliverySettings& m_settings;
  const MailerFactory& m_connect;
  const std::function<void(const DeliveredMail&)>& m_progress;
  std::mutex m_mutex, m_progress_mutex, m_turn_mutex;
  Pace m_pace;
  std::optional<std::chrono::steady_clock::time_point> m_interrupted_at;
  DeliveryReport m_report;
  std::exception_ptr m_failure;
  int m_claimed = 0, m_failures = 0, m_connect_failures = 0;
  GroupWriter m_writer;  // last: its thread ends before what it writes about
};

}  // namespace

DeliveryReport deliver(Store& store, DeliveryLease& lease, const DeliverySettings& settings,
                       const MailerFactory& connect, const std::function<void(const DeliveredMail&)>& progress) {
  return Delivery(store, lease, settings, connect, progress).run();
}

}  // namespace kundehub

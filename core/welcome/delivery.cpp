#include "core/welcome/delivery.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/claims.hpp"
#include "core/welcome/group_writer.hpp"
#include "core/welcome/pace.hpp"
#include "core/welcome/retry.hpp"
#include "core/welcome/welcome_message.hpp"

namespace kundehub {
namespace {

constexpr int connect_failures_in_a_row = 3;
constexpr std::chrono::seconds patience_for_answers{60};  // once interrupted, with a final dot out

/// Where the server first balked says which of our settings it may be.
std::string setting_to_check(mail::Stage stage) {
  switch (stage) {
    case mail::Stage::greeting:
      return tr("is mail.transport right? Port 465 is smtps://, port 587 is smtp://");
    case mail::Stage::tls:
      return tr("check mail.transport (port 465 is smtps://, port 587 is smtp://), mail.tls and mail.ca_file");
    case mail::Stage::auth:
      return tr("check mail.username and mail.password_file");
    case mail::Stage::mail_from:
      return tr("check mail.from: may this server send in its name?");
    default:
      return {};
  }
}

/// A mail in a connection's hands, from its claim to its record.
struct Try {
  ClaimedWelcome mail;
  bool dot_released = false;  ///< the row says so: without a record the mail is uncertain
  TryRecord record{};
  Time at{};
  bool as_judged = false;  ///< known once it is recorded
  bool once_more = false;  ///< recording it has failed once
};

/// One run: connections that each take a mail, send it, hand over what became of it and take the next.
class Delivery {
 public:
  Delivery(Store& store, DeliveryLease& lease, const DeliverySettings& settings, const MailerFactory& connect,
           const std::function<void(const DeliveredMail&)>& progress)
      : m_queue(store.welcome_queue()),
        m_settings(settings),
        m_connect(connect),
        m_progress(progress),
        m_pace(settings.config.mail.rate),
        m_claims(m_queue, m_writer, settings.only, settings.clock),
        m_writer(m_queue, [&lease] { lease.touch(); }) {}

  DeliveryReport run() {
    std::int64_t due = 0;
    m_writer.write([&] {
      const Time now = m_settings.clock();
      m_report.killed = m_queue.recover(now, uncertain_due(m_settings.config, now));
      due = m_queue.count_due(now, m_settings.only);
    });
    {
      const auto connections = start(std::min<std::int64_t>(m_settings.config.mail.connections, due));
      tell_progress();
    }
    try {
      m_claims.release();
    } catch (const std::exception& error) {
      stop_because(error);
    }
    m_writer.finish();
    tell_progress();
    if (m_failure) std::rethrow_exception(m_failure);
    return m_report;
  }

 private:
  /// So many connections; fewer if the system has no more threads.
  std::vector<std::jthread> start(std::int64_t connections) {
    std::vector<std::jthread> threads;
    m_at_work = connections;
    for (std::int64_t i = 0; i < connections; ++i) {
      try {
        threads.emplace_back([this] { work(); });
      } catch (const std::system_error&) {
        if (threads.empty()) work();
        const std::lock_guard lock(m_mutex);
        m_at_work -= connections - std::max<std::int64_t>(i, 1);
        break;
      }
    }
    return threads;
  }

  /// One connection's life.
  void work() noexcept {
    try {
      std::unique_ptr<mail::Mailer> mailer;
      while (const auto attempt = next_mail()) {
        if (!mailer) mailer = open_mailer(*attempt);
        if (!mailer) break;
        record(attempt, send(*mailer, *attempt));
      }
    } catch (const std::exception& error) {
      stop_because(error);
    }
    const std::lock_guard lock(m_mutex);
    --m_at_work;
    m_news.notify_one();
  }

  /// Tells of each mail whose outcome is durable, until the last connection has ended. A terminal that stands still
  /// holds up nothing but this.
  void tell_progress() {
    std::unique_lock lock(m_mutex);
    for (;;) {
      m_news.wait(lock, [this] { return !m_outcomes.empty() || m_at_work == 0; });
      if (m_outcomes.empty()) return;
      const DeliveredMail mail = std::move(m_outcomes.front());
      m_outcomes.pop_front();
      if (m_failure) continue;
      lock.unlock();
      try {
        m_progress(mail);
        lock.lock();
      } catch (...) {
        lock.lock();
        m_failure = std::current_exception();
      }
    }
  }

  /// Null if the transport's settings are at fault: the mail goes back into the queue untried, and the run ends.
  std::unique_ptr<mail::Mailer> open_mailer(const Try& attempt) {
    try {
      return m_connect([this](mail::Phase phase) noexcept { return must_leave(phase); });
    } catch (const std::exception& error) {
      stop_because(error);
      record(std::make_shared<Try>(attempt), our_fault(error.what()));
      return nullptr;
    }
  }

  /// The next mail, at its turn. Nobody waits for a turn that has no mail.
  std::shared_ptr<Try> next_mail() {
    const std::lock_guard turn(m_turn_mutex);
    try {
      if (!may_go_on()) return nullptr;
      if (m_pace.is_limited() && is_anything_due()) m_pace.wait([this] { return !may_go_on(); });
      if (!may_go_on()) return nullptr;
      auto mail = m_claims.next(batch());
      if (!mail) return nullptr;
      ++m_taken;
      if (!m_pace.is_limited() && may_go_on()) m_claims.claim_ahead(batch());
      return std::make_shared<Try>(Try{std::move(*mail)});
    } catch (const std::exception& error) {
      stop_because(error);
      return nullptr;
    }
  }

  /// One for each connection; no more than may be tried, and one at its time.
  [[nodiscard]] int batch() const {
    const int mails = m_pace.is_limited() ? 1 : m_settings.config.mail.connections;
    return m_settings.limit ? std::min(mails, *m_settings.limit - m_taken) : mails;
  }

  bool is_anything_due() {
    std::int64_t due = 0;
    m_writer.write([&] { due = m_queue.count_due(m_settings.clock(), m_settings.only); });
    return due > 0;
  }

  bool may_go_on() {
    if (is_interrupted()) stop({ErrorKind::interrupted, "interrupted"});
    const std::lock_guard lock(m_mutex);
    if (m_report.stop || m_failure) return false;
    if (m_settings.config.welcome.quiet.contains(m_settings.clock())) m_report.quiet = true;
    return !m_report.quiet && (!m_settings.limit || m_taken < *m_settings.limit);
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
  mail::SendResult send(mail::Mailer& mailer, Try& attempt) {
    try {
      if (renew_expired_link(attempt.mail)) return send_letter(mailer, attempt);
      return {.outcome = mail::Outcome::abandoned, .stage = mail::Stage::connect, .reply = "no longer wanted"};
    } catch (const std::exception& error) {
      if (attempt.dot_released) {
        return {.outcome = mail::Outcome::uncertain, .stage = mail::Stage::final_dot, .reply = error.what()};
      }
      const auto* known = dynamic_cast<const Error*>(&error);
      const bool is_the_mails = known && known->kind() == ErrorKind::bad_data;
      if (is_the_mails) return {.outcome = mail::Outcome::rejected, .reply = error.what()};
      return our_fault(error.what());
    }
  }

  mail::SendResult send_letter(mail::Mailer& mailer, Try& attempt) {
    const Config& config = m_settings.config;
    const ClaimedWelcome& mail = attempt.mail;
    const Time now = m_settings.clock();
    const Time expires = now + config.hub.link_ttl;
    const std::string token = m_settings.key.token(mail.link.contact, mail.link.generation, mail.link.nonce);
    if (token_hash(token) != mail.link.token_hash) {
      return {.outcome = mail::Outcome::our_fault,
              .reply = "the link key is not the one that the queued mails' links were made with"};
    }
    const mail::Message message = write_welcome(config, m_settings.templates,
                                                {.contact = mail.contact,
                                                 .language = mail.welcome.language,
                                                 .message_id = mail.welcome.message_id,
                                                 .message = mail.welcome.message,
                                                 .link = login_url(config.hub.url, token),
                                                 .link_expires_at = expires,
                                                 .date = now});
    mail::SendResult result = mailer.send(message, [&]() noexcept {
      attempt.dot_released = begin_final_dot(mail.welcome, expires);
      return attempt.dot_released;
    });
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

  /// Durable before the dot goes out. If it cannot be made so, or the run is to end, or what became of another mail
  /// could not be recorded, the dot stays back.
  bool begin_final_dot(const Welcome& mail, Time expires) noexcept {
    if (is_interrupted()) return false;
    try {
      bool may_go = false;
      m_writer.write([&] {
        may_go = !m_records_fail && m_queue.begin_final_dot(mail.id, expires, m_settings.templates.hash(mail.language));
      });
      return may_go;
    } catch (const std::exception& error) {
      stop_because(error);
      return false;
    }
  }

  /// Returns at once: the connection goes on with its next mail while this one's record is made durable.
  void record(const std::shared_ptr<Try>& attempt, const mail::SendResult& result) {
    notice(result);
    attempt->at = m_settings.clock();
    attempt->record = judge(attempt->mail.welcome, attempt->mail.first_try, result, m_settings.config, attempt->at);
    submit(attempt);
  }

  void submit(const std::shared_ptr<Try>& attempt) {
    m_writer.submit(
        [this, attempt] { attempt->as_judged = m_queue.record(attempt->record, attempt->at); },
        [this, attempt](const std::exception_ptr& error) {
          if (error) return insist(attempt, error);
          const WelcomeState state = attempt->as_judged ? attempt->record.state : WelcomeState::cancelled;
          const std::lock_guard lock(m_mutex);
          ++m_report.mails.at(static_cast<std::size_t>(state));
          m_report.tried.push_back(attempt->mail.welcome.id);
          m_outcomes.push_back({attempt->mail.welcome.id, attempt->mail.contact, state, attempt->record.reply,
                                attempt->as_judged ? attempt->record.due_at : std::nullopt});
          m_news.notify_one();
        });
  }

  /// What the server said is worth a second try. What cannot be recorded is told, and ends the run.
  void insist(const std::shared_ptr<Try>& attempt, const std::exception_ptr& error) {
    stop_because(error);
    m_records_fail = true;
    if (!std::exchange(attempt->once_more, true)) return submit(attempt);
    const bool stands_in_queue = !attempt->dot_released && attempt->record.state == WelcomeState::queued;
    if (stands_in_queue) return;
    const std::lock_guard lock(m_mutex);
    m_report.unrecorded.push_back({attempt->mail.welcome.id, attempt->mail.contact,
                                   attempt->dot_released ? WelcomeState::uncertain : WelcomeState::queued,
                                   attempt->record.reply, std::nullopt});
  }

  /// Ends the run when the next mail would only fail alike.
  void notice(const mail::SendResult& result) {
    if (result.outcome == mail::Outcome::our_fault) {
      stop({result.retry_later ? ErrorKind::temporary : ErrorKind::config, result.reply,
            setting_to_check(result.stage)});
    }
    const std::lock_guard lock(m_mutex);
    const bool failed = result.outcome != mail::Outcome::accepted && result.outcome != mail::Outcome::abandoned;
    m_failures += failed ? 1 : 0;
    m_connect_failures = result.no_connection ? m_connect_failures + 1 : 0;
    if (m_report.stop) return;
    if (m_connect_failures >= connect_failures_in_a_row) {
      m_report.stop = DeliveryStop{ErrorKind::temporary, tr("the mail server cannot be reached: {}", result.reply),
                                   setting_to_check(result.stage)};
    } else if (m_settings.max_failures && m_failures >= *m_settings.max_failures) {
      m_report.stop = DeliveryStop{ErrorKind::temporary, tr_n("{} mail did not leave", "{} mails did not leave",
                                                              static_cast<std::size_t>(m_failures), m_failures)};
    }
  }

  void stop(DeliveryStop why) {
    const std::lock_guard lock(m_mutex);
    if (!m_report.stop) m_report.stop = std::move(why);
  }

  void stop_because(const std::exception& error) {
    const auto* known = dynamic_cast<const Error*>(&error);
    stop({known ? known->kind() : ErrorKind::internal, error.what(), known ? known->hint() : ""});
  }

  void stop_because(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& known) {
      stop_because(known);
    }
  }

  WelcomeQueue& m_queue;
  const DeliverySettings& m_settings;
  const MailerFactory& m_connect;
  const std::function<void(const DeliveredMail&)>& m_progress;
  std::mutex m_mutex, m_turn_mutex;
  std::condition_variable m_news;        ///< an outcome, or a connection has ended
  std::deque<DeliveredMail> m_outcomes;  ///< durable, and not told yet
  Pace m_pace;
  Claims m_claims;  ///< whose turn it is
  std::optional<std::chrono::steady_clock::time_point> m_interrupted_at;
  DeliveryReport m_report;
  std::exception_ptr m_failure;  ///< of the one who hears of the mails
  std::int64_t m_at_work = 0;
  bool m_records_fail = false;  ///< the writer's
  int m_taken = 0, m_failures = 0, m_connect_failures = 0;
  GroupWriter m_writer;  // last: its thread ends before what it writes about
};

}  // namespace

DeliveryReport deliver(Store& store, DeliveryLease& lease, const DeliverySettings& settings,
                       const MailerFactory& connect, const std::function<void(const DeliveredMail&)>& progress) {
  return Delivery(store, lease, settings, connect, progress).run();
}

}  // namespace kundehub

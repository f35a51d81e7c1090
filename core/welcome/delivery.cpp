#include "core/welcome/delivery.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <future>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

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

/// A try that has ended, on its way to its record.
struct EndedTry {
  ClaimedWelcome mail;
  TryRecord record;
  Time at;
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
        m_writer(m_queue, [&lease] { lease.touch(); }) {}

  DeliveryReport run() {
    std::int64_t due = 0;
    m_writer.write([&] {
      const Time now = m_settings.clock();
      m_queue.recover(now, uncertain_due(m_settings.config, now));
      due = m_queue.count_due(now);
    });
    {
      const auto connections = start(std::min<std::int64_t>(m_settings.config.mail.connections, due));
      tell_progress();
    }
    release_untried();
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

  /// One connection's life. What it throws ends the run.
  void work() noexcept {
    try {
      std::unique_ptr<mail::Mailer> mailer;
      while (auto mail = next_mail()) {
        if (!mailer) mailer = open_mailer(*mail);
        record(*mail, send(*mailer, *mail));
      }
    } catch (...) {
      fail();
    }
    const std::lock_guard lock(m_mutex);
    --m_at_work;
    m_news.notify_one();
  }

  void fail() {
    const std::lock_guard lock(m_mutex);
    if (!m_failure) m_failure = std::current_exception();
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
      } catch (...) {
        fail();
      }
      lock.lock();
    }
  }

  /// If the transport's settings are at fault the mail goes back into the queue untried.
  std::unique_ptr<mail::Mailer> open_mailer(const ClaimedWelcome& mail) {
    try {
      return m_connect([this](mail::Phase phase) noexcept { return must_leave(phase); });
    } catch (const std::exception& error) {
      stop_because(error);
      record(mail, our_fault(error.what()));
      throw;
    }
  }

  /// The next mail, at its turn.
  std::optional<ClaimedWelcome> next_mail() {
    const std::lock_guard turn(m_turn_mutex);
    try {
      if (m_pace.is_limited() && is_anything_due()) m_pace.wait([this] { return is_interrupted(); });
      if (!may_go_on()) return std::nullopt;
      if (m_claimed.empty()) receive_claimed();
      if (m_claimed.empty()) return std::nullopt;
    } catch (const std::exception& error) {
      stop_because(error);
      return std::nullopt;
    }
    ClaimedWelcome mail = std::move(m_claimed.front());
    m_claimed.pop_front();
    ++m_taken;
    if (m_claimed.empty() && !m_pace.is_limited()) claim_ahead();
    return mail;
  }

  bool is_anything_due() {
    std::int64_t due = 0;
    m_writer.write([&] { due = m_queue.count_due(m_settings.clock()); });
    return due > 0;
  }

  bool may_go_on() {
    if (is_interrupted()) stop({ErrorKind::interrupted, "interrupted"});
    const std::lock_guard lock(m_mutex);
    if (m_report.stop || m_failure) return false;
    if (m_settings.config.welcome.quiet.contains(m_settings.clock())) m_report.quiet = true;
    return !m_report.quiet && (!m_settings.limit || m_taken < *m_settings.limit);
  }

  /// One mail for each connection, so that they share the claim's sync. They are claimed while the network works.
  void claim_ahead() {
    int batch = m_pace.is_limited() ? 1 : m_settings.config.mail.connections;
    if (m_settings.limit) batch = std::min(batch, *m_settings.limit - m_taken);
    const auto mails = std::make_shared<std::vector<ClaimedWelcome>>();
    const auto claimed = std::make_shared<std::promise<std::vector<ClaimedWelcome>>>();
    m_ahead = claimed->get_future();
    m_writer.submit([this, batch, mails] { *mails = m_queue.claim(m_settings.clock(), batch, m_settings.only); },
                    [mails, claimed](const std::exception_ptr& error) {
                      error ? claimed->set_exception(error) : claimed->set_value(std::move(*mails));
                    });
  }

  void receive_claimed() {
    if (!m_ahead.valid()) claim_ahead();
    auto mails = m_ahead.get();
    std::move(mails.begin(), mails.end(), std::back_inserter(m_claimed));
  }

  void release_untried() {
    try {
      if (m_ahead.valid()) receive_claimed();
      std::vector<WelcomeId> untried;
      for (const ClaimedWelcome& mail : m_claimed) untried.push_back(mail.welcome.id);
      if (!untried.empty()) m_writer.write([&] { m_queue.release(untried, m_settings.clock()); });
    } catch (const std::exception& error) {
      stop_because(error);  // the next run recovers them
    }
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

  /// Durable before the dot goes out. If it cannot be made so, or the run is to end, or what became of another mail
  /// could not be recorded, the dot stays back.
  bool begin_final_dot(WelcomeId id, Time expires) noexcept {
    if (is_interrupted()) return false;
    try {
      bool may_go = false;
      m_writer.write([&] { may_go = !m_records_fail && m_queue.begin_final_dot(id, expires); });
      return may_go;
    } catch (const std::exception& error) {
      stop_because(error);
      return false;
    }
  }

  /// Returns at once: the connection goes on with its next mail while this one's record is made durable.
  void record(const ClaimedWelcome& mail, const mail::SendResult& result) {
    notice(result);
    const Time now = m_settings.clock();
    record(std::make_shared<EndedTry>(EndedTry{mail, judge(mail.welcome, result, m_settings.config, now), now}));
  }

  void record(const std::shared_ptr<EndedTry>& ended) {
    m_writer.submit([this, ended] { ended->as_judged = m_queue.record(ended->record, ended->at); },
                    [this, ended](const std::exception_ptr& error) {
                      if (error) return insist(ended, error);
                      const WelcomeState state = ended->as_judged ? ended->record.state : WelcomeState::cancelled;
                      const std::lock_guard lock(m_mutex);
                      ++m_report.mails.at(static_cast<std::size_t>(state));
                      m_outcomes.push_back({ended->mail.welcome.id, ended->mail.contact, state, ended->record.reply,
                                            ended->as_judged ? ended->record.due_at : std::nullopt});
                      m_news.notify_one();
                    });
  }

  /// What the server said is worth a second try. What cannot be recorded is told, and ends the run.
  void insist(const std::shared_ptr<EndedTry>& ended, const std::exception_ptr& error) {
    stop_because(error);
    m_records_fail = true;
    if (!std::exchange(ended->once_more, true)) return record(ended);
    if (ended->record.state == WelcomeState::queued) return;  // not delivered, and so it stands in the queue
    // Behind the final dot the row says that the mail may be out, before it that it is not.
    const bool dot_was_out = ended->record.stage == "final dot";
    const std::lock_guard lock(m_mutex);
    m_report.unrecorded.push_back({ended->mail.welcome.id, ended->mail.contact,
                                   dot_was_out ? WelcomeState::uncertain : WelcomeState::queued, ended->record.reply,
                                   std::nullopt});
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
  std::condition_variable m_news;                    ///< an outcome, or a connection has ended
  std::deque<DeliveredMail> m_outcomes;              ///< durable, and not told yet
  std::deque<ClaimedWelcome> m_claimed;              ///< and not taken by a connection yet; the turn's
  std::future<std::vector<ClaimedWelcome>> m_ahead;  ///< the claim that is on its way, if any; the turn's
  Pace m_pace;
  std::optional<std::chrono::steady_clock::time_point> m_interrupted_at;
  DeliveryReport m_report;
  std::exception_ptr m_failure;
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

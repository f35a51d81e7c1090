#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "core/mail/mail_module.hpp"
#include "tests/support/mail_fixture.hpp"

using namespace kundehub;
using namespace kundehub::mail;
using namespace kundehub::mail_test;

namespace {

TransportSettings with_login(const std::string& url, const std::string& username, const std::string& password) {
  TransportSettings settings = settings_for(url);
  settings.username = username;
  settings.password = password;
  return settings;
}

/// The connections on which the accepted mails came.
std::vector<int> connections(const SmtpServer& server) {
  std::vector<int> numbers;
  for (const StoredMail& mail : server.mails()) numbers.push_back(mail.envelope["connection"]);
  return numbers;
}

std::string commands(const SmtpServer& server) {
  std::string all;
  for (const std::string& line : server.commands()) all += line + "\n";
  return all;
}

class Stopwatch {
 public:
  [[nodiscard]] bool is_below(std::chrono::milliseconds limit) const {
    return std::chrono::steady_clock::now() - m_start < limit;
  }

 private:
  std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

}  // namespace

TEST_CASE("one connection serves many mails, also after a refusal of one's content") {
  const SmtpServer server("dot#2=554 5.6.0 unwanted");
  const auto mailer = open_mailer(settings_for(server.url()));
  CHECK(mailer->send(sample_message(), go_ahead).outcome == Outcome::accepted);
  CHECK(mailer->send(sample_message(), go_ahead).outcome == Outcome::rejected);
  CHECK(mailer->send(sample_message(), go_ahead).outcome == Outcome::accepted);
  CHECK(connections(server) == std::vector<int>{1, 1});
}

TEST_CASE("a refused recipient does not spoil the next mail") {
  const SmtpServer server("RCPT=550 5.1.1 no", {"--times", "1"});
  const auto mailer = open_mailer(settings_for(server.url()));
  CHECK(mailer->send(sample_message(), go_ahead).outcome == Outcome::rejected);
  CHECK(mailer->send(sample_message(), go_ahead).outcome == Outcome::accepted);
}

TEST_CASE("a kept connection that has gone stale is replaced at once") {
  for (const char* script :
       {"MAIL#2=drop", "MAIL#2=421 4.4.2 idle too long", "idle=421 4.4.2 idle too long", "idle=drop"}) {
    CAPTURE(script);
    const SmtpServer server(script);
    const auto mailer = open_mailer(settings_for(server.url()));
    int asked = 0;
    const auto count = [&] { return ++asked > 0; };
    CHECK(mailer->send(sample_message(), count).outcome == Outcome::accepted);
    const SendResult second = mailer->send(sample_message(), count);
    CAPTURE(second.reply);
    CHECK(second.outcome == Outcome::accepted);
    CHECK(asked == 2);
    CHECK(connections(server) == std::vector<int>{1, 2});
  }
}

TEST_CASE("a fresh connection that drops is not tried again, nor is a kept one after MAIL FROM") {
  for (const char* script : {"MAIL=drop", "RCPT#2=drop"}) {
    CAPTURE(script);
    const SmtpServer server(script);
    const auto mailer = open_mailer(settings_for(server.url()));
    mailer->send(sample_message(), go_ahead);
    if (script[0] == 'R') CHECK(mailer->send(sample_message(), go_ahead).outcome == Outcome::deferred);
    CHECK(commands(server).find("2 EHLO") == std::string::npos);
  }
}

TEST_CASE("421 and an unanswered dot end the connection") {
  for (const char* script : {"dot#1=451 4.3.0 a\\r\\n451 stray", "dot=421 4.3.2 bye", "dot=354 what"}) {
    CAPTURE(script);
    const SmtpServer server(script, {"--times", "1"});
    const auto mailer = open_mailer(settings_for(server.url()));
    CHECK(mailer->send(sample_message(), go_ahead).outcome != Outcome::accepted);
    SendResult next = mailer->send(sample_message(), go_ahead);
    if (next.outcome == Outcome::deferred) next = mailer->send(sample_message(), go_ahead);  // out of step once
    CHECK(next.outcome == Outcome::accepted);
    CHECK(connections(server) == std::vector<int>{2});
  }
}

TEST_CASE("the outcome is there before QUIT, and nobody waits for its answer") {
  for (const char* script :
       {"QUIT=hang", "RCPT=550 5.1.1 no;QUIT=hang", "DATA=451 4.3.0 no;QUIT=hang", "MAIL=553 5.1.8 no;QUIT=hang",
        "dot=421 4.3.2 no;QUIT=hang", "greeting=554 no;QUIT=hang", "EHLO=550 no;QUIT=hang", "dot=drop"}) {
    CAPTURE(script);
    const SmtpServer server(script);
    const Stopwatch stopwatch;
    {
      const auto mailer = open_mailer(settings_for(server.url()));
      mailer->send(sample_message(), go_ahead);
      if (std::string(script) == "QUIT=hang") CHECK(commands(server).find("QUIT") == std::string::npos);
    }
    CHECK(stopwatch.is_below(std::chrono::milliseconds(1500)));
  }
}

TEST_CASE("QUIT is said when the mailer goes") {
  const SmtpServer server;
  open_mailer(settings_for(server.url()))->send(sample_message(), go_ahead);
  for (int i = 0; i < 100 && commands(server).find("QUIT") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(commands(server).find("1 QUIT") != std::string::npos);
}

TEST_CASE("mailers in several threads do not disturb each other") {
  const SmtpServer server;
  std::vector<std::thread> threads;
  std::vector<int> accepted(4, 0);
  for (std::size_t i = 0; i < accepted.size(); ++i) {
    threads.emplace_back([&, i] {
      const auto mailer = open_mailer(settings_for(server.url()));
      for (int mail = 0; mail < 10; ++mail) {
        if (mailer->send(sample_message(), go_ahead).outcome == Outcome::accepted) ++accepted[i];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(accepted == std::vector<int>(4, 10));
  CHECK(server.mails().size() == 40);
}

TEST_CASE("a user name is used, and a wrong password is our fault") {
  const SmtpServer server("", {"--auth", "hub:hemmelig"});
  CHECK(open_mailer(with_login(server.url(), "hub", "hemmelig"))->send(sample_message(), go_ahead).outcome ==
        Outcome::accepted);
  CHECK(server.mails().at(0).envelope["user"] == "hub");
  const SendResult result = open_mailer(with_login(server.url(), "hub", "forkert"))->send(sample_message(), go_ahead);
  CHECK(result.outcome == Outcome::our_fault);
  CHECK(result.stage == Stage::auth);
  CHECK(result.code == 535);
  CHECK_FALSE(result.retry_later);
}

TEST_CASE("a temporary refusal of the login is deferred") {
  const SmtpServer server("AUTH=454 4.7.0 directory is down", {"--auth", "hub:hemmelig"});
  const SendResult result = open_mailer(with_login(server.url(), "hub", "hemmelig"))->send(sample_message(), go_ahead);
  CHECK(result.outcome == Outcome::deferred);
  CHECK(result.stage == Stage::auth);
}

TEST_CASE("a server without AUTH gets no mail from someone with a user name") {
  const SmtpServer server;
  const SendResult result = open_mailer(with_login(server.url(), "hub", "hemmelig"))->send(sample_message(), go_ahead);
  CHECK(result.outcome == Outcome::our_fault);
  CHECK(result.stage == Stage::auth);
  CHECK(result.reply == "a user name is configured, but the server offers no AUTH");
  CHECK(commands(server).find("MAIL") == std::string::npos);
}

TEST_CASE("TLS is used and checked where the host is no loopback address") {
  const ScratchDirectory directory;
  const TlsFiles tls = make_tls_files(directory.path());
  const SmtpServer server("", {"--tls", tls.certificate, tls.key, "--auth", "hub:hemmelig"});
  TransportSettings settings = with_login(fmt::format("smtp://0.0.0.0:{}", server.port()), "hub", "hemmelig");

  const SendResult unknown = open_mailer(settings)->send(sample_message(), go_ahead);
  CHECK(unknown.outcome == Outcome::our_fault);
  CHECK(unknown.stage == Stage::tls);
  CHECK_FALSE(unknown.retry_later);
  CHECK(commands(server).find("AUTH") == std::string::npos);

  settings.ca_file = tls.certificate;
  const SendResult result = open_mailer(settings)->send(sample_message(), go_ahead);
  CAPTURE(result.reply);
  CHECK(result.outcome == Outcome::accepted);
  CHECK(server.mails().at(0).envelope["tls"] == true);
}

TEST_CASE("a certificate for another host is our fault") {
  const ScratchDirectory directory;
  const TlsFiles tls = make_tls_files(directory.path());
  const SmtpServer server("", {"--tls", tls.certificate, tls.key, "--implicit-tls"});
  TransportSettings settings = settings_for(fmt::format("smtps://127.0.0.1:{}", server.port()));
  settings.ca_file = tls.certificate;
  const SendResult result = open_mailer(settings)->send(sample_message(), go_ahead);
  CHECK(result.outcome == Outcome::our_fault);
  CHECK(result.stage == Stage::tls);
  settings.url = fmt::format("smtps://0.0.0.0:{}", server.port());
  CHECK(open_mailer(settings)->send(sample_message(), go_ahead).outcome == Outcome::accepted);
}

TEST_CASE("where TLS is required nothing is said without it") {
  const SmtpServer server;
  TransportSettings settings = settings_for(fmt::format("smtp://0.0.0.0:{}", server.port()));
  const SendResult result = open_mailer(settings)->send(sample_message(), go_ahead);
  CHECK(result.outcome == Outcome::our_fault);
  CHECK(result.stage == Stage::tls);
  CHECK(commands(server).find("MAIL") == std::string::npos);
  settings.tls_required = false;
  CHECK(open_mailer(settings)->send(sample_message(), go_ahead).outcome == Outcome::accepted);
}

TEST_CASE("refused STARTTLS follows the table: 4xx is deferred, 5xx our fault, a drop is deferred") {
  const ScratchDirectory directory;
  const TlsFiles tls = make_tls_files(directory.path());
  for (const auto& [script, outcome] : {std::pair("STARTTLS=454 4.7.0 not now", Outcome::deferred),
                                        {"STARTTLS=502 5.5.1 no", Outcome::our_fault},
                                        {"STARTTLS=drop", Outcome::deferred}}) {
    CAPTURE(script);
    const SmtpServer server(script, {"--tls", tls.certificate, tls.key});
    const auto mailer = open_mailer(settings_for(fmt::format("smtp://0.0.0.0:{}", server.port())));
    const SendResult result = mailer->send(sample_message(), go_ahead);
    CHECK(result.outcome == outcome);
    CHECK(result.stage == Stage::tls);
  }
}

TEST_CASE("within TLS an answer before the question leaves the mail uncertain, never accepted") {
  const ScratchDirectory directory;
  const TlsFiles tls = make_tls_files(directory.path());
  const SmtpServer server("DATA=354 go\\r\\n250 2.0.0 ok;dot=hang", {"--tls", tls.certificate, tls.key});
  TransportSettings settings = settings_for(fmt::format("smtp://0.0.0.0:{}", server.port()));
  settings.ca_file = tls.certificate;
  const SendResult result = open_mailer(settings)->send(sample_message(), go_ahead);
  CHECK(result.outcome == Outcome::uncertain);
  CHECK(result.reply == "no answer to the final dot: the server answered before it was asked");
}

TEST_CASE("no proxy of the environment is obeyed") {
  const SmtpServer server;
  setenv("ALL_PROXY", "socks5://127.0.0.1:1", 1);
  setenv("all_proxy", "socks5://127.0.0.1:1", 1);
  const SendResult result = open_mailer(settings_for(server.url()))->send(sample_message(), go_ahead);
  unsetenv("ALL_PROXY");
  unsetenv("all_proxy");
  CHECK(result.outcome == Outcome::accepted);
}

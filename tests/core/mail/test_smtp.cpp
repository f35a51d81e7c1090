#include <string>
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

SendResult send_to(const std::string& url, const BeforeFinalDot& before_final_dot = go_ahead) {
  return open_mailer(settings_for(url))->send(sample_message(), before_final_dot);
}

/// One line of the table in DELIVERY: a server's behaviour and what becomes of the mail.
struct Case {
  const char* script;
  Outcome outcome;
  Stage stage;
  int code;
  const char* reply;  ///< the beginning of it
};

void check(const Case& expected) {
  CAPTURE(std::string(expected.script));
  static const SmtpServer server;
  server.use_script(expected.script);
  const SendResult result = send_to(server.url());
  CAPTURE(result.reply);
  CHECK(result.outcome == expected.outcome);
  CHECK(result.stage == expected.stage);
  CHECK(result.code == expected.code);
  CHECK(result.reply.starts_with(expected.reply));
  CHECK(result.no_connection == std::string(expected.script).starts_with("greeting=drop"));
  CHECK_FALSE(result.retry_later);
}

}  // namespace

TEST_CASE("a mail is accepted with the server's words, and arrives as it was composed") {
  const SmtpServer server;
  const SendResult result = send_to(server.url());
  CHECK(result.outcome == Outcome::accepted);
  CHECK(result.stage == Stage::final_dot);
  CHECK(result.code == 250);
  CHECK(result.reply == "250 2.0.0 queued as 1");
  const auto mails = server.mails();
  REQUIRE(mails.size() == 1);
  CHECK(mails[0].envelope["from"] == "hub@bureau.dk");
  CHECK(mails[0].envelope["to"] == nlohmann::json::array({"aase@example.dk"}));
  CHECK(mails[0].envelope["bare_newlines"] == false);
  const nlohmann::json mail = parse_mail(mails[0].content);
  CHECK(mail["defects"].empty());
  CHECK(mail["text"] == sample_message().text);  // with its lines of dots
}

TEST_CASE("an IDN recipient goes into the envelope as A-labels") {
  const SmtpServer server;
  Message message = sample_message();
  message.to.address = "jens@rødgrød.dk";
  CHECK(open_mailer(settings_for(server.url()))->send(message, go_ahead).outcome == Outcome::accepted);
  CHECK(server.mails().at(0).envelope["to"][0] == "jens@xn--rdgrd-vuad.dk");
}

TEST_CASE("4xx at any stage is deferred") {
  check({"greeting=421 4.3.2 closing", Outcome::deferred, Stage::greeting, 421, "421 4.3.2 closing"});
  check({"EHLO=451 4.3.0 busy", Outcome::deferred, Stage::hello, 451, "451 4.3.0 busy"});
  check({"MAIL=452 4.3.1 full", Outcome::deferred, Stage::mail_from, 452, "452 4.3.1 full"});
  check({"RCPT=450 4.2.1 later", Outcome::deferred, Stage::recipient, 450, "450 4.2.1 later"});
  check({"DATA=451 4.3.0 later", Outcome::deferred, Stage::data, 451, "451 4.3.0 later"});
  check({"dot=451 4.7.1 greylisted", Outcome::deferred, Stage::final_dot, 451, "451 4.7.1 greylisted"});
  check({"dot=421 4.3.2 closing", Outcome::deferred, Stage::final_dot, 421, "421 4.3.2 closing"});
}

TEST_CASE("5xx about the recipient or the mail is rejected") {
  check({"RCPT=550 5.1.1 no such user", Outcome::rejected, Stage::recipient, 550, "550 5.1.1 no such user"});
  check({"RCPT=550 no", Outcome::rejected, Stage::recipient, 550, "550 no"});
  check({"RCPT=550", Outcome::rejected, Stage::recipient, 550, "550"});
  check({"DATA=554 5.5.1 no valid recipients", Outcome::rejected, Stage::data, 554, "554"});
  check({"dot=554 5.6.0 unwanted", Outcome::rejected, Stage::final_dot, 554, "554 5.6.0 unwanted"});
  check({"dot=552 5.2.20 other", Outcome::rejected, Stage::final_dot, 552, "552 5.2.20 other"});
}

TEST_CASE("5xx that may pass, a full mailbox and policy, is deferred") {
  check({"RCPT=552 5.2.2 mailbox full", Outcome::deferred, Stage::recipient, 552, "552 5.2.2"});
  check({"RCPT=550 5.7.1 policy", Outcome::deferred, Stage::recipient, 550, "550 5.7.1"});
  check({"dot=550 5.7.26 unauthenticated", Outcome::deferred, Stage::final_dot, 550, "550 5.7.26"});
}

TEST_CASE("5xx before the recipient is our fault") {
  check({"greeting=554 5.3.2 go away", Outcome::our_fault, Stage::greeting, 554, "554 5.3.2 go away"});
  check({"EHLO=550 5.7.1 who are you", Outcome::our_fault, Stage::hello, 550, "550 5.7.1"});
  check({"MAIL=553 5.1.8 sender", Outcome::our_fault, Stage::mail_from, 553, "553 5.1.8 sender"});
  check({"DATA=503 5.5.1 bad sequence", Outcome::our_fault, Stage::data, 503, "503"});
}

TEST_CASE("a connection that dies before the dot is deferred") {
  check({"greeting=drop", Outcome::deferred, Stage::greeting, 0, "at the greeting: "});
  check({"EHLO=drop", Outcome::deferred, Stage::hello, 0, "at EHLO: "});
  check({"MAIL=drop", Outcome::deferred, Stage::mail_from, 0, "at MAIL FROM: "});
  check({"RCPT=drop", Outcome::deferred, Stage::recipient, 0, "at RCPT TO: "});
  check({"DATA=drop", Outcome::deferred, Stage::data, 0, "at DATA: "});
  check({"RCPT=garbage", Outcome::deferred, Stage::recipient, 0, "at RCPT TO: "});
}

TEST_CASE("no complete reply to the dot leaves the mail uncertain") {
  check({"dot=drop", Outcome::uncertain, Stage::final_dot, 0, "no answer to the final dot: "});
  check({"dot=store-drop", Outcome::uncertain, Stage::final_dot, 0, "no answer to the final dot: "});
  check({"dot=garbage", Outcome::uncertain, Stage::final_dot, 0, "no answer to the final dot: "});
  check(
      {"dot=250-2.0.0 not\\r\\n550 complete", Outcome::uncertain, Stage::final_dot, 0, "no answer to the final dot: "});
  check({"dot=550-5.0.0 no\\r\\n250 yes", Outcome::uncertain, Stage::final_dot, 0, "no answer to the final dot: "});
  check({"dot=354 what", Outcome::uncertain, Stage::final_dot, 0, "no answer to the final dot: "});
  check({"dot=endless 250", Outcome::uncertain, Stage::final_dot, 0,
         "no answer to the final dot: the reply did not end"});
}

TEST_CASE("a server that stays silent is given up after the time for a reply") {
  for (const auto& [script, outcome] : {std::pair("RCPT=hang", Outcome::deferred), {"dot=hang", Outcome::uncertain}}) {
    CAPTURE(script);
    const SmtpServer server(script);
    TransportSettings settings = settings_for(server.url());
    settings.reply_timeout = std::chrono::seconds(1);
    CHECK(open_mailer(settings)->send(sample_message(), go_ahead).outcome == outcome);
  }
}

TEST_CASE("an endless reply before the dot is deferred") {
  check({"RCPT=endless 550", Outcome::deferred, Stage::recipient, 0, "the reply to RCPT TO did not end"});
  check({"EHLO=endless 250", Outcome::deferred, Stage::hello, 0, ""});
}

TEST_CASE("replies of several lines and of great length are understood and cut") {
  check({"RCPT=multiline 550", Outcome::rejected, Stage::recipient, 550, "550 first line / second line / last line"});
  check({"dot=multiline 250", Outcome::accepted, Stage::final_dot, 250, "250 first line / second line / last line"});
  const SmtpServer server("RCPT=550 5.1.1 " + std::string(5000, 'x'));
  const SendResult result = send_to(server.url());
  CHECK(result.outcome == Outcome::rejected);
  CHECK(result.reply.size() <= 2048);
  CHECK(result.reply.ends_with("x…"));
  const SmtpServer endless("RCPT=longline 550");
  CHECK(send_to(endless.url()).outcome != Outcome::accepted);
}

TEST_CASE("what a server says cannot reach a terminal raw") {
  check({"RCPT=550 5.1.1 \\x1b[31mred\\x07", Outcome::rejected, Stage::recipient, 550, "550 5.1.1 \\x1b[31mred\\x07"});
  check({"RCPT=550 5.1.1 \\xff \\xc2\\x9b", Outcome::rejected, Stage::recipient, 550, "550 5.1.1 \\xff \\xc2\\x9b"});
  check({"RCPT=550 5.1.1 \\xe2\\x80\\xae", Outcome::rejected, Stage::recipient, 550, "550 5.1.1 \\xe2\\x80\\xae"});
  check({"RCPT=550 nul \\x00 here", Outcome::rejected, Stage::recipient, 550, "550 nul \\x00 here"});
}

TEST_CASE("a server that is not there is no connection") {
  std::string url;
  { url = SmtpServer().url(); }
  for (const std::string& nowhere : {url, std::string("smtp://no-such-host.invalid:25")}) {
    CAPTURE(nowhere);
    const SendResult result = send_to(nowhere);
    CHECK(result.outcome == Outcome::deferred);
    CHECK(result.stage == Stage::connect);
    CHECK(result.no_connection);
    CHECK_FALSE(result.reply.empty());
  }
}

TEST_CASE("a no before the final dot ends the mail, and the server keeps nothing") {
  const SmtpServer server;
  int asked = 0;
  const auto mailer = open_mailer(settings_for(server.url()));
  const SendResult result = mailer->send(sample_message(), [&] { return ++asked < 0; });
  CHECK(result.outcome == Outcome::abandoned);
  CHECK(asked == 1);
  CHECK(mailer->send(sample_message(), go_ahead).outcome == Outcome::accepted);
  CHECK(server.mails().size() == 1);
}

TEST_CASE("the final dot waits for our yes") {
  const SmtpServer server;
  const SendResult result = send_to(server.url(), [&] {
    CHECK(server.mails().empty());
    return true;
  });
  CHECK(result.outcome == Outcome::accepted);
  CHECK(server.mails().size() == 1);
}

TEST_CASE("nobody is asked about the dot of a mail that was refused before it") {
  const SmtpServer server("RCPT=550 5.1.1 no");
  bool asked = false;
  send_to(server.url(), [&] { return asked = true; });
  CHECK_FALSE(asked);
}

TEST_CASE("an answer before the question is never taken for one") {
  // The mail is given up before the dot: the server, which did not see it whole, keeps nothing.
  for (const char* script : {"DATA=354 go\\r\\n250 2.0.0 ok", "RCPT=250 ok\\r\\n354 go\\r\\n250 ok",
                             "greeting=220 hi\\r\\n250 a\\r\\n250 b\\r\\n250 c\\r\\n354 d\\r\\n250 e"}) {
    CAPTURE(script);
    const SmtpServer server(script);
    const SendResult result = send_to(server.url());
    CHECK(result.outcome == Outcome::deferred);
    CHECK(server.mails().empty());
  }
}

TEST_CASE("a mail that cannot be written is refused without a connection") {
  const SmtpServer server;
  Message message = sample_message();
  message.to.address = "a@x>";
  const auto mailer = open_mailer(settings_for(server.url()));
  SendResult result = mailer->send(message, go_ahead);
  CHECK(result.outcome == Outcome::rejected);
  CHECK(result.reply == "recipient address \"a@x>\" has a malformed domain");
  message = sample_message();
  message.from.address = "a@x>";
  CHECK(mailer->send(message, go_ahead).outcome == Outcome::our_fault);
  CHECK(server.commands().empty());
}

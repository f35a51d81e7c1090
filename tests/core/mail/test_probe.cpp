#include <chrono>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "core/mail/mail_module.hpp"
#include "tests/support/mail_fixture.hpp"

using namespace kundehub;
using namespace kundehub::mail;
using namespace kundehub::mail_test;

namespace {

/// The verbs of all command lines, in their order.
std::string verbs(const SmtpServer& server) {
  std::string all;
  for (const std::string& line : server.commands()) {
    const std::string command = line.substr(line.find(' ') + 1);
    all += command.substr(0, command.find(' ')) + ' ';
  }
  return all;
}

}  // namespace

TEST_CASE("a probe goes as far as a mail would, and sends none") {
  const SmtpServer server("", {"--auth", "hub:hemmelig"});
  TransportSettings settings = settings_for(server.url());
  settings.username = "hub";
  settings.password = "hemmelig";
  const ProbeResult result = probe(settings);
  CAPTURE(result.end.reply);
  CHECK(result.end.outcome == Outcome::accepted);
  CHECK(result.end.reply == "250 2.0.0 ok");
  CHECK(result.logged_in);
  CHECK_FALSE(result.encrypted);
  CHECK_FALSE(result.certificate_expires_at);
  CHECK(verbs(server).starts_with("EHLO AUTH "));
  CHECK(verbs(server).find(" NOOP ") != std::string::npos);
  CHECK(verbs(server).find("MAIL") == std::string::npos);
  CHECK(server.mails().empty());
}

TEST_CASE("a probe over TLS tells how long the certificate is valid") {
  const ScratchDirectory folder;
  const TlsFiles tls = make_tls_files(folder.path());
  for (const bool implicit : {false, true}) {
    std::vector<std::string> arguments{"--tls", tls.certificate, tls.key};
    if (implicit) arguments.emplace_back("--implicit-tls");
    const SmtpServer server("", arguments);
    TransportSettings settings =
        settings_for(fmt::format("{}://0.0.0.0:{}", implicit ? "smtps" : "smtp", server.port()));
    settings.ca_file = tls.certificate;
    const ProbeResult result = probe(settings);
    CAPTURE(result.end.reply);
    CHECK(result.end.outcome == Outcome::accepted);
    CHECK(result.encrypted);
    REQUIRE(result.certificate_expires_at);
    const auto left =
        *result.certificate_expires_at - std::chrono::time_point_cast<Seconds>(std::chrono::system_clock::now());
    CHECK(left > std::chrono::hours(47));
    CHECK(left <= std::chrono::hours(48));
  }
}

TEST_CASE("a probe names the stage at which it ended") {
  struct Case {
    const char* script;
    Stage stage;
    int code;
  };
  for (const Case& expected :
       {Case{"greeting=554 5.3.2 no", Stage::greeting, 554}, Case{"greeting=421 4.3.2 later", Stage::greeting, 421},
        Case{"EHLO=550 5.5.1 no", Stage::hello, 550}, Case{"greeting=drop", Stage::greeting, 0}}) {
    CAPTURE(std::string(expected.script));
    const SmtpServer server(expected.script);
    const ProbeResult result = probe(settings_for(server.url()));
    CAPTURE(result.end.reply);
    CHECK(result.end.outcome != Outcome::accepted);
    CHECK(result.end.stage == expected.stage);
    CHECK(result.end.code == expected.code);
    CHECK_FALSE(result.encrypted);
  }
}

TEST_CASE("a probe of what is no SMTP server says so") {
  CHECK(probe(settings_for("maildir:/tmp/x")).error == "only an SMTP server can be talked to");
  CHECK_FALSE(probe(settings_for("ftp://x")).error.empty());
}

TEST_CASE("a domain is asked for as the DNS has it") {
  CHECK(to_ascii_domain("Rødgrød.dk") == "xn--rdgrd-vuad.dk");
  CHECK(to_ascii_domain("bad domain").empty());
}

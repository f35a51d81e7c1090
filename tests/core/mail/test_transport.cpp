#include <string>

#include <doctest/doctest.h>

#include "core/mail/mail_module.hpp"
#include "core/model/error.hpp"
#include "tests/support/mail_fixture.hpp"

using namespace kundehub;
using namespace kundehub::mail;
using namespace kundehub::mail_test;

namespace {

/// Why no mailer is opened; empty if one is.
std::string refusal(const TransportSettings& settings) {
  try {
    open_mailer(settings);
    return {};
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::config);
    return error.what();
  }
}

}  // namespace

TEST_CASE("the mail module is of our build") {
  CHECK(load_mail_module().abi == mail_module_abi);
  CHECK(&load_mail_module() == &load_mail_module());
}

TEST_CASE("the three forms of a transport are accepted") {
  for (const char* url : {"maildir:/var/mail/x", "maildir:x", "smtp://mail.example.dk", "smtp://mail.example.dk:587",
                          "smtps://mail.example.dk/", "smtp://127.0.0.1:25", "smtp://[::1]:2525", "smtp://møller.dk"}) {
    CAPTURE(url);
    CHECK(refusal(settings_for(url)) == "");
  }
}

TEST_CASE("another transport is refused with the forms that there are") {
  for (const char* url :
       {"", "maildir:", "sendmail", "http://x.dk", "smtp:x.dk", "smtp://", "smtp://x.dk:", "smtp://x.dk:0",
        "smtp://x.dk:65536", "smtp://x.dk:25x", "smtp://x.dk/path", "smtp://[::1", "smtp://[x]:25", "smtp://x dk",
        "smtp://x.dk?a", "smtp://x.dk\r\nQUIT", "maildir:/x\x1b", "SMTP //x"}) {
    CAPTURE(url);
    const std::string why = refusal(settings_for(url));
    CHECK(why.ends_with("it is maildir:PATH, sendmail:PATH, smtp://host[:port] or smtps://host[:port]"));
    CHECK(why.find('\x1b') == std::string::npos);
  }
  CHECK(refusal(settings_for("ftp://x")) ==
        "mail transport \"ftp://x\" is unknown: it is maildir:PATH, sendmail:PATH, "
        "smtp://host[:port] or smtps://host[:port]");
}

TEST_CASE("a password in a transport's URL is refused and not shown") {
  const std::string why = refusal(settings_for("smtp://hub:hemmelig@mail.example.dk"));
  CHECK(why.find("hemmelig") == std::string::npos);
  CHECK(why.starts_with("mail transport with an @ "));
}

TEST_CASE("a password is not sent in the clear") {
  TransportSettings settings = settings_for("smtp://mail.example.dk");
  settings.username = "hub";
  settings.tls_required = false;
  CHECK(refusal(settings) == "a password is not sent to \"mail.example.dk\" without TLS");
  settings.url = "smtps://mail.example.dk";
  CHECK(refusal(settings) == "");
  settings.url = "smtp://localhost";
  CHECK(refusal(settings) == "");
}

TEST_CASE("user name and password are one line, and a refusal does not show them") {
  TransportSettings settings = settings_for("smtp://localhost");
  settings.username = "hub";
  settings.password = "hemmelig\n";
  CHECK(refusal(settings) == "the mail password has a control character or line separator");
}

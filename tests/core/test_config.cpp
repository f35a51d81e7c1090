#include "core/config.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "core/model/error.hpp"

using namespace kundehub;
using namespace std::chrono_literals;

namespace {

/// `FILE:LINE: message`, and ` / hint` if there is one.
std::string refusal(std::string_view toml) {
  try {
    parse_config(toml, "config.toml");
  } catch (const Error& error) {
    REQUIRE(error.kind() == ErrorKind::config);
    return error.hint().empty() ? error.what() : error.what() + (" / " + error.hint());
  }
  return "accepted";
}

/// What one key makes of one value, `refused` if it is.
std::string kept(const std::string& section, const std::string& name, const std::string& literal) {
  const std::string toml = "[" + section + "]\n" + name + " = " + literal + "\n";
  try {
    return config_value(parse_config(toml, "config.toml"), section + "." + name);
  } catch (const Error& error) {
    CHECK_MESSAGE(std::string(error.what()).find("config.toml:2: " + section + "." + name) == 0, error.what());
    return "refused";
  }
}

}  // namespace

TEST_CASE("an empty configuration has the defaults of the manual") {
  const Config config = parse_config("", "config.toml");
  const std::pair<const char*, const char*> defaults[] = {{"database.path", ""},
                                                          {"hub.link_ttl", "1w"},
                                                          {"new_customer.country", "DK"},
                                                          {"new_customer.language", "da"},
                                                          {"new_customer.hub", "false"},
                                                          {"new_customer.modules", ""},
                                                          {"mail.tls", "required"},
                                                          {"mail.connections", "4"},
                                                          {"mail.connect_timeout", "1m"},
                                                          {"mail.reply_timeout", "10m"},
                                                          {"welcome.retry", "5m,15m,30m,1h,2h,4h"},
                                                          {"welcome.give_up_after", "3d"},
                                                          {"welcome.uncertain", "retry"},
                                                          {"welcome.older_than", "3d"},
                                                          {"welcome.min_gap", "1d"},
                                                          {"welcome.max_sends", "3"}};
  for (const auto& [key, value] : defaults) {
    CAPTURE(key);
    CHECK(config_value(config, key) == value);
  }
}

TEST_CASE("every key is read into the configuration") {
  const Config config = parse_config(R"(
hub.company = "Bækkens Bogføring"   # dotted keys are TOML too
hub.url = 'https://hub.example.dk/portal/'
hub.support = "support@example.dk"
hub.link_ttl = "2d"
hub.time_zone = "Europe/Copenhagen"
[database]
path = "/var/lib/kundehub/kundehub.db"
[new_customer]
country = "SE"
language = "en"
hub = true
modules = ["timesheets", "invoices"]
[mail]
transport = "smtp://mail.example.dk:587"
from = "Bækkens Bogføring <hub@example.dk>"
reply_to = "post@example.dk"
username = "hub"
password_file = "/etc/kundehub/password"
tls = "none"
ca_file = "/etc/ssl/own.pem"
connections = 64
connect_timeout = "5s"
reply_timeout = "90s"
[welcome]
retry = ["1m", "2h"]
give_up_after = "1d"
uncertain = "hold"
older_than = "0s"
min_gap = "12h"
max_sends = 1
)",
                                     "config.toml");
  CHECK(config.hub.company == "Bækkens Bogføring");
  CHECK(config.hub.url == "https://hub.example.dk/portal");
  CHECK(config.hub.support == "support@example.dk");
  CHECK(config.hub.link_ttl == 48h);
  CHECK(config.hub.time_zone == "Europe/Copenhagen");
  CHECK(config.database.path == "/var/lib/kundehub/kundehub.db");
  CHECK(config.new_customer.country == "SE");
  CHECK(config.new_customer.language == "en");
  CHECK(config.new_customer.hub);
  CHECK(config.new_customer.modules == std::vector<std::string>{"timesheets", "invoices"});
  CHECK(config.mail.transport == "smtp://mail.example.dk:587");
  CHECK(config.mail.from == "Bækkens Bogføring <hub@example.dk>");
  CHECK(config.mail.reply_to == "post@example.dk");
  CHECK(config.mail.username == "hub");
  CHECK(config.mail.password_file == "/etc/kundehub/password");
  CHECK_FALSE(config.mail.tls_required);
  CHECK(config.mail.ca_file == "/etc/ssl/own.pem");
  CHECK(config.mail.connections == 64);
  CHECK(config.mail.connect_timeout == 5s);
  CHECK(config.mail.reply_timeout == 90s);
  CHECK(config.welcome.retry == std::vector<Seconds>{1min, 2h});
  CHECK(config.welcome.give_up_after == 24h);
  CHECK(config.welcome.uncertain == UncertainPolicy::hold);
  CHECK(config.welcome.older_than == 0s);
  CHECK(config.welcome.min_gap == 12h);
  CHECK(config.welcome.max_sends == 1);
}

TEST_CASE("an unknown key or section is named with its line and the nearest known name") {
  CHECK(refusal("[hub]\ncompany = \"A\"\n[mail]\n\ntrasport = \"maildir:/x\"\n") ==
        "config.toml:5: unknown key \"mail.trasport\" / did you mean mail.transport");
  CHECK(refusal("\n[mial]\ntls = \"none\"\n") == "config.toml:2: unknown section \"mial\" / did you mean [mail]");
  CHECK(refusal("tls = \"none\"\n") == "config.toml:1: unknown key \"tls\" / did you mean mail.tls");
  CHECK(refusal("[hub]\n\"a\\u001Bb\" = 1") == "config.toml:2: unknown key \"hub.a\\u{1B}b\"");
  CHECK(refusal("mail = \"x\"") == "config.toml:1: mail is a section, written [mail]");
  CHECK(refusal("[[mail]]\ntls = \"none\"") == "config.toml:1: mail is a section, written [mail]");
  CHECK(refusal("[mail.tls]\nx = 1") == "config.toml:1: mail.tls wants \"required\" or \"none\"");
}

TEST_CASE("a value of another form is named with its line and the form that is wanted") {
  CHECK(refusal("[mail]\nconnections = \"4\"") ==
        "config.toml:2: mail.connections wants a whole number without quotes");
  CHECK(refusal("[mail]\nconnections = 4.0") == "config.toml:2: mail.connections wants a whole number without quotes");
  CHECK(refusal("[hub]\n\nlink_ttl = 7") == "config.toml:3: hub.link_ttl wants a duration in quotes, such as \"3d\"");
  CHECK(refusal("[hub]\ncompany = 2026-11-01") == "config.toml:2: hub.company wants text in quotes");
  CHECK(refusal("[new_customer]\nhub = \"true\"") ==
        "config.toml:2: new_customer.hub wants true or false without quotes");
  CHECK(refusal("[new_customer]\nmodules = \"x\"") ==
        "config.toml:2: new_customer.modules wants a list of texts in quotes, such as [\"timesheets\", \"invoices\"]");
  CHECK(refusal("[welcome]\nretry = [\"5m\", 7]") ==
        "config.toml:2: welcome.retry wants a list of durations in quotes, such as [\"5m\", \"1h\"]");
  CHECK(refusal("[mail]\ntls = true") == "config.toml:2: mail.tls wants \"required\" or \"none\"");
}

TEST_CASE("a syntax error is named with its line") {
  CHECK(refusal("[mail]\ntls = \"none\n").find("config.toml:2: error while parsing") == 0);
  CHECK(refusal("[mail]\ntls = \"none\"\ntls = \"none\"\n").find("config.toml:3: ") == 0);
  CHECK(refusal("[mail]\nfrom = \"S\xF8ren\"").find("config.toml:2: ") == 0);
  CHECK(refusal("\n[(mail)]\n").find("config.toml:2: error while parsing") == 0);
}

TEST_CASE("a byte order mark and CRLF are no trouble") {
  CHECK(parse_config("\xEF\xBB\xBF[mail]\r\ntls = \"none\"\r\n", "config.toml").mail.tls_required == false);
}

TEST_CASE("login links are built on https, or on http for this machine") {
  for (const char* good :
       {"https://hub.example.dk", "https://hub.example.dk:8443/a/b", "https://[2001:db8::1]:443",
        "http://localhost:8080", "http://127.0.0.1", "http://[::1]:80/x", "https://hüb.example.dk"}) {
    CAPTURE(good);
    CHECK(kept("hub", "url", '"' + std::string(good) + '"') == good);
  }
  CHECK(kept("hub", "url", "\"https://hub.example.dk//\"") == "https://hub.example.dk");
  CHECK(kept("hub", "url", "\"\"") == "");
  for (const char* bad : {"hub.example.dk",
                          "https://",
                          "https:///x",
                          "http://hub.example.dk",
                          "http://localhost.example.dk",
                          "http://localhost@example.dk",
                          "https://user@example.dk",
                          "ftp://example.dk",
                          "https://a.dk?x=1",
                          "https://a.dk/#x",
                          "https://a.dk:0",
                          "https://a.dk:65536",
                          "https://a.dk:",
                          "https://a.dk:8x",
                          "https://a b.dk",
                          "https://a.dk/<b>",
                          "https://[::1",
                          "https://[::1]x",
                          "HTTPS://a.dk",
                          "https://a.dk\\n"}) {
    CAPTURE(bad);
    CHECK(kept("hub", "url", '"' + std::string(bad) + '"') == "refused");
  }
  CHECK(refusal("[hub]\nurl = \"http://hub.example.dk\"") ==
        "config.toml:2: hub.url \"http://hub.example.dk\" is not encrypted: http:// is for localhost only / write "
        "https://");
}

TEST_CASE("a transport is a maildir or a mail server") {
  for (const char* good : {"maildir:/var/mail/out", "maildir:out", "smtp://mail.example.dk",
                           "smtps://mail.example.dk:465", "smtp://[::1]:25", ""}) {
    CAPTURE(good);
    CHECK(kept("mail", "transport", '"' + std::string(good) + '"') == good);
  }
  for (const char* bad :
       {"maildir:", "mail.example.dk", "smtp:mail.example.dk", "smtp://", "smtp://a.dk:x", "smtp://u:p@a.dk",
        "smtp://a.dk/", "smtp://a.dk?x", "SMTP://a.dk", "maildir:/a\\nb", "pop3://a.dk"}) {
    CAPTURE(bad);
    CHECK(kept("mail", "transport", '"' + std::string(bad) + '"') == "refused");
  }
}

TEST_CASE("a sender is a mailbox on one line") {
  for (const char* good : {"hub@example.dk", "Søren Bæk <hub@example.dk>", "A. B., Ltd <hub@example.dk>", ""}) {
    CAPTURE(good);
    CHECK(kept("mail", "from", '"' + std::string(good) + '"') == good);
  }
  for (const char* bad :
       {"hub", "hub@example", "a@b.dk, c@d.dk", "A <a@b.dk> <c@d.dk>", "<a@b.dk>", "A <a@b.dk", "A a@b.dk",
        "A <a@b@c.dk>", "A\\r\\nBcc: x@y.dk <a@b.dk>", "a@b.dk\\n", "A> <a@b.dk>", "A <>"}) {
    CAPTURE(bad);
    CHECK(kept("mail", "reply_to", '"' + std::string(bad) + '"') == "refused");
  }
}

TEST_CASE("the other values are checked too") {
  CHECK(kept("mail", "tls", "\"maybe\"") == "refused");
  CHECK(kept("mail", "tls", "\"\"") == "refused");
  CHECK(kept("mail", "connections", "0") == "refused");
  CHECK(kept("mail", "connections", "65") == "refused");
  CHECK(kept("mail", "connections", "9223372036854775807") == "refused");
  CHECK(kept("mail", "connections", "4294967297") == "refused");
  CHECK(kept("mail", "connect_timeout", "\"0s\"") == "refused");
  CHECK(kept("mail", "password_file", "\"/a\\u0000b\"") == "refused");
  CHECK(kept("mail", "username", "\"a\\u001Bb\"") == "refused");
  CHECK(kept("welcome", "max_sends", "0") == "refused");
  CHECK(kept("welcome", "max_sends", "-1") == "refused");
  CHECK(kept("welcome", "retry", "[]") == "refused");
  CHECK(kept("welcome", "retry", "[\"5m\", \"0s\"]") == "refused");
  CHECK(kept("welcome", "retry", "[\"5m\", \"soon\"]") == "refused");
  CHECK(kept("welcome", "uncertain", "\"Hold\"") == "refused");
  CHECK(kept("new_customer", "country", "\"XX\"") == "refused");
  CHECK(kept("new_customer", "country", "\"\"") == "refused");
  CHECK(kept("new_customer", "country", "\"dk\"") == "DK");
  CHECK(kept("new_customer", "language", "\"de\"") == "refused");
  CHECK(kept("new_customer", "modules", "[\"Timesheets\"]") == "refused");
  CHECK(kept("new_customer", "modules", "[\"a,b\"]") == "refused");
  CHECK(kept("new_customer", "modules", "[]") == "");
  CHECK(kept("hub", "link_ttl", "\"0d\"") == "refused");
  CHECK(kept("hub", "time_zone", "\"Europe/Kopenhagen\"") == "refused");
  CHECK(kept("hub", "time_zone", "\"\"") == "");
  CHECK(refusal("[hub]\nlink_ttl = \"7 days\"")
            .find("config.toml:2: hub.link_ttl \"7 days\" is not a duration: digits") == 0);
}

TEST_CASE("every key has a section, a line of help and a value, and is in one place") {
  std::string_view section;
  std::vector<std::string_view> sections;
  for (const ConfigKey& key : config_keys()) {
    CAPTURE(key.name);
    CHECK(std::count(key.name.begin(), key.name.end(), '.') == 1);
    CHECK_FALSE(key.help.empty());
    CHECK_NOTHROW(config_value(Config{}, key.name));
    const std::string_view own = key.name.substr(0, key.name.find('.'));
    if (own != section) sections.push_back(section = own);
  }
  CHECK(sections == std::vector<std::string_view>{"database", "hub", "new_customer", "mail", "welcome"});
}

TEST_CASE("config_value names the nearest key when it does not know one") {
  try {
    config_value(Config{}, "mail.trasport");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::not_found);
    CHECK(std::string(error.what()) == "unknown key \"mail.trasport\"");
    CHECK(error.hint() == "did you mean mail.transport");
  }
}

#include "core/config_edit.hpp"

#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "core/config.hpp"
#include "core/model/error.hpp"

using namespace kundehub;

namespace {

constexpr std::string_view file = R"(# our settings
[hub]   # the portal
  company = "Æble # & Co"   # as registered
  url = 'https://old.example.dk'# moved in 2026

# links
[mail]
tls = "none"

[welcome]
retry = [ "5m",   # quick
  "1h",
]   # slow
max_sends = 3)";

/// `text` with the first `old` replaced.
std::string with(std::string_view text, std::string_view old, std::string_view replacement) {
  std::string changed(text);
  REQUIRE(changed.find(old) != std::string::npos);
  return changed.replace(changed.find(old), old.size(), replacement);
}

ErrorKind kind_of_refusal(std::string_view toml, std::string_view key, std::string_view value) {
  try {
    set_config_value(toml, key, value);
  } catch (const Error& error) {
    return error.kind();
  }
  FAIL("accepted: ", key, " = ", value);
  return ErrorKind::internal;
}

}  // namespace

TEST_CASE("config set replaces a value and nothing else") {
  CHECK(set_config_value(file, "hub.company", "Pære") == with(file, "\"Æble # & Co\"", "\"Pære\""));
  CHECK(set_config_value(file, "hub.url", "https://new.example.dk") ==
        with(file, "'https://old.example.dk'", "\"https://new.example.dk\""));
  CHECK(set_config_value(file, "mail.tls", "required") == with(file, "\"none\"", "\"required\""));
  CHECK(set_config_value(file, "welcome.max_sends", "5") == with(file, "= 3", "= 5"));
}

TEST_CASE("config set replaces a list over several lines and keeps the comment behind it") {
  CHECK(set_config_value(file, "welcome.retry", "1m, 2m") ==
        with(file, "[ \"5m\",   # quick\n  \"1h\",\n]", "[\"1m\", \"2m\"]"));
}

TEST_CASE("config set adds a key after the last one of its section, indented like it") {
  CHECK(set_config_value(file, "hub.link_ttl", "7d") ==
        with(file, "moved in 2026\n", "moved in 2026\n  link_ttl = \"7d\"\n"));
  CHECK(set_config_value(file, "mail.connections", "2") == with(file, "\"none\"\n", "\"none\"\nconnections = 2\n"));
  CHECK(set_config_value(file, "welcome.uncertain", "hold") == std::string(file) + "\nuncertain = \"hold\"\n");
  CHECK(set_config_value("[mail]\n# from = \"x\"\n", "mail.tls", "none") == "[mail]\ntls = \"none\"\n# from = \"x\"\n");
  CHECK(set_config_value("[mail]", "mail.tls", "none") == "[mail]\ntls = \"none\"\n");
}

TEST_CASE("config set adds a section at the end") {
  CHECK(set_config_value(file, "new_customer.modules", "timesheets,invoices") ==
        std::string(file) + "\n\n[new_customer]\nmodules = [\"timesheets\", \"invoices\"]\n");
  CHECK(set_config_value("", "new_customer.hub", "true") == "[new_customer]\nhub = true\n");
}

TEST_CASE("config set follows the file's own style") {
  CHECK(set_config_value("mail.tls = \"none\"\n[hub]\n", "mail.connections", "2") ==
        "mail.tls = \"none\"\nmail.connections = 2\n[hub]\n");
  CHECK(set_config_value("mail.tls = \"none\"\n", "mail.tls", "required") == "mail.tls = \"required\"\n");
  CHECK(set_config_value("[mail]\r\ntls = \"none\"\r\n", "mail.connections", "2") ==
        "[mail]\r\ntls = \"none\"\r\nconnections = 2\r\n");
  CHECK(set_config_value("[mail]\r\ntls = \"none\"\r\n", "hub.company", "A") ==
        "[mail]\r\ntls = \"none\"\r\n\r\n[hub]\r\ncompany = \"A\"\r\n");
  CHECK(set_config_value("\xEF\xBB\xBF[mail]\ntls = \"none\"\n", "mail.tls", "required") ==
        "\xEF\xBB\xBF[mail]\ntls = \"required\"\n");
  CHECK(set_config_value("\xEF\xBB\xBFmail.tls = \"none\"\n", "mail.tls", "required") ==
        "\xEF\xBB\xBFmail.tls = \"required\"\n");
  CHECK(set_config_value("mail = { tls = \"none\", connections = 2 } # x\n", "mail.tls", "required") ==
        "mail = { tls = \"required\", connections = 2 } # x\n");
  CHECK(set_config_value("[ \"mail\" ]\n\"tls\"='none'#x\n", "mail.tls", "required") ==
        "[ \"mail\" ]\n\"tls\"=\"required\"#x\n");
  CHECK(set_config_value("[hub]\ncompany = \"\"\"\nA [mail]\nB\"\"\" # x\n", "hub.company", "C") ==
        "[hub]\ncompany = \"C\" # x\n");
}

TEST_CASE("config set is not misled by text that looks like a section or a key") {
  const std::string toml = "# [mail]\n# tls = \"x\"\n[hub]\ncompany = \"[mail] tls = 1\"\n[mail]\ntls = \"none\"\n";
  CHECK(set_config_value(toml, "mail.tls", "required") == with(toml, "\"none\"", "\"required\""));
}

TEST_CASE("config set escapes what TOML would not take bare") {
  for (const char* value : {R"(C:\new\table "x")", "Æ # ]", "'", "a\\", "\\u0041"}) {
    CAPTURE(value);
    CHECK(config_value(parse_config(set_config_value(file, "hub.company", value), "f"), "hub.company") == value);
  }
  CHECK(set_config_value("", "hub.company", R"(a"b\c)") == "[hub]\ncompany = \"a\\\"b\\\\c\"\n");
  CHECK(config_edit::to_toml(std::string("\b\t\n\f\r\x01\x7F")) == R"("\b\t\n\f\r\u0001\u007F")");
}

TEST_CASE("what config list shows can be set again, for every key") {
  const Config config = parse_config(set_config_value(file, "hub.link_ttl", "7d"), "f");
  for (const ConfigKey& key : config_keys()) {
    CAPTURE(key.name);
    const std::string value = config_value(config, key.name);
    CHECK(config_value(parse_config(set_config_value(file, key.name, value), "f"), key.name) == value);
  }
}

TEST_CASE("config set refuses what the key would refuse, and names the key") {
  CHECK(kind_of_refusal(file, "mail.trasport", "x") == ErrorKind::not_found);
  CHECK(kind_of_refusal(file, "mail", "x") == ErrorKind::not_found);
  for (const auto& [key, value] : {std::pair{"mail.tls", "maybe"},
                                   {"mail.connections", "many"},
                                   {"mail.connections", "65"},
                                   {"mail.connections", " 4"},
                                   {"mail.connections", "4x"},
                                   {"mail.connections", "99999999999999999999"},
                                   {"mail.connections", ""},
                                   {"new_customer.hub", "yes"},
                                   {"welcome.retry", ""},
                                   {"welcome.retry", "5m,,1h"},
                                   {"hub.link_ttl", "7 days"},
                                   {"hub.company", "a\nb"},
                                   {"hub.company", "\xFF"},
                                   {"database.path", "\xFF"},
                                   {"hub.url", "http://a.dk"}}) {
    CAPTURE(key);
    CAPTURE(value);
    CHECK(kind_of_refusal(file, key, value) == ErrorKind::bad_data);
  }
  CHECK_THROWS_WITH(set_config_value(file, "mail.connections", "many"),
                    "mail.connections \"many\" is not a whole number");
}

TEST_CASE("config set mends a value that makes the file unusable") {
  CHECK(set_config_value("[mail]\ntls = 7\nconnections = 0\n", "mail.tls", "none") ==
        "[mail]\ntls = \"none\"\nconnections = 0\n");
}

TEST_CASE("config set refuses a file that it cannot change safely, and leaves a malformed one alone") {
  CHECK(kind_of_refusal("mail = { tls = \"none\" }\n", "mail.connections", "2") == ErrorKind::config);
  CHECK(kind_of_refusal("mail = 3\n", "mail.connections", "2") == ErrorKind::config);
  CHECK(kind_of_refusal("[[mail]]\n", "mail.connections", "2") == ErrorKind::config);
  CHECK(kind_of_refusal("[mail.x]\na = 1\n", "mail.connections", "2") == ErrorKind::config);
  CHECK(kind_of_refusal("[mail\n", "mail.connections", "2") == ErrorKind::config);
}

TEST_CASE("config unset removes the key's lines and nothing else") {
  CHECK(unset_config_value(file, "mail.tls") == with(file, "tls = \"none\"\n", ""));
  CHECK(unset_config_value(file, "welcome.retry") ==
        with(file, "retry = [ \"5m\",   # quick\n  \"1h\",\n]   # slow\n", ""));
  CHECK(unset_config_value(file, "welcome.max_sends") == with(file, "max_sends = 3", ""));
  CHECK(unset_config_value(file, "mail.from") == file);
  CHECK(unset_config_value("mail.tls = \"none\"\n[hub]\n", "mail.tls") == "[hub]\n");
  CHECK_THROWS_AS(unset_config_value(file, "mail.form"), Error);
  CHECK_THROWS_AS(unset_config_value("mail = { tls = \"none\", connections = 2 }\n", "mail.tls"), Error);
}

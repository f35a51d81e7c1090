#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

/// Runs a line that must be a usage error, and returns `message / hint`.
std::string usage_error(Shell& kundehub, const std::string& line) {
  CHECK(kundehub(line) == 2);
  CHECK(kundehub.out == "");
  return kundehub.message() + " / " + kundehub.hint();
}

}  // namespace

TEST_CASE("an unknown command answers with the nearest known one") {
  Shell kundehub;
  CHECK(usage_error(kundehub, "custmer list") == "no command \"custmer\" / did you mean customer");
  CHECK(usage_error(kundehub, "customer lsit") == "no customer command \"lsit\" / did you mean list");
  CHECK(usage_error(kundehub, "customer zzzz") == "no customer command \"zzzz\" / kundehub help customer");
  CHECK(usage_error(kundehub, "zzzz") == "no command \"zzzz\" / kundehub help");
  CHECK(usage_error(kundehub, "customer") ==
        "kundehub customer needs a verb: add, list, show, edit, archive, unarchive, delete, convert, merge, "
        "search, import, export / kundehub help customer");
  CHECK(usage_error(kundehub, "--json") == "no command was given / kundehub help");
  CHECK(usage_error(kundehub, "help custmer") == "no command \"custmer\" / did you mean customer");
}

TEST_CASE("an unknown option, format or field answers with the nearest known one") {
  Shell kundehub;
  CHECK(usage_error(kundehub, "customer add --busines X") == "no option \"--busines\" / did you mean --business");
  CHECK(usage_error(kundehub, "customer list --dryrun") == "no option \"--dryrun\" / did you mean --dry-run");
  CHECK(usage_error(kundehub, "customer list --qqqqqq=1") == "no option \"--qqqqqq=1\" / kundehub help customer list");
  CHECK(usage_error(kundehub, "customer list --format tabel") == "unknown format \"tabel\" / did you mean table");
  CHECK(usage_error(kundehub, "customer list --fields nubmer") == "unknown field \"nubmer\" / did you mean number");
  CHECK(usage_error(kundehub, "customer list --where nmae=x") ==
        "a customer has no field \"nmae\" / did you mean name");
  CHECK(usage_error(kundehub, "customer list --welcome snet") == "no welcome state \"snet\" / did you mean sent");
}

TEST_CASE("a word too many, or one too few, is a usage error") {
  Shell kundehub;
  CHECK(usage_error(kundehub, "module list everything") ==
        "\"everything\" is one word too many / a value of several words stands in quotes; kundehub help module list");
  CHECK(usage_error(kundehub, "grant 1001") == "no command \"grant\" / did you mean hub grant");
  CHECK(usage_error(kundehub, "list") ==
        "no command \"list\" / did you mean customer list or contact list or module list or template list or config "
        "list");
  CHECK(kundehub("customer show") == 2);
  CHECK(kundehub.hint() == "name them, give a list with --ids-from, or select them: --tag T");
  CHECK(kundehub("contact edit contact:1 contact:2 --title x") == 2);
  CHECK(kundehub("customer list --limit") == 2);
  CHECK(kundehub("customer add --business A --business B") == 2);
  CHECK(kundehub("customer add --business A --hub --no-hub") == 2);
}

TEST_CASE("an option's value is never another option") {
  Shell kundehub;
  CHECK(usage_error(kundehub, "customer add --business --json") ==
        "--business is followed by \"--json\", which looks like an option / write --business=VALUE if the value begins "
        "with -");
  CHECK(kundehub.last_line().starts_with("{"));
  CHECK(usage_error(kundehub, "customer list --limit -5").starts_with("--limit is followed by \"-5\""));
  CHECK(usage_error(kundehub, "customer add --business A --tag -x").starts_with("--tag is followed by \"-x\""));
  CHECK(usage_error(kundehub, "customer add --business=") ==
        "\"--business=\" has no value / to clear a field of a record use edit with --unset business");
  CHECK(kundehub.records.value("SELECT count(*) FROM customer") == "0");
}

TEST_CASE("a value that begins with - is taken with =, and an empty word is a value") {
  Shell kundehub;
  REQUIRE(kundehub("customer add --business=-x --notes=--json --tag=-y") == 0);
  const ordered_json customer = kundehub.json("customer show 1001");
  CHECK(customer["name"] == "-x");
  CHECK(customer["notes"] == "--json");
  CHECK(customer["tags"] == ordered_json::array({"-y"}));
  CHECK(kundehub("customer add --business ''") == 65);
  CHECK(kundehub.message() == "a customer needs a name");
}

TEST_CASE("brackets, braces, commas and quotes in a value are text") {
  Shell kundehub;
  REQUIRE(kundehub.run({"customer", "add", "--business", "[a,b]", "--tag", "[a b]", "--tag", "{c}", "--notes",
                        "\"q\" 'r' %s ${HOME} {{link}}"}) == 0);
  const ordered_json customer = kundehub.json("customer show 1001");
  CHECK(customer["name"] == "[a,b]");
  CHECK(customer["tags"] == ordered_json::array({"[a b]", "{c}"}));
  CHECK(customer["notes"] == "\"q\" 'r' %s ${HOME} {{link}}");
  CHECK(kundehub("customer add --business B --tag '[a,b]'") == 65);
  CHECK(kundehub.message() == "\"[a,b]\" is not a tag");
}

TEST_CASE("an option that may be given several times takes one word each time") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("hub grant --module invoices 1001") == 0);
  CHECK(kundehub("hub grant --contact contact:1 1001") == 0);
  CHECK(kundehub("customer list --tag a 1001") == 2);
}

TEST_CASE("a mistyped customer number is answered with those that are near") {
  Shell kundehub;
  kundehub.add_nordlys();
  REQUIRE(kundehub("customer add --business B --number 1010") == 0);
  REQUIRE(kundehub("customer add --business C --number 20455-A") == 0);
  const auto hint_for = [&](const std::string& number) {
    CHECK(kundehub("customer show " + number) == 3);
    return kundehub.hint();
  };
  CHECK(hint_for("1100") == "kundehub customer list");
  CHECK(hint_for("1011") == "did you mean 1001 or 1010");
  CHECK(hint_for("20455-B") == "did you mean 20455-A");
  CHECK(hint_for("2045-A") == "did you mean 20455-A");
  CHECK(hint_for("9") == "kundehub customer list");
}

TEST_CASE("a word is a value where a value is wanted, though a verb has the same name") {
  Shell kundehub;
  CHECK(kundehub("customer show list") == 3);
  CHECK(kundehub.message() == "no customer \"list\"");
  CHECK(kundehub.hint() == "kundehub customer list");
  REQUIRE(kundehub("customer add --number list --business 'Liste ApS'") == 0);
  CHECK(kundehub("customer show list --format ids") == 0);
  CHECK(kundehub.out == "list\n");
}

TEST_CASE("global options may stand anywhere on the line") {
  Shell kundehub;
  kundehub.add_nordlys();
  for (const char* line : {"--format ids customer list", "customer --format ids list", "customer list --format ids",
                           "--format=ids customer list", "customer list --format json --format ids",
                           "customer list --json --format ids", "--quiet -v customer --no-input list --format ids -y",
                           "-yqn customer list --format ids", "--actor list customer list --format ids"}) {
    CAPTURE(line);
    CHECK(kundehub(line) == 0);
    CHECK(kundehub.out == "1001\n");
  }
}

TEST_CASE("-- ends the options, and - is a value") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("customer show --format ids -- 1001") == 0);
  CHECK(kundehub.out == "1001\n");
  CHECK(kundehub("customer show -- --json") == 65);
  CHECK(kundehub.message() == "\"--json\" is not a customer number");
  CHECK_FALSE(kundehub.last_line().starts_with("{"));
}

TEST_CASE("ids end with NUL where that is asked for") {
  Shell kundehub;
  kundehub.add_nordlys();
  for (const char* option : {"-0", "--null"}) {
    CHECK(kundehub(std::string("contact list --format ids ") + option) == 0);
    CHECK(kundehub.out == std::string("contact:1\0contact:2\0", 20));
  }
}

TEST_CASE("the environment chooses a format, an option another") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.environment["KUNDEHUB_FORMAT"] = "ids";
  CHECK(kundehub("customer list") == 0);
  CHECK(kundehub.out == "1001\n");
  CHECK(kundehub("customer list --format count") == 0);
  CHECK(kundehub.out == "1\n");
  CHECK(kundehub.json("customer list").size() == 1);
  kundehub.environment["KUNDEHUB_FORMAT"] = "yaml";
  CHECK(kundehub("customer list") == 2);
}

TEST_CASE("with --json a failure ends stderr with one line of JSON, whatever failed") {
  Shell kundehub;
  kundehub.add_nordlys();
  struct Case {
    const char *line, *kind;
    int exit;
  };
  for (const Case& failure : {Case{"customer shwo --json", "usage", 2},
                              {"--json customer show 7", "not_found", 3},
                              {"customer show 7 --format json", "not_found", 3},
                              {"customer show 7 --format=json", "not_found", 3},
                              {"hub grant 1001 --contact contact:9 --json", "not_found", 3},
                              {"customer add --business A --number 1001 --json", "conflict", 4},
                              {"contact delete contact:1 --json", "unconfirmed", 6},
                              {"customer add --business A --cvr 1 --json", "bad_data", 65},
                              {"config list --json --config /nowhere/x.toml", "config", 78}}) {
    CAPTURE(failure.line);
    CHECK(kundehub(failure.line) == failure.exit);
    const auto error = ordered_json::parse(kundehub.last_line()).at("error");
    CHECK(error["kind"] == failure.kind);
    CHECK(error["exit"] == failure.exit);
    CHECK(error["message"] == kundehub.message());
    CHECK(error["hint"] == kundehub.hint());
    CHECK(error.size() == 4);
    CHECK(kundehub.out == "");
  }
  CHECK(kundehub("customer show 7") == 3);
  CHECK_FALSE(kundehub.last_line().starts_with("{"));
}

TEST_CASE("an error cannot write to the terminal what it likes") {
  Shell kundehub;
  CHECK(kundehub.run({"customer", "show", "\x1b[2J\nhint: rm -rf /", "--json"}) == 65);
  CHECK(kundehub.err.find('\x1b') == std::string::npos);
  CHECK_FALSE(kundehub.said("\nhint: rm"));
  CHECK(kundehub.run({"\x1b]0;x\x07"}) == 2);
  CHECK(kundehub.err.find('\x1b') == std::string::npos);
}

TEST_CASE("a configuration that is wrong is told before anything is done") {
  Shell kundehub;
  kundehub.environment["KUNDEHUB_CONFIG"] = "/nowhere/config.toml";
  CHECK(kundehub("customer add --business A") == 78);
  CHECK(kundehub.message() == "there is no configuration file \"/nowhere/config.toml\"");
  CHECK(kundehub.hint() == "make one with kundehub init");
  CHECK(kundehub("help") == 0);
}

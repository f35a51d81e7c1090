#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

/// Runs a batch of these lines, given on stdin.
int batch(Shell& kundehub, const std::string& lines, const std::string& options = "") {
  kundehub.pipe(lines);
  return kundehub("batch - " + options);
}

std::string names(Shell& kundehub) {
  return kundehub.records.value("SELECT coalesce(group_concat(name), '') FROM customer");
}

std::string operations(Shell& kundehub) {
  return kundehub.records.value("SELECT coalesce(group_concat(command, ' / '), '') FROM operation");
}

constexpr const char* three = R"(# three customers
customer add --business Nordlys
customer add --business 'Syd & Lys'   # the second

customer add --business "Øst"
)";

constexpr const char* second_fails = R"(customer add --business Nordlys
customer edit 9999 --name X
customer add --business Øst
)";

}  // namespace

TEST_CASE("batch runs a command a line, each as an operation of its own") {
  Shell kundehub;
  CHECK(batch(kundehub, three, "--format ids") == 0);
  CHECK(kundehub.out == "1001\n1002\n1003\n");
  CHECK(names(kundehub) == "Nordlys,Syd & Lys,Øst");
  CHECK(operations(kundehub) ==
        "customer add --business Nordlys / customer add --business 'Syd & Lys' / customer add --business 'Øst'");
}

TEST_CASE("batch --atomic is one operation") {
  Shell kundehub;
  CHECK(batch(kundehub, three, "--atomic --format ids") == 0);
  CHECK(kundehub.out == "1001\n1002\n1003\n");
  CHECK(names(kundehub) == "Nordlys,Syd & Lys,Øst");
  CHECK(operations(kundehub) == "batch - --atomic --format ids");
}

TEST_CASE("batch stops at the first line that fails, with its exit code") {
  Shell kundehub;
  CHECK(batch(kundehub, second_fails, "--format ids") == 3);
  CHECK(kundehub.out == "1001\n");
  CHECK(kundehub.said("batch: line 2: no customer \"9999\"\nbatch: line 2: hint: kundehub customer list\n"));
  CHECK(kundehub.said("batch: stopped at line 2: 1 before it is done\n"));
  CHECK(names(kundehub) == "Nordlys");
}

TEST_CASE("batch --keep-going goes on, and exits with 5") {
  Shell kundehub;
  CHECK(batch(kundehub, second_fails, "--keep-going --format ids") == 5);
  CHECK(kundehub.out == "1001\n1002\n");
  CHECK(names(kundehub) == "Nordlys,Øst");
}

TEST_CASE("batch --atomic does all or nothing, and prints nothing that was not done") {
  Shell kundehub;
  CHECK(batch(kundehub, second_fails, "--atomic --format ids") == 3);
  CHECK(kundehub.out == "");
  CHECK(kundehub.said("batch: stopped at line 2: nothing was changed\n"));
  CHECK(names(kundehub) == "");
  CHECK(operations(kundehub) == "");
  CHECK(batch(kundehub, "customer add --business A --contact 'B C <b@c.dk>'\nhub grant 1001 9999\n", "--atomic") == 4);
  CHECK(names(kundehub) == "");
  CHECK(batch(kundehub, three, "--atomic --keep-going") == 2);
}

TEST_CASE("a line of an atomic batch sees what the lines before it did, and a refused one leaves nothing") {
  Shell kundehub;
  CHECK(batch(kundehub,
              "customer add --business Nordlys\ncontact add 1001 'Anna Berg <anna@nordlys.dk>' --no-welcome\n"
              "hub grant 1001 --module projects\ncontact edit anna@nordlys.dk --title Boss\n",
              "--atomic") == 0);
  CHECK(kundehub.json("contact show contact:1")["title"] == "Boss");
  CHECK(kundehub.records.value("SELECT count(*) FROM operation") == "1");
  CHECK(kundehub.records.value("SELECT count(*) FROM operation_before") == "0");
}

TEST_CASE("batch --json prints a JSON line for each command") {
  Shell kundehub;
  CHECK(batch(kundehub, second_fails, "--json --keep-going") == 5);
  std::istringstream lines(kundehub.out);
  std::vector<ordered_json> results;
  for (std::string line; std::getline(lines, line);) results.push_back(ordered_json::parse(line));
  REQUIRE(results.size() == 3);
  CHECK(results[0]["line"] == 1);
  CHECK(results[0]["exit"] == 0);
  CHECK(results[0]["result"]["number"] == "1001");
  CHECK(results[1]["exit"] == 3);
  CHECK(results[1]["result"].is_null());
  CHECK(results[1]["error"]["kind"] == "not_found");
  CHECK(results[2]["result"]["name"] == "Øst");
}

TEST_CASE("batch --json --atomic tells of the failing line alone") {
  Shell kundehub;
  CHECK(batch(kundehub, second_fails, "--json --atomic") == 3);
  const auto line = ordered_json::parse(kundehub.out);
  CHECK(line["line"] == 2);
  CHECK(line["exit"] == 3);
}

TEST_CASE("batch --json that stops ends stderr with a JSON error") {
  Shell kundehub;
  CHECK(batch(kundehub, second_fails, "--json") == 3);
  const auto error = ordered_json::parse(kundehub.last_line()).at("error");
  CHECK(error["kind"] == "not_found");
  CHECK(error["exit"] == 3);
}

TEST_CASE("a result is a record, or text") {
  Shell kundehub;
  const auto result = [&](const std::string& line) {
    batch(kundehub, line + "\n", "--json");
    return ordered_json::parse(kundehub.out)["result"];
  };
  CHECK(result("customer add --business A --format ids") == "1001\n");
  CHECK(result("config get hub.link_ttl").is_string());
  CHECK(result("customer list").is_array());
  CHECK(result("customer show 1001").is_object());
}

TEST_CASE("a test mail is no part of an atomic batch") {
  Shell kundehub;
  kundehub.add_nordlys();
  for (const char* options : {"--atomic", "--atomic --dry-run"}) {
    CHECK(batch(kundehub, "welcome preview contact:1 --send-to me@example.dk\n", options) == 2);
    CHECK(kundehub.mails().empty());
  }
}

TEST_CASE("a line that cannot be a command is told with its number") {
  for (const auto& [line, options, code] : {
           std::tuple{"customer add --business 'Nordlys", "", 65},
           {"kundehub customer list", "", 2},
           {"batch -", "", 2},
           {"init", "", 2},
           {"customer lisst", "", 2},
           {"customer list --db /x", "", 2},
           {"customer list --config=/x", "", 2},
           {"customer add --business A --actor B", "", 2},
           {"welcome deliver", "--atomic", 2},
           {"customer import x.csv", "--atomic", 2},
           {"-q config set hub.company X", "", 2},
           {"--yes batch -", "", 2},
           {"--format ids init", "", 2},
           {"-q welcome deliver", "--atomic", 2},
           {"welcome preview 1001 --send-to me@example.dk", "--atomic", 4},
           {"config set hub.company X", "", 2},
           {"template edit welcome.da.txt", "", 2},
           {"customer delete 1001", "", 6},
       }) {
    CAPTURE(line);
    Shell kundehub;
    CHECK(batch(kundehub, std::string("customer add --business A\n") + line + '\n', options) == code);
    CHECK(kundehub.said("batch: line 2: "));
  }
}

TEST_CASE("mail of an atomic batch leaves after the commit, and only then") {
  Shell kundehub;
  const std::string lines =
      "customer add --private 'Carl Lund' --email carl@lund.dk --hub --module projects --welcome\n"
      "customer add --private 'Eva Eg' --email eva@eg.dk --hub --module projects --no-welcome\nwelcome send 1002\n";
  CHECK(batch(kundehub, lines + "customer show 9999\n", "--atomic") == 3);
  CHECK(kundehub.mails().empty());
  CHECK(batch(kundehub, lines, "--atomic") == 0);
  CHECK(kundehub.mails().size() == 2);
  CHECK(kundehub.records.value("SELECT group_concat(state) FROM welcome") == "sent,sent");
}

TEST_CASE("batch --dry-run changes nothing, and an atomic one builds on its own lines") {
  Shell kundehub;
  CHECK(batch(kundehub, "customer add --business A\ncontact add 1001 'Anna Berg <a@b.dk>' --no-welcome\n",
              "--atomic --dry-run") == 0);
  CHECK(kundehub.said("dry run: nothing was changed"));
  CHECK(names(kundehub) == "");
  CHECK(batch(kundehub, three, "--dry-run --format ids") == 0);
  CHECK(names(kundehub) == "");
}

TEST_CASE("an empty batch does nothing") {
  Shell kundehub;
  for (const char* lines : {"", "\n\n", "# nothing\n"}) {
    CHECK(batch(kundehub, lines) == 0);
    CHECK(batch(kundehub, lines, "--atomic") == 0);
  }
  CHECK(kundehub.out == "");
  CHECK(operations(kundehub) == "");
}

TEST_CASE("the last line needs no line break, and CRLF is one") {
  Shell kundehub;
  CHECK(batch(kundehub, "customer add --business A\r\ncustomer add --business B") == 0);
  CHECK(names(kundehub) == "A,B");
}

TEST_CASE("in an atomic batch what one target is refused leaves the next as it was") {
  Shell kundehub;
  kundehub("customer add --business A --contact 'An Berg <a@x.dk>' --contact 'Bo Ek <b@x.dk>'");
  kundehub("customer add --business B --contact 'An Berg <a@x.dk>'");
  CHECK(batch(kundehub, "person edit a@x.dk --email b@x.dk\n", "--atomic") == 4);
  CHECK(kundehub.said("batch: line 1: warning: at customer 1001: "));
  CHECK_FALSE(kundehub.said("FOREIGN KEY"));
}

TEST_CASE("a mail that a later line takes back is no failure") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(batch(kundehub, "welcome send contact:1\nwelcome cancel contact:1\n", "--atomic") == 0);
  CHECK(kundehub.mails().empty());
}

TEST_CASE("a line has no standard input: that is the batch's") {
  Shell kundehub;
  kundehub.add_nordlys();
  for (const char* line : {"welcome send contact:1 --message-file -\n", "hub grant --ids-from -\n"}) {
    CHECK(batch(kundehub, line) == 2);
    CHECK(kundehub.said("batch: line 1: a line of a batch has no standard input"));
  }
  CHECK(kundehub.mails().empty());
}

TEST_CASE("a batch that cannot be read to its end says where it stopped") {
  Shell kundehub;
  const std::string lines = "customer add --business A\n" + std::string(600'000, ' ') + '\n' + '\0';
  CHECK(batch(kundehub, lines, "--keep-going") == 5);
  CHECK(kundehub.said("batch: stopped at line "));
  CHECK(names(kundehub) == "A");
}

TEST_CASE("no line of an atomic batch writes a file") {
  Shell kundehub;
  kundehub.add_nordlys();
  const std::string file = (kundehub.folder() / "preview").native();
  CHECK(batch(kundehub, "welcome preview contact:1 -o " + file + '\n', "--atomic") == 2);
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK(batch(kundehub, "welcome preview contact:1 -o " + file + '\n') == 0);
}

#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

std::string customers(Shell& kundehub) {
  return kundehub.records.value("SELECT count(*) FROM customer");
}

}  // namespace

TEST_CASE("customer add keeps every field that is given") {
  Shell kundehub;
  REQUIRE(
      kundehub("customer add --business 'Rødgrød ApS' --number K-7 --cvr 'DK 13 58 56 28' --email Regning@Example.DK "
               "--phone '+45 12 34 56 78' --address 'Søndergade 1' --zip 8000 --city 'Århus C' --country se "
               "--language en --website https://example.dk --notes 'to\nlinjer' --tag vip --tag a --tag vip --hub "
               "--module projects") == 0);
  const ordered_json customer = kundehub.json("customer show K-7");
  const ordered_json expected = {{"number", "K-7"},
                                 {"id", "id:1"},
                                 {"kind", "business"},
                                 {"name", "Rødgrød ApS"},
                                 {"cvr", "13585628"},
                                 {"email", "Regning@example.dk"},
                                 {"phone", "+45 12 34 56 78"},
                                 {"address", "Søndergade 1"},
                                 {"zip", "8000"},
                                 {"city", "Århus C"},
                                 {"country", "SE"},
                                 {"language", "en"},
                                 {"website", "https://example.dk"},
                                 {"notes", "to\nlinjer"},
                                 {"tags", {"a", "vip"}},
                                 {"hub", "on"},
                                 {"modules", {"projects"}},
                                 {"created_at", "2026-11-23T10:00:00Z"},
                                 {"updated_at", "2026-11-23T10:00:00Z"},
                                 {"archived_at", nullptr}};
  for (const auto& [key, value] : expected.items()) {
    CAPTURE(key);
    CHECK(customer[key] == value);
  }
}

TEST_CASE("customer add prints the record in the chosen format") {
  Shell kundehub;
  CHECK(kundehub("customer add --business A --format ids") == 0);
  CHECK(kundehub.out == "1001\n");
  const ordered_json json = kundehub.json("customer add --private 'Carl Lund' --email carl@lund.dk");
  CHECK(json["number"] == "1002");
  CHECK(json["contacts"][0]["email"] == "carl@lund.dk");
  CHECK(kundehub("customer add --business B --format csv --fields number,name,cvr") == 0);
  CHECK(kundehub.out == "number,name,cvr\n1003,B,\n");
  CHECK(kundehub("customer add --business C --format tsv --fields number,hub --no-header") == 0);
  CHECK(kundehub.out == "1004\toff\n");
  CHECK(kundehub("customer add --business D --format count") == 0);
  CHECK(kundehub.out == "1\n");
  CHECK(kundehub("customer add --business E") == 0);
  CHECK(kundehub.out.starts_with("1006 E\n"));
}

TEST_CASE("customer add needs one kind, and refuses what its fields do not take") {
  Shell kundehub;
  CHECK(kundehub("customer add") == 2);
  CHECK(kundehub.message() == "a customer is either --business NAME or --private NAME");
  CHECK(kundehub.hint() == "kundehub help customer add");
  CHECK(kundehub("customer add --business A --private B") == 2);
  for (const char* option :
       {"--cvr 13585629", "--email a@b", "--phone x", "--country XX", "--language de", "--number -", "--tag 'a,b'",
        "--contact 'Anna <a@x.dk>'", "--contact a@x.dk", "--zip 123456789012345678901"}) {
    CAPTURE(option);
    CHECK(kundehub(std::string("customer add --business A ") + option) == 65);
  }
  CHECK(kundehub("customer add --business A --module project") == 3);
  CHECK(kundehub.hint() == "did you mean projects");
  CHECK(kundehub("customer add --private A --cvr 13585628") == 65);
  CHECK(kundehub.hint() == "create the customer with --business, or leave out --cvr");
  CHECK(customers(kundehub) == "0");
}

TEST_CASE("customer add refuses a number that is taken, and warns of a CVR number that another has") {
  Shell kundehub;
  REQUIRE(kundehub("customer add --business A --number 42 --cvr 13585628") == 0);
  CHECK(kundehub("customer add --business B --number 42") == 4);
  CHECK(kundehub.message() == "there is a customer 42 already");
  CHECK(kundehub.hint() == "kundehub customer show 42");
  CHECK(kundehub("customer add --business B --cvr 13585628") == 0);
  CHECK(kundehub.said("warning: the CVR number 13585628 has 42 (A) too"));
  CHECK(customers(kundehub) == "2");
}

TEST_CASE("customer add --if-not-exists finds by number, CVR or a person's address, and changes nothing then") {
  Shell kundehub;
  REQUIRE(kundehub("customer add --business A --number 42 --cvr 13585628 --email a@x.dk") == 0);
  REQUIRE(kundehub("customer add --private C --email c@x.dk") == 0);
  for (const auto& [line, number] : {std::pair{"customer add --business B --number 42", "42\n"},
                                     {"customer add --business B --cvr 13585628", "42\n"},
                                     {"customer add --private B --email C@x.dk", "1001\n"}}) {
    CAPTURE(line);
    CHECK(kundehub(std::string(line) + " --if-not-exists --format ids") == 0);
    CHECK(kundehub.out == number);
    CHECK(kundehub.said("the customer exists already: nothing was changed"));
  }
  CHECK(kundehub("customer add --private B --number 42 --if-not-exists") == 4);
  CHECK(kundehub("customer add --business D --if-not-exists") == 2);
  CHECK(kundehub.hint().starts_with("add --number"));
  CHECK(kundehub.records.value("SELECT group_concat(name) FROM customer") == "A,C");
  CHECK(kundehub("customer add --private D --email a@x.dk --if-not-exists --format ids") == 0);
  CHECK(kundehub.out == "1002\n");
}

TEST_CASE("customer add --welcome changes nothing as long as mail is not set up") {
  for (const char* key : {"mail.transport", "mail.from", "hub.url"}) {
    CAPTURE(key);
    Shell kundehub;
    kundehub.configure(key, "");
    CHECK(kundehub("customer add --private 'Carl Lund' --email carl@lund.dk --hub --welcome") == 78);
    CHECK(kundehub.message() == std::string("mail cannot be sent: ") + key + " is not set");
    CHECK(kundehub.hint().starts_with(std::string("kundehub config set ") + key + ' '));
    CHECK(customers(kundehub) == "0");
    CHECK(kundehub("customer add --private 'Carl Lund' --email carl@lund.dk --hub") == 0);
  }
}

TEST_CASE("a customer that is saved though its mail has not left ends with 5, and says so") {
  Shell kundehub;
  kundehub.configure("mail.transport", "smtp://127.0.0.1:1");
  const std::string add = "customer add --private 'Carl Lund' --email carl@lund.dk --hub --module projects --welcome";
  CHECK(kundehub(add) == 5);
  CHECK(kundehub.said("deferred"));
  CHECK(customers(kundehub) == "1");
  CHECK(kundehub.records.value("SELECT state FROM welcome") == "deferred");
  CHECK(kundehub.out.find("welcome mail: deferred") != std::string::npos);
}

TEST_CASE("a customer that is saved before the delivery breaks ends with 5 too") {
  Shell kundehub;
  kundehub.records.sql(
      "CREATE TRIGGER broken BEFORE UPDATE ON welcome WHEN new.state = 'sending' BEGIN SELECT raise(ABORT, 'broken'); "
      "END");
  CHECK(kundehub("customer add --private 'Carl Lund' --email carl@lund.dk --hub --module projects --welcome") == 5);
  CHECK(kundehub.said("broken"));
  CHECK(customers(kundehub) == "1");
  CHECK(kundehub.records.value("SELECT state FROM welcome") == "queued");
}

TEST_CASE("customer add writes to the person in the customer's language, to a contact in its own") {
  Shell kundehub;
  kundehub("customer add --private 'Carl Lund' --email carl@lund.dk --hub --module projects --language en --welcome");
  REQUIRE(kundehub.mails().size() == 1);
  CHECK(kundehub.records.value("SELECT language FROM welcome") == "en");
}

TEST_CASE("customer add warns of a person who is a customer already, and names who fits several times") {
  Shell kundehub;
  kundehub("customer add --private 'Carl Lund' --email carl@lund.dk");
  CHECK(kundehub("customer add --private 'Carl Lund' --email carl@lund.dk") == 0);
  CHECK(kundehub.said("warning: the address carl@lund.dk has 1001 (Carl Lund) too"));
  CHECK(kundehub("customer add --private 'Carl Lund' --email carl@lund.dk --if-not-exists") == 4);
  CHECK(kundehub.message() == "several customers fit: 1001 (Carl Lund), 1002 (Carl Lund)");
  kundehub("customer add --business Lund --email carl@lund.dk");
  CHECK_FALSE(kundehub.said("warning"));  // a billing address may serve many
}

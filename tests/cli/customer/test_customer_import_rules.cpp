#include <doctest/doctest.h>

#include <fstream>

#include "core/store/import_stage.hpp"
#include "tests/support/mail_fixture.hpp"
#include "tests/support/shell.hpp"

namespace kundehub::test {
namespace {

int import(Shell& kundehub, const std::string& text, const std::string& options = "") {
  std::ofstream(kundehub.folder() / "list.csv", std::ios::binary) << text;
  return kundehub("customer import '" + (kundehub.folder() / "list.csv").native() + "' " + options);
}

std::string customers(Shell& kundehub) {
  return kundehub.records.value(
      "SELECT coalesce(group_concat(number, ' '), '') FROM (SELECT number FROM customer ORDER BY id)");
}

constexpr const char* head = "nr,navn,by,cvr,fornavn,efternavn,contact_email\n";

TEST_CASE("with --partial a customer whose other row is rejected waits for it, whatever makes them one") {
  Shell kundehub;
  const std::string text = head;
  CHECK(import(kundehub, text + "1,N ApS,Odense,,A,B,a@n.dk\n1,N ApS,Odense,C,D,c@n.dk\n2,S ApS,,,,,\n", "--partial") ==
        5);
  CHECK(customers(kundehub) == "2");
  CHECK(import(kundehub, text + ",V ApS,,12345674,A,B,a@v.dk\n,V ApS,,12345674,C,D,c@v\n4,T ApS,,,,,\n", "--partial") ==
        5);
  CHECK(customers(kundehub) == "2 4");
  CHECK(import(
            kundehub,
            text + "5,N ApS,Odense,,A,B,a@n.dk\n6,S ApS,,,,,\n5,N ApS,Aarhus,,C,D,c@n.dk\n7,T ApS,,,,,\n7,T ApS,,,,,\n",
            "--partial") == 5);
  CHECK(customers(kundehub) == "2 4 6 7");
}

TEST_CASE("who does not enter keeps no number from those who do") {
  Shell kundehub;
  kundehub("customer add --business Nordlys --cvr 12345674");
  REQUIRE(import(kundehub, "navn,cvr,nr\nNordlys,12345674,1002\nNy ApS,88146328,\n",
                 "--match cvr --on-duplicate skip") == 0);
  CHECK(customers(kundehub) == "1001 1002");
  CHECK(import(kundehub, "navn,nr\nA ApS,999999999999999\nB ApS,\n") == 4);
  CHECK(kundehub.said("there are no numbers left behind 999999999999999"));
  CHECK(customers(kundehub) == "1001 1002");
}

TEST_CASE("a private person keeps what the contact's columns say, and gets no access that one of them denies") {
  Shell kundehub;
  REQUIRE(import(kundehub,
                 "nr,navn,kontakt,e-mail,contact_hub,sprog,contact_language,titel\n1,Bo Ek,Bo Ek,b@x.dk,nej,,en,CEO\n",
                 "--hub --kind private") == 0);
  const auto page = kundehub.json("customer show 1");
  CHECK(page.at("hub") == "off");
  CHECK(page.at("language") == "en");
  CHECK(page.at("contacts").at(0).at("title") == "CEO");
  REQUIRE(import(kundehub, "nr,navn,kontakt,titel\n1,Bo Ek,Bo Ek,CFO\n", "--on-duplicate update") == 0);
  CHECK(kundehub.json("customer show 1").at("contacts").at(0).at("title") == "CFO");
}

TEST_CASE("the primary contact is the one that the file marks, or the first") {
  Shell kundehub;
  kundehub("customer add --business N --contact 'B C <b@n.dk>' --contact 'A D <a@n.dk>'");
  REQUIRE(import(kundehub, "nr,navn,type,fornavn,efternavn,contact_email,primær\n1001,N,firma,A,D,a@n.dk,nej\n",
                 "--on-duplicate update") == 0);
  CHECK(kundehub.said("nothing had to be changed"));
  const std::string text = head;
  REQUIRE(import(kundehub, text + "2,N ApS,,,,,\n2,N ApS,,,A,B,a@n.dk\n2,N ApS,,,C,D,c@n.dk\n") == 0);
  CHECK(kundehub.json("customer show 2").at("contacts").at(0).at("primary") == true);
  const std::string marked = "nr,navn,fornavn,efternavn,contact_email,primær\n";
  CHECK(import(kundehub, marked + "3,N ApS,A,B,a@n.dk,ja\n4,S ApS,E,F,e@n.dk,\n3,N ApS,C,D,c@n.dk,ja\n") == 65);
  CHECK(kundehub.said("row 2 (line 2): the customer has two primary contacts"));
}

TEST_CASE("--map takes the very column it names") {
  Shell kundehub;
  CHECK(import(kundehub, "navn,E-mail,Email\nBo,a@x.dk,b@x.dk\n", "--map Email=none") == 0);
  CHECK(kundehub.json("customer show 1001").at("email") == "a@x.dk");
  CHECK(import(kundehub, "navn,E-mail,Email\nEva,c@x.dk,d@x.dk\n", "--map EMAIL=none") == 2);
  CHECK(kundehub.said("several columns are called like \"EMAIL\""));
  CHECK(import(kundehub, "{\"name\": \"Eva\"}\n", "--map typo=city") == 2);
  CHECK(kundehub.said("nothing in the file is called \"typo\""));
}

TEST_CASE("two rows that mean one customer of the store are not both taken") {
  Shell kundehub;
  kundehub("customer add --business 'N ApS' --cvr 12345674");
  const std::string text = "nr,navn,cvr,by\n1001,N ApS,,Odense\n,N ApS,12345674,Aarhus\n";
  CHECK(import(kundehub, text, "--on-duplicate update") == 4);
  CHECK(kundehub.said("row 3 (line 3): is the same customer as row 2"));
  CHECK(import(kundehub, "nr,navn,cvr\n5,S ApS,88146328\n7,T ApS,\n,S ApS,88146328\n") == 4);
  CHECK(kundehub.said("row 4 (line 4): is the same customer as row 2"));
}

TEST_CASE("a dry run ends as the run would") {
  Shell kundehub;
  for (const char* options : {"--partial", "--partial --max-errors 0", ""}) {
    CAPTURE(options);
    CHECK(import(kundehub, "navn,cvr\nA,1\n", options) == 65);
    CHECK(kundehub.out.empty());
    CHECK(import(kundehub, "navn,cvr\nA,1\n", options + std::string(" -n")) == 65);
    CHECK(kundehub.out.find("rejected          1") != std::string::npos);
  }
}

TEST_CASE("the file of rejects is written with the import, and only then") {
  Shell kundehub;
  const std::string rejects = (kundehub.folder() / "rejects.csv").native();
  const std::string options = "--partial --rejects '" + rejects + "'";
  std::ofstream(rejects) << "old";
  CHECK(import(kundehub, "navn,cvr\nA,1\n", options) == 65);
  CHECK(mail_test::read_file(rejects) == "old");
  CHECK(import(kundehub, "navn,cvr,reason\n\"A, b\",1,x\nBo,,y\n", options) == 5);
  CHECK(mail_test::read_file(rejects) == "navn,cvr,reason\n\"A, b\",1,\"cvr: CVR number \"\"1\"\" is not 8 digits\"\n");
  CHECK(import(kundehub, "navn\nEva\n", options) == 0);
  CHECK(mail_test::read_file(rejects) == "navn,reason\n");
  CHECK(import(kundehub, "{\"name\": \"A\", \"cvr\": 1}\n{\"name\": \"Ida\"}\n{no}\n", options) == 5);
  CHECK(mail_test::read_file(rejects) ==
        "{\"name\":\"A\",\"cvr\":1,\"reason\":\"cvr: CVR number \\\"1\\\" is not 8 digits\"}\n"
        "{\"text\":\"{no}\",\"reason\":\"is no JSON object\"}\n");
}

TEST_CASE("a further row of a customer may leave empty what the first one has said") {
  Shell kundehub;
  REQUIRE(import(kundehub, "nr,navn,by,kontakt,e-mail\n1,N ApS,Odense,Per Lund,p@n.dk\n1,,,\"Dahl, Bo\",b@n.dk\n") ==
          0);
  const auto contacts = kundehub.json("customer show 1").at("contacts");
  REQUIRE(contacts.size() == 2);
  CHECK(contacts.at(1).at("first_name") == "Bo");
  CHECK(contacts.at(1).at("last_name") == "Dahl");
}

TEST_CASE("an address in a contact's column makes no billing address") {
  Shell kundehub;
  CHECK(import(kundehub, "navn,kontakt e-mail\nN ApS,p@n.dk\n") == 65);
  CHECK(kundehub.said("a business contact needs a first name"));
  REQUIRE(import(kundehub, "nr,navn,kontaktperson,e-mail\n1,N ApS,,p@n.dk\n") == 0);
  CHECK(kundehub.json("customer show 1").at("email") == "p@n.dk");
}

TEST_CASE("the rejected rows never take the list's place, nor make folders") {
  Shell kundehub;
  const std::string folder = kundehub.folder().native();
  CHECK(import(kundehub, "navn\nBo\n", "--partial --rejects '" + folder + "/list.csv'") == 2);
  CHECK(import(kundehub, "navn\nBo\n", "--partial --rejects -") == 2);
  CHECK(import(kundehub, "navn\nBo\n", "--partial --rejects '" + folder + "/no/x.csv'") == 73);
  CHECK(customers(kundehub).empty());
}

TEST_CASE("a list that is larger than the customer base leaves every index in its place") {
  Shell kundehub;
  const char* indexes =
      "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema WHERE type = 'index' "
      "ORDER BY name)";
  REQUIRE(kundehub("customer add --private 'Bo Ek'") == 0);
  const std::string before = kundehub.records.value(indexes);
  REQUIRE(import(kundehub, "navn\nA ApS\nB ApS\nC ApS\n") == 0);
  CHECK(customers(kundehub) == "1001 1002 1003 1004");
  CHECK(kundehub.records.value(indexes) == before);
  CHECK(kundehub.records.value("PRAGMA integrity_check") == "ok");
}

TEST_CASE("rows of nothing but delimiters are passed over") {
  Shell kundehub;
  REQUIRE(import(kundehub, "navn;by\nBo;Odense\n;\n; \n") == 0);
  CHECK(customers(kundehub) == "1001");
}

TEST_CASE("in JSON Lines one thing stands once, and what a contact does not mention is left alone") {
  Shell kundehub;
  CHECK(import(kundehub, "{\"name\": \"A\", \"navn\": \"B\"}\n") == 65);
  CHECK(kundehub.said("has two members for name"));
  kundehub("customer add --business N --contact 'A B <a@n.dk>' --contact 'C D <c@n.dk>'");
  kundehub("contact edit contact:1 --phone 11111111");
  REQUIRE(import(kundehub,
                 "{\"number\": \"1001\", \"name\": \"N\", \"kind\": \"business\", \"contacts\": [{\"name\": \"A B\", "
                 "\"email\": "
                 "\"a@n.dk\"}, {\"name\": \"C D\", \"email\": \"c@n.dk\", \"phone\": null}]}\n",
                 "--on-duplicate update --empty-clears") == 0);
  CHECK(kundehub.records.value("SELECT phone FROM contact WHERE id = 1") == "11111111");
}

TEST_CASE("an update of an archived customer says so") {
  Shell kundehub;
  kundehub("customer add --business Nordlys");
  kundehub.records.sql("UPDATE customer SET archived_at = 1");
  REQUIRE(import(kundehub, "nr,navn,type,by\n1001,Nordlys,firma,Odense\n", "--on-duplicate update") == 0);
  CHECK(kundehub.said("row 2 (line 2): customer 1001 is archived, and stays so"));
}

TEST_CASE("a module that was deleted meanwhile is a conflict") {
  Shell kundehub;
  auto& store = *kundehub.records.store;
  const auto stage = store.open_import_stage(kundehub.records.now);
  kundehub.records.sql("DELETE FROM module WHERE key = 'invoices'");
  StagedCustomer customer;
  customer.data.name = "Bo";
  customer.data.modules = {"invoices"};
  stage->add(customer, "");
  stage->finish_collecting();
  stage->prepare_entry();
  auto operation = kundehub.records.begin();
  try {
    operation->add_staged(*stage);
    FAIL_CHECK("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::conflict);
  }
}

}  // namespace
}  // namespace kundehub::test

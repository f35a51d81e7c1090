#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

/// Two firms that Anna Berg works for, a private Anna, and what was done with them.
void add_anna(Shell& kundehub) {
  kundehub.add_nordlys();
  kundehub("customer add --business Bageri --contact 'Anna Berg <anna@nordlys.dk>' --email anna@nordlys.dk");
  kundehub("contact edit contact:1 --phone 11112222 --title Direktrice");
  kundehub("welcome send contact:1");
  kundehub("portal login contact:1 --ip 192.0.2.7");
}

std::string database_bytes(const std::string& name) {
  std::ifstream stream(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("person export tells everything that is held, as text and as JSON") {
  Shell kundehub;
  add_anna(kundehub);
  CHECK(kundehub("person export anna@nordlys.dk") == 0);
  for (const char* held : {"What is held on anna@nordlys.dk", "11112222", "Direktrice", "192.0.2.7", "Bageri", "op:3"})
    CHECK_MESSAGE(kundehub.out.find(held) != std::string::npos, held);
  CHECK(kundehub.out.find("bo@nordlys.dk") == std::string::npos);  // another contact's, whom a command named too
  const ordered_json document = kundehub.json("person export anna@nordlys.dk");
  CHECK(document["contact"].size() == 2);
  CHECK(document["mail"].size() == 1);
  CHECK(document["login"][0]["ip"] == "192.0.2.7");
  CHECK(document["operation"][0]["at"].get<std::string>().ends_with("Z"));
  CHECK(kundehub.out.find("token_hash") == std::string::npos);
  CHECK(kundehub("person export anna@nordlys.dk -o " + (kundehub.folder() / "anna.txt").native()) == 0);
  CHECK(kundehub("person export nobody@nordlys.dk") == 3);
  CHECK(kundehub("person export anna@nordlys.dk --format csv") == 2);
}

TEST_CASE("person erase leaves nothing that tells of the person, in the log neither") {
  Shell kundehub;
  kundehub.on_files = true;
  kundehub.environment["KUNDEHUB_DB"] = (kundehub.folder() / "hub.db").native();
  kundehub("init");
  add_anna(kundehub);
  CHECK(kundehub("person erase anna@nordlys.dk") == 6);
  CHECK(kundehub("person erase ANNA@nordlys.dk --yes") == 0);
  CHECK(kundehub("person show anna@nordlys.dk") == 3);
  CHECK(kundehub("contact show contact:2") == 0);
  CHECK(kundehub.json("contact show contact:2")["primary"] == true);
  const std::string bytes = database_bytes(kundehub.environment["KUNDEHUB_DB"]);
  for (const char* trace : {"anna@nordlys", "ANNA@", "Anna Berg", "Anna", "Direktrice", "11112222", "192.0.2.7"})
    CHECK_MESSAGE(bytes.find(trace) == std::string::npos, trace);
  const ordered_json log = kundehub.json("log");
  CHECK(log[0]["command"] == "person erase (erased)");
  CHECK(log.back()["command"] == "customer add (erased)");
  CHECK(kundehub("log op:3") == 0);
  CHECK(kundehub("db check") == 0);
}

TEST_CASE("an erasure cannot be undone, nor what it has erased from") {
  Shell kundehub;
  add_anna(kundehub);
  kundehub("person erase anna@nordlys.dk --yes");
  CHECK(kundehub("undo op:5") == 4);
  CHECK(kundehub.message() == "op:5 cannot be undone: a person whose data it held was erased");
  CHECK(kundehub("undo op:3 --force") == 4);
}

TEST_CASE("an erased address is not taken again until that is lifted") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  kundehub("person erase carl@lund.dk --yes");
  CHECK(kundehub("customer show 1002") == 3);
  CHECK(kundehub("contact add 1001 'Carl Lund <Carl@lund.dk>'") == 4);
  CHECK(kundehub.message().starts_with("the data of carl@lund.dk was erased on request on "));
  CHECK(kundehub.hint() == "if the person wants it: kundehub person erase carl@lund.dk --forget");
  CHECK(kundehub("customer add --private 'Carl Lund' --email carl@lund.dk") == 4);
  CHECK(kundehub("contact edit contact:2 --email carl@lund.dk") == 4);
  CHECK(kundehub("customer edit 1001 --email carl@lund.dk") == 4);
  kundehub.pipe("Firmanavn,Kontaktperson,E-mail\nLund ApS,Carl Lund,carl@lund.dk\n");
  CHECK(kundehub("customer import -") == 4);
  const std::string list = "Firmanavn,Kontaktperson,E-mail\nLund ApS,Carl Lund,carl@lund.dk\nVest,Ib Ek,ib@vest.dk\n";
  kundehub.pipe(list);
  CHECK(kundehub("customer import - --partial") == 5);
  CHECK(kundehub.said("row 2 (line 2): the data of carl@lund.dk was erased on request"));
  CHECK(kundehub("contact show ib@vest.dk") == 0);
  CHECK(kundehub("contact show carl@lund.dk") == 3);
  kundehub.pipe("Kundenummer,Kontaktperson,E-mail\n1001,Carl Lund,carl@lund.dk\n");
  CHECK(kundehub("customer import - --partial --on-duplicate update") == 4);
  CHECK(kundehub.said("row 2 (line 2): the data of carl@lund.dk was erased on request"));
  CHECK(kundehub("person erase carl@lund.dk --forget") == 0);
  CHECK(kundehub("person erase carl@lund.dk --forget") == 3);
  CHECK(kundehub("contact add 1001 'Carl Lund <carl@lund.dk>'") == 0);
}

TEST_CASE("a contact that had the address once and has another now is somebody else") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("contact edit contact:2 --email info@nordlys.dk");
  kundehub("contact edit contact:2 --email bo@nordlys.dk");
  CHECK(kundehub("person erase info@nordlys.dk --yes") == 0);
  CHECK(kundehub("contact show contact:2") == 0);
  kundehub("log op:2");
  CHECK(kundehub.out.find("info@") == std::string::npos);
}

TEST_CASE("erasing a person leaves alone whose address only looks like theirs, and the log can be read") {
  Shell kundehub;
  kundehub("customer add --business Nordlys --contact 'Ann Ek <ann@nordlys.dk>' --contact 'Nis Bo <n@nordlys.dk>'");
  kundehub("contact edit ann@nordlys.dk --title Boss");
  kundehub("contact edit n@nordlys.dk --title Chef");
  kundehub("module edit projects --da Sager");
  CHECK(kundehub("person erase n@nordlys.dk --yes") == 0);
  CHECK(kundehub.json("log op:2")["command"] == "contact edit ann@nordlys.dk --title Boss");
  CHECK(kundehub.json("log op:3")["command"] == "contact edit (erased)");
  for (const char* operation : {"op:1", "op:2", "op:3", "op:4", "op:5"})
    CHECK(kundehub("log " + std::string(operation)) == 0);
  CHECK(kundehub("undo") == 0);  // not the erasure: the one before it
  CHECK(kundehub.said("op:4 (module edit projects --da Sager) is undone"));
}

TEST_CASE("who had a contact's place before is another person: neither is told of the other, nor erased with them") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("contact edit contact:1 --phone 11112222");
  kundehub("welcome send contact:1");
  kundehub.records.now += std::chrono::hours(1);
  kundehub("contact edit contact:1 --first-name Vera --last-name Vang --email vera@nordlys.dk --phone 33334444");
  kundehub("contact edit contact:1 --title Direktrice");
  const ordered_json vera = kundehub.json("person export vera@nordlys.dk");
  CHECK(kundehub.out.find("Anna") == std::string::npos);
  CHECK(kundehub.out.find("11112222") == std::string::npos);
  CHECK(vera["operation"].size() == 2);
  CHECK(vera["mail"].empty());
  const ordered_json anna = kundehub.json("person export anna@nordlys.dk");
  CHECK(anna["mail"].size() == 1);
  CHECK(kundehub.out.find("11112222") != std::string::npos);
  CHECK(kundehub.out.find("Vera") == std::string::npos);

  CHECK(kundehub("person erase anna@nordlys.dk --yes") == 0);
  kundehub.json("log op:4");
  CHECK(kundehub.out.find("Anna") == std::string::npos);
  CHECK(kundehub("contact show vera@nordlys.dk") == 0);
  CHECK(kundehub("undo op:2 --force") == 4);
  CHECK(kundehub.said("was erased"));
  CHECK(kundehub("undo op:5") == 0);
}

TEST_CASE("an earlier address of an erased person goes too, from commands and mails that know only that one") {
  Shell kundehub;
  kundehub.on_files = true;
  kundehub.environment["KUNDEHUB_DB"] = (kundehub.folder() / "hub.db").native();
  kundehub("init");
  kundehub.add_nordlys();
  kundehub("welcome send anna@nordlys.dk");
  kundehub("contact edit contact:1 --email anna@hjem.dk");
  kundehub("person erase anna@hjem.dk --yes");
  kundehub.json("log");
  CHECK(kundehub.out.find("anna@") == std::string::npos);
  CHECK(kundehub("db check") == 0);
}

TEST_CASE(
    "who was in the place before is not told of, whichever field was changed first, nor who the private customer was") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  kundehub("contact edit contact:1 --email ben@nordlys.dk");
  kundehub("contact edit contact:1 --first-name Ben --last-name Hall");
  kundehub.json("person export ben@nordlys.dk");
  CHECK(kundehub.out.find("Anna") == std::string::npos);
  kundehub("customer edit 1002 --notes 'owes money' --phone 12345678");
  kundehub("customer edit 1002 --name 'Bo Ub' --email bo@ub.dk --unset notes --unset phone");
  kundehub.json("person export bo@ub.dk");
  for (const char* trace : {"owes money", "12345678", "Carl"}) CHECK(kundehub.out.find(trace) == std::string::npos);
  kundehub.json("person export carl@lund.dk");
  CHECK(kundehub.out.find("owes money") != std::string::npos);
}

TEST_CASE("links and logins of who was in the place before are theirs, and go with them") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub.pipe(kundehub.token_of(1));
  kundehub("portal redeem --token-stdin --ip 192.0.2.7");
  kundehub.records.now += std::chrono::hours(1);
  kundehub("contact edit contact:1 --email ben@nordlys.dk --first-name Ben --last-name Hall");
  kundehub.records.now += std::chrono::hours(1);
  kundehub("portal login contact:1 --ip 192.0.2.8");
  const ordered_json anna = kundehub.json("person export anna@nordlys.dk");
  CHECK(anna["login_link"].size() == 1);
  CHECK(anna["login"].size() == 1);
  const ordered_json ben = kundehub.json("person export ben@nordlys.dk");
  CHECK(ben["login_link"].empty());
  CHECK(ben["login"].size() == 1);
  CHECK(kundehub("person erase anna@nordlys.dk --yes") == 0);
  const ordered_json logins = kundehub.json("hub logins");
  REQUIRE(logins.size() == 1);
  CHECK(logins[0]["ip"] == "192.0.2.8");
}

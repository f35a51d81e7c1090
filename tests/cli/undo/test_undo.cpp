#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

std::string phone(Shell& kundehub) {
  const ordered_json customer = kundehub.json("customer show 1001");
  return customer["phone"].is_null() ? "" : customer["phone"].get<std::string>();
}

}  // namespace

TEST_CASE("undo takes back the actor's latest operation, and the one before it the next time") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer edit 1001 --phone 11111111");
  kundehub("customer edit 1001 --phone 22222222");
  kundehub("customer edit 1001 --city Aarhus --actor vera");
  CHECK(kundehub("undo --format ids") == 0);
  CHECK(kundehub.out == "op:5\n");
  CHECK(kundehub.said("op:3 (customer edit 1001 --phone 22222222) is undone: 1 record changed back"));
  CHECK(phone(kundehub) == "11111111");
  CHECK(kundehub("undo") == 0);
  CHECK(phone(kundehub) == "");
  CHECK(kundehub("undo --actor nobody") == 3);
  CHECK(kundehub.message() == "\"nobody\" has no operation that could be undone");
}

TEST_CASE("an undo is an operation of its own, and is undone by its name") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer edit 1001 --phone 11111111");
  kundehub("undo op:2");
  const ordered_json entry = kundehub.json("log op:3");
  CHECK(entry["undoes"] == "op:2");
  CHECK(entry["changes"][0]["fields"][0]["before"] == "11111111");
  CHECK(kundehub("undo op:3") == 0);
  CHECK(phone(kundehub) == "11111111");
  CHECK(kundehub("undo --format ids") == 0);  // op:2 stands again, and is the latest that is no undo
  CHECK(kundehub.said("op:2 (customer edit 1001 --phone 11111111) is undone"));
}

TEST_CASE("what has changed since is a conflict, shown field by field, and --force goes over it") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer edit 1001 --phone 11111111 --city Aarhus");
  kundehub("customer edit 1001 --phone 22222222 --zip 8000");
  CHECK(kundehub("undo op:2 --json") == 4);
  CHECK(kundehub.said(
      "customer 1001 (Nordlys ApS): phone was none before op:2, \"11111111\" after it, and is \"22222222\" now"));
  CHECK(kundehub.said("op:2 was not undone: 1 record has changed since"));
  CHECK(!kundehub.said("city"));
  CHECK(kundehub("undo op:2 --force") == 0);
  const ordered_json customer = kundehub.json("customer show 1001");
  CHECK(customer["phone"].is_null());
  CHECK(customer["city"].is_null());
  CHECK(customer["zip"] == "8000");
}

TEST_CASE("what came with a customer since is named before it goes") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("contact add 1001 'Eva Dam <eva@nordlys.dk>'");
  kundehub("customer edit 1001 --phone 11111111");
  CHECK(kundehub("undo op:1") == 4);
  CHECK(kundehub.said("contact contact:3 (Eva Dam): was added since, and would go too"));
  CHECK(
      kundehub.said("customer 1001 (Nordlys ApS): phone was none before op:1, none after it, and is \"11111111\" now"));
  CHECK(kundehub("undo op:1 --force") == 0);
  CHECK(kundehub.said("4 deleted"));
  CHECK(kundehub("customer list --all --format count") == 0);
  CHECK(kundehub.out == "0\n");
  CHECK(kundehub("undo op:4") == 0);
  CHECK(kundehub("contact list --format count") == 0);
  CHECK(kundehub.out == "3\n");
}

TEST_CASE("what is gone since stays so, and what something else has taken cannot come back") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("contact edit contact:2 --phone 11111111");
  kundehub("contact delete contact:2 --yes");
  CHECK(kundehub("undo op:2") == 4);
  CHECK(kundehub.said("contact contact:2 (Bo Ek): has been deleted since, and stays so"));
  kundehub("contact add 1001 'Bo Ny <bo@nordlys.dk>'");
  CHECK(kundehub("undo op:3 --force") == 4);
  CHECK(kundehub.message() ==
        "op:3 cannot be undone: the address bo@nordlys.dk belongs to another contact of the customer since");
  CHECK(kundehub.hint() == "kundehub contact show contact:3");
  kundehub("customer delete 1001 --yes");
  CHECK(kundehub("undo op:3 --force") == 4);
  CHECK(kundehub.message() ==
        "op:3 cannot be undone: the customer of the contact bo@nordlys.dk has been deleted since");
  kundehub("customer add --business Andre --number 1001");
  CHECK(kundehub("undo op:5") == 4);
  CHECK(kundehub.message() ==
        "op:5 cannot be undone: the customer number 1001 has been given to another customer since");
}

TEST_CASE("links never revive, a mail that has left is not recalled, and undo says so") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub("hub revoke 1001");
  CHECK(kundehub("undo") == 0);
  CHECK(kundehub.said("1 contact with HUB access cannot log in: a login link that has ended does not revive"));
  CHECK(kundehub("hub explain contact:1") == 10);
  kundehub("welcome send contact:2");
  CHECK(kundehub("hub explain contact:2") == 0);
  CHECK(kundehub("undo") == 0);
  CHECK(kundehub.said("the welcome mail to bo@nordlys.dk has left and cannot be recalled"));
  CHECK(kundehub("hub explain contact:2") == 10);
}

TEST_CASE("undo takes waiting mails out of the queue and puts none back") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send 1001 --queue");
  CHECK(kundehub("undo") == 0);
  CHECK(kundehub.said("2 welcome mails taken out of the queue"));
  CHECK(kundehub("undo op:3") == 0);
  CHECK(kundehub.said("2 welcome mails that op:3 took out of the queue will not be sent"));
}

TEST_CASE("who has logged in once is let in again by an undo, and is named") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub.use_link(1);
  kundehub("customer delete 1001 --yes");
  CHECK(kundehub("undo") == 0);
  CHECK(kundehub.said("contact:1 (Anna Berg <anna@nordlys.dk>) may log in again"));
  CHECK(kundehub("hub explain contact:1") == 0);
}

TEST_CASE("a dry run of an undo shows what it would change and changes nothing") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer edit 1001 --phone 11111111");
  CHECK(kundehub("undo --dry-run") == 0);
  CHECK(kundehub.out.find("- phone          11111111") != std::string::npos);
  CHECK(phone(kundehub) == "11111111");
  CHECK(kundehub.json("undo --dry-run")["changes"].size() == 1);
  CHECK(kundehub.json("log").size() == 2);
}

TEST_CASE("an undo that would break a rule is refused") {
  Shell kundehub;
  kundehub.add_lund();
  kundehub("customer convert 1001 --to business --name 'Lund ApS'");
  kundehub("contact add 1001 'Eva Dam <eva@lund.dk>'");
  CHECK(kundehub("undo op:2") == 4);
  CHECK(kundehub.message() ==
        "op:2 cannot be undone by itself: at 1001 a private customer has one contact, and this one has 2");
  CHECK(kundehub("undo op:99") == 3);
  CHECK(kundehub("undo x") == 65);
}

TEST_CASE("undoing a contact leaves a business with a primary one") {
  Shell kundehub;
  kundehub("customer add --business Nordlys");
  kundehub("contact add 1001 'Anna Berg <anna@nordlys.dk>'");
  kundehub("contact add 1001 'Bo Ek <bo@nordlys.dk>'");
  CHECK(kundehub("undo op:2") == 0);
  CHECK(kundehub.json("contact show contact:2")["primary"] == true);
}

TEST_CASE("an operation that left nothing is said to have") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer edit 1001 --phone 11111111");
  kundehub("undo op:2");
  CHECK(kundehub("undo op:2") == 0);
  CHECK(kundehub.said("op:2 (customer edit 1001 --phone 11111111) has left nothing that could be taken back"));
  CHECK(kundehub.json("log").size() == 3);
}

TEST_CASE("who comes back leaves the primary mark to whoever has got it since") {
  Shell kundehub;
  kundehub("customer add --business Nordlys --contact 'Anna Berg <anna@nordlys.dk>'");
  kundehub("contact delete contact:1 --yes");
  kundehub("contact add 1001 'Bo Ek <bo@nordlys.dk>'");
  CHECK(kundehub("undo op:2") == 0);
  CHECK(kundehub.json("contact show contact:2")["primary"] == true);
  CHECK(kundehub.json("contact show contact:1")["primary"] == false);
}

TEST_CASE("a customer with a CVR number does not become private again") {
  Shell kundehub;
  kundehub.add_lund();
  kundehub("customer convert 1001 --to business --name 'Lund ApS'");
  kundehub("customer edit 1001 --cvr 12345674");
  CHECK(kundehub("undo op:2") == 4);
  CHECK(kundehub.hint() == "kundehub customer edit 1001 --unset cvr");
}

TEST_CASE("undo by itself passes over what has left nothing: mails that have gone") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub("customer edit 1001 --city Odense");
  kundehub("welcome resend contact:1");
  CHECK(kundehub("undo") == 0);
  CHECK(kundehub.said("op:3 (customer edit 1001 --city Odense) is undone"));
}

TEST_CASE("who has been written to or has logged in since does not go without --force") {
  Shell kundehub;
  kundehub.pipe("Firmanavn,Kontaktperson,E-mail\nVest,Ib Ek,ib@vest.dk\nSyd,Ole Pil,ole@syd.dk\n");
  kundehub("customer import - --hub --module projects");
  kundehub("welcome send contact:1");
  CHECK(kundehub("undo op:1") == 4);
  CHECK(kundehub.said("contact contact:1 (Ib Ek): was sent a mail, or has logged in, since"));
  kundehub.records.now += std::chrono::minutes(1);
  CHECK(kundehub("portal login contact:2") == 0);
  CHECK(kundehub("undo op:1") == 4);
  CHECK(kundehub.said("2 records have changed since"));
  CHECK(kundehub("undo op:1 --force") == 0);
  CHECK(kundehub.json("customer list").empty());
}

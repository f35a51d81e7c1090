#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using kundehub::Seconds;
using nlohmann::ordered_json;
using std::chrono::days;

namespace {

/// The conditions that do not hold, in the chain's order.
std::string broken(Shell& kundehub, const std::string& contact) {
  std::string conditions;
  for (const ordered_json& link : kundehub.json("hub explain " + contact)) {
    if (link["holds"] == false) conditions += (conditions.empty() ? "" : " ") + link["condition"].get<std::string>();
  }
  return conditions;
}

/// The remedy of the first condition that does not hold.
std::string remedy(Shell& kundehub, const std::string& arguments) {
  for (const ordered_json& link : kundehub.json("hub explain " + arguments)) {
    if (link["holds"] == false) return link["remedy"];
  }
  return "none";
}

int explain(Shell& kundehub) {
  return kundehub("hub explain contact:1");
}

/// `contact:1 reason`, … of customer 1001.
std::string reasons(Shell& kundehub) {
  std::string text;
  for (const ordered_json& contact : kundehub.json("hub status 1001")) {
    text += (text.empty() ? "" : ", ") + contact["contact"].get<std::string>() + ' ' +
            (contact["reason"].is_null() ? "ok" : contact["reason"].get<std::string>());
  }
  return text;
}

}  // namespace

TEST_CASE("R5: with a link that is out the contact may log in, and the chain tells since when each thing holds") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(explain(kundehub) == 10);
  CHECK(broken(kundehub, "contact:1") == "way_in");
  kundehub.records.now += days(1);
  REQUIRE(kundehub("welcome send contact:1") == 0);
  CHECK(explain(kundehub) == 0);
  CHECK(kundehub.out ==
        "contact:1 (Anna Berg <anna@nordlys.dk>) of customer 1001 (Nordlys ApS) may log in\n"
        "  yes the customer is not archived\n"
        "  yes the customer's HUB switch is on (since 2026-11-23 10:00)\n"
        "  yes the contact's HUB switch is on (since 2026-11-23 10:00)\n"
        "  yes the contact has an e-mail address, anna@nordlys.dk (since 2026-11-23 10:00)\n"
        "  yes a login link went out and is valid until 2026-12-01 10:00 (since 2026-11-24 10:00)\n");
}

TEST_CASE("R5: each condition that breaks is told with its remedy, and the answer is 10") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send 1001");
  const auto check_broken = [&](const std::string& condition, const std::string& command) {
    CHECK(explain(kundehub) == 10);
    CHECK(kundehub.out.find("may not log in") != std::string::npos);
    CHECK(kundehub.out.find(command) != std::string::npos);
    CHECK(remedy(kundehub, "contact:1") == command);
    CHECK(broken(kundehub, "contact:1") == condition);
  };
  kundehub.records.sql("UPDATE customer SET archived_at = 1");
  check_broken("not_archived", "kundehub customer unarchive 1001");
  kundehub.records.sql("UPDATE customer SET archived_at = NULL, hub = 0");
  check_broken("customer_hub", "kundehub hub grant 1001");
  kundehub.records.sql("UPDATE customer SET hub = 1");
  kundehub.records.sql("UPDATE contact SET hub = 0");
  check_broken("contact_hub", "kundehub hub grant 1001 --contact contact:1");
  kundehub.records.sql("UPDATE contact SET hub = 1");
  kundehub.records.now += days(7);
  check_broken("way_in", "kundehub welcome resend contact:1");
}

TEST_CASE("R5: a private customer without an address cannot log in, and the remedy works as it is printed") {
  Shell kundehub;
  kundehub("customer add --private 'Carl Lund' --hub");
  CHECK(broken(kundehub, "contact:1") == "email way_in");
  CHECK(explain(kundehub) == 10);
  CHECK(remedy(kundehub, "contact:1") == "kundehub contact edit contact:1 --email name@example.dk");
  CHECK(kundehub("contact edit contact:1 --email name@example.dk") == 0);
  CHECK(broken(kundehub, "contact:1") == "way_in");
}

TEST_CASE("R5: who has logged in once is let in again after a revoke and a grant; who never did needs a new mail") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send 1001");
  kundehub.use_link(1);
  CHECK(reasons(kundehub) == "contact:1 ok, contact:2 ok");
  REQUIRE(kundehub("hub revoke 1001") == 0);
  CHECK(reasons(kundehub) == "contact:1 customer_hub_off, contact:2 customer_hub_off");
  REQUIRE(kundehub("hub grant 1001") == 0);
  CHECK(reasons(kundehub) == "contact:1 ok, contact:2 no_way_in");
  REQUIRE(kundehub("welcome resend contact:2") == 0);
  CHECK(reasons(kundehub) == "contact:1 ok, contact:2 ok");
}

TEST_CASE("R5: a link that was used under an earlier address lets nobody in") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub.use_link(1);
  REQUIRE(kundehub("contact edit contact:1 --email anna@sydlys.dk") == 0);
  CHECK(broken(kundehub, "contact:1") == "way_in");
  REQUIRE(kundehub("contact edit contact:1 --email Anna@Nordlys.dk") == 0);
  CHECK(broken(kundehub, "contact:1") == "");
}

TEST_CASE("R5: a mail that only waits in the queue is no way in; one that may have arrived is") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1 --queue");
  CHECK(broken(kundehub, "contact:1") == "way_in");
  kundehub.records.sql("UPDATE welcome SET state = 'uncertain', link_out_until = 1900000000, due_at = NULL");
  CHECK(broken(kundehub, "contact:1") == "");
  kundehub.records.sql("UPDATE welcome SET state = 'bounced'");
  CHECK(broken(kundehub, "contact:1") == "way_in");
}

TEST_CASE("R5: a module that is asked for has to be on") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  CHECK(kundehub("hub explain contact:1 --module projects") == 0);
  CHECK(kundehub("hub explain contact:1 --module invoices") == 10);
  CHECK(remedy(kundehub, "contact:1 --module invoices") == "kundehub hub grant 1001 --module invoices");
  CHECK(kundehub("hub explain contact:1 --module invoice") == 3);
  CHECK(kundehub.hint() == "did you mean invoices");
}

TEST_CASE("R6: no mail goes to whom it may not reach, and the refusal names the remedy") {
  Shell kundehub;
  kundehub.add_nordlys();
  const auto check_refused = [&](const std::string& why, const std::string& remedy) {
    const std::string start = "no welcome mail can go to contact:1 (Anna Berg <anna@nordlys.dk>)";
    for (const char* line : {"welcome send contact:1", "welcome resend contact:1"}) {
      CAPTURE(line);
      CHECK(kundehub(line) == 4);
      CHECK(kundehub.message() == start + ": " + why);
      CHECK(kundehub.hint() == remedy);
    }
    CHECK(kundehub("contact edit contact:1 --title Boss --welcome") == 4);
    CHECK(kundehub.message() == start + ", so nothing was saved: " + why);
    CHECK(kundehub.hint() == remedy);
    CHECK(kundehub.json("contact show contact:1")["title"].is_null());
  };
  kundehub("hub revoke 1001");
  check_refused("the customer's HUB switch is off", "kundehub hub grant 1001");
  kundehub("hub grant 1001");
  kundehub("hub revoke 1001 --contact contact:1");
  check_refused("the contact's HUB switch is off", "kundehub hub grant 1001 --contact contact:1");
  kundehub("hub grant 1001 --contact contact:1");
  kundehub.records.sql("UPDATE customer SET archived_at = 1");
  check_refused("the customer is archived", "kundehub customer unarchive 1001");
  CHECK(kundehub.mails().empty());
  CHECK(kundehub.records.value("SELECT count(*) FROM welcome") == "0");
}

TEST_CASE("R6: nor does one leave with a new customer or contact that may not have it; nothing is made then") {
  Shell kundehub;
  CHECK(kundehub("customer add --private 'Carl Lund' --email carl@lund.dk --welcome") == 4);
  CHECK(kundehub.hint() == "add --hub");
  CHECK(kundehub("customer add --private 'Carl Lund' --hub --welcome") == 4);
  CHECK(kundehub.hint() == "add --email ADDRESS");
  CHECK(kundehub("customer add --business Nordlys --hub --welcome") == 4);
  CHECK(kundehub.hint() == "add --contact \"First Last <mail@example.dk>\"");
  CHECK(kundehub.records.value("SELECT count(*) FROM customer") == "0");
  kundehub("customer add --business Nordlys");
  CHECK(kundehub("contact add 1001 'Anna Berg <anna@nordlys.dk>' --welcome") == 4);
  CHECK(kundehub.message() ==
        "no welcome mail can go out, so nothing was saved: the HUB switch of customer 1001 is off");
  CHECK(kundehub.hint() == "kundehub customer edit 1001 --hub");
  CHECK(kundehub("contact add 1001 'Anna Berg <anna@nordlys.dk>' --no-hub --welcome") == 4);
  CHECK(kundehub.hint() == "leave out --no-hub or --welcome");
  CHECK(kundehub.records.value("SELECT count(*) FROM contact") == "0");
}

TEST_CASE("R6: a customer without modules gets the mail, with a warning") {
  Shell kundehub;
  kundehub("customer add --business Nordlys --hub --contact 'Anna Berg <anna@nordlys.dk>'");
  CHECK(kundehub("welcome send 1001") == 0);
  CHECK(kundehub.said("warning: customer 1001 has no module switched on: the HUB will look empty"));
  CHECK(kundehub.hint() == "kundehub hub grant 1001 --all-modules");
  CHECK(kundehub.mails().size() == 1);
  kundehub("hub grant 1001 --all-modules");
  CHECK(kundehub("welcome resend 1001") == 0);
  CHECK_FALSE(kundehub.said("warning"));
}

TEST_CASE("R15: a grant leaves the contacts' own switches as they are, unless they are asked for") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("hub revoke 1001 --contact contact:1 --contact contact:2");
  kundehub("hub revoke 1001");
  REQUIRE(kundehub("hub grant 1001 --module invoices") == 0);
  CHECK(reasons(kundehub) == "contact:1 contact_hub_off, contact:2 contact_hub_off");
  CHECK(kundehub.json("customer show 1001")["modules"] == ordered_json::array({"invoices", "projects"}));
  REQUIRE(kundehub("hub grant 1001 --contact bo@nordlys.dk") == 0);
  CHECK(reasons(kundehub) == "contact:1 contact_hub_off, contact:2 no_way_in");
  REQUIRE(kundehub("hub grant 1001 --all-contacts") == 0);
  CHECK(reasons(kundehub) == "contact:1 no_way_in, contact:2 no_way_in");
}

TEST_CASE("R15: of very many customers only the first are told, and that there are more") {
  Shell kundehub;
  for (int i = 0; i < 12; ++i) kundehub("customer add --private 'Anna Berg' --email anna@example.dk --tag vip");
  REQUIRE(kundehub("hub grant --tag vip --yes --format count") == 0);
  CHECK(kundehub.out == "12\n");
  CHECK(kundehub.said("nobody at customer 1010 may log in yet\n"));
  CHECK_FALSE(kundehub.said("customer 1011"));
  CHECK(
      kundehub.said("nobody may log in yet at other customers either, which are not named here\n"
                    "hint: kundehub hub status\n"));
}

TEST_CASE("what a revoke leaves switched on is told of the first customers, and that there are more") {
  Shell kundehub;
  for (int i = 0; i < 12; ++i)
    kundehub("customer add --private 'Anna Berg' --tag vip --module invoices --module projects");
  REQUIRE(kundehub("hub revoke --tag vip --module invoices --yes") == 0);
  CHECK(kundehub.said("customer 1010 has projects on now\n"));
  CHECK(kundehub.said("and 2 customers are not named here\n"));
}

TEST_CASE("customers that filters select are told in the order of their numbers, whatever their order in the store") {
  Shell kundehub;
  for (const char* number : {"1030", "1010", "1020"})
    kundehub(std::string("customer add --private 'Anna Berg' --tag vip --number ") + number);
  kundehub("customer add --business Nordlys --tag vip --number 1015");  // without contacts: refused
  CHECK(kundehub("hub grant --tag vip --yes --format tsv --fields customer --no-header") == 5);
  CHECK(kundehub.out == "1010\n1020\n1030\n");
  CHECK(kundehub("customer archive --tag vip --yes --format ids") == 0);
  CHECK(kundehub.out == "1010\n1015\n1020\n1030\n");
  CHECK(kundehub("customer delete --tag vip --archived --yes --format ids") == 0);
  CHECK(kundehub.out == "1010\n1015\n1020\n1030\n");
}

TEST_CASE("R15: a switch turned on by an edit says too if that lets nobody in") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send 1001");
  kundehub("hub revoke 1001");
  CHECK(kundehub.said(
      "2 login links that had gone out no longer work\nwhoever is to get in again needs a new welcome mail"));
  CHECK(kundehub("customer edit 1001 --hub") == 0);
  CHECK(kundehub.said("nobody at customer 1001 may log in yet\n"));
  CHECK(kundehub.said(
      "may not log in: no login link is out: a revoke has ended it\nhint: kundehub welcome send contact:1"));
  kundehub("contact edit contact:2 --no-hub");
  CHECK(kundehub("contact edit contact:2 --hub") == 0);
  CHECK(kundehub.said("contact:2 (Bo Ek <bo@nordlys.dk>) may not log in: no login link is out"));
}

TEST_CASE("R6: a grant with --welcome that finds nobody to write to is no success") {
  Shell kundehub;
  kundehub("customer add --private 'Carl Lund'");
  CHECK(kundehub("hub grant 1001 --welcome") == 5);
  CHECK(kundehub.said("warning: no welcome mail could go to anybody at customer 1001"));
  CHECK(kundehub.said("may not log in: the contact has no e-mail address"));
  CHECK(kundehub.json("customer show 1001")["hub"] == "on");
  kundehub.add_nordlys();
  kundehub("hub revoke 1002 --contact anna@nordlys.dk --contact bo@nordlys.dk");
  CHECK(kundehub("hub grant 1002 --welcome") == 5);
  CHECK(kundehub("hub grant 1002 --all-contacts --welcome") == 0);
  CHECK(kundehub("hub grant 1002 --welcome") == 0);  // who has a way in needs no mail
  CHECK(kundehub.mails().size() == 2);
}

TEST_CASE("R15: if nobody may log in after a grant it says so, and what is missing") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("hub revoke 1001 --contact contact:1");
  REQUIRE(kundehub("hub grant 1001") == 0);
  CHECK(kundehub.said("nobody at customer 1001 may log in yet\n"));
  CHECK(
      kundehub.said("contact:1 (Anna Berg <anna@nordlys.dk>) may not log in: the contact's HUB switch is off\n"
                    "hint: kundehub hub grant 1001 --contact contact:1\n"));
  CHECK(
      kundehub.said("contact:2 (Bo Ek <bo@nordlys.dk>) may not log in: no login link is out\n"
                    "hint: kundehub welcome send contact:2\n"));
  REQUIRE(kundehub("hub grant 1001 --quiet") == 0);
  CHECK(kundehub.err == "");
  kundehub("welcome send contact:2");
  REQUIRE(kundehub("hub grant 1001") == 0);
  CHECK_FALSE(kundehub.said("nobody"));
}

TEST_CASE("R15: a mail with the grant goes to who has no way in, and not to who was switched off") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("contact add 1001 'Carl Lund <carl@nordlys.dk>' --no-hub");
  kundehub("welcome send contact:1");
  REQUIRE(kundehub("hub grant 1001 --welcome") == 0);
  CHECK(kundehub.records.value("SELECT group_concat(address) FROM welcome") == "anna@nordlys.dk,bo@nordlys.dk");
  CHECK(reasons(kundehub) == "contact:1 ok, contact:2 ok, contact:3 contact_hub_off");
  REQUIRE(kundehub("hub grant 1001 --contact carl@nordlys.dk --welcome") == 0);
  CHECK(reasons(kundehub) == "contact:1 ok, contact:2 ok, contact:3 ok");
}

TEST_CASE("R15: a contact is named with the customer it belongs to") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer add --business Sydlys --contact 'Dora Dam <dora@sydlys.dk>'");
  CHECK(kundehub("hub grant 1001 --contact contact:3") == 3);
  CHECK_FALSE(kundehub.hint().empty());
  CHECK(kundehub("hub grant 1001 --contact dora@sydlys.dk") == 3);
  CHECK(kundehub("hub grant 1001 1002 --contact anna@nordlys.dk") == 2);
  CHECK(kundehub.hint() == "use --all-contacts, or grant one customer at a time");
  CHECK(kundehub.json("customer show 1002")["hub"] == "off");
}

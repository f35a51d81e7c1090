#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

/// The changes of an operation, a line each: "changed customer 1001: phone 1>2, city >Aarhus".
std::string changes(Shell& kundehub, const std::string& operation) {
  std::string text;
  const ordered_json entry = kundehub.json("log " + operation);
  for (const ordered_json& change : entry["changes"]) {
    text += change["change"].get<std::string>() + ' ' + change["record"].get<std::string>() + ' ' +
            (change["id"].is_null() ? "" : change["id"].get<std::string>()) + ':';
    for (const ordered_json& field : change["fields"]) {
      const auto value = [&](const char* key) { return field[key].is_null() ? "" : field[key].get<std::string>(); };
      text += ' ' + field["field"].get<std::string>() + ' ' + value("before") + '>' + value("after");
    }
    text += '\n';
  }
  return text;
}

std::string ids(Shell& kundehub, const std::string& options) {
  CHECK(kundehub("log --format ids " + options) == 0);
  std::string text = kundehub.out;
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return text;
}

}  // namespace

TEST_CASE("log lists the operations, newest first, with who and how") {
  Shell kundehub;
  CHECK(kundehub("log") == 0);
  CHECK(kundehub.out == "");
  kundehub.add_nordlys();
  kundehub("customer edit 1001 --phone 11112222 --actor vera");
  const ordered_json log = kundehub.json("log");
  CHECK(log[0]["id"] == "op:2");
  CHECK(log[0]["actor"] == "vera");
  CHECK(log[0]["command"] == "customer edit 1001 --phone 11112222 --actor vera");
  CHECK(ids(kundehub, "") == "op:2 op:1 ");
  CHECK(ids(kundehub, "--limit 1") == "op:2 ");
  CHECK(ids(kundehub, "--actor vera") == "op:2 ");
  CHECK(ids(kundehub, "--actor nobody") == "");
  CHECK(ids(kundehub, "--since 2036-01-01") == "");
  CHECK(kundehub("log --limit 0") == 2);
}

TEST_CASE("log --customer tells of its contacts, of what was merged into it, and of a deleted one") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  kundehub("contact edit contact:1 --title Boss");
  kundehub("customer delete 1001 --yes");
  CHECK(ids(kundehub, "--customer 1001") == "op:4 op:3 op:1 ");
  CHECK(ids(kundehub, "--customer id:1") == "op:4 op:3 op:1 ");
  CHECK(ids(kundehub, "--customer 1002") == "op:2 ");
  CHECK(kundehub("log --customer id:999") == 3);
  CHECK(kundehub("log --customer 9999") == 3);
}

TEST_CASE("log OPERATION shows what it changed, field by field, whatever came later") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer edit 1001 --phone 11112222 --city Aarhus --add-tag vip");
  kundehub("customer edit 1001 --phone 33334444 --unset city --no-hub");
  kundehub("hub grant 1001 --module invoices");
  kundehub("contact edit contact:2 --primary --only-module projects");
  CHECK(changes(kundehub, "op:2") == "changed customer 1001: phone >11112222 city >Aarhus tags >vip\n");
  CHECK(changes(kundehub, "3") == "changed customer 1001: phone 11112222>33334444 city Aarhus> hub on>off\n");
  CHECK(changes(kundehub, "op:4") == "changed customer 1001: hub off>on modules projects>invoices, projects\n");
  CHECK(changes(kundehub, "op:5") ==
        "changed contact contact:1: primary yes>no\n"
        "changed contact contact:2: primary no>yes only_modules >projects\n");
}

TEST_CASE("log OPERATION shows what was made and what was deleted") {
  Shell kundehub;
  kundehub("customer add --business Nord --contact 'Anna Berg <anna@nord.dk>' --hub --module projects --welcome");
  CHECK(changes(kundehub, "op:1").find("created welcome contact:1: address >anna@nord.dk state >queued\n") !=
        std::string::npos);
  kundehub("customer delete 1001 --yes");
  kundehub("module add files --da Filer");
  const std::string made = changes(kundehub, "op:1");
  CHECK(made.find("created customer 1001: number >1001 kind >business name >Nord") == 0);
  CHECK(made.find("created contact contact:1: customer >1001 first_name >Anna") != std::string::npos);
  const std::string gone = changes(kundehub, "op:2");
  CHECK(gone.find("deleted customer 1001: number 1001>") == 0);
  CHECK(gone.find("deleted contact contact:1: customer 1001> first_name Anna>") != std::string::npos);
  CHECK(changes(kundehub, "op:3").find("created module files: key >files title_da >Filer") == 0);
}

TEST_CASE("on paper and on a terminal an operation is a page with its differences") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer edit 1001 --phone 11112222 --actor vera");
  kundehub("customer edit 1001 --phone 33334444 --actor vera");
  CHECK(kundehub("log op:2") == 0);
  CHECK(kundehub.out.starts_with("op:2  "));
  CHECK(kundehub.out.find("vera at ") != std::string::npos);
  CHECK(kundehub.out.find("\nchanged customer 1001: Nordlys ApS\n  + phone          11112222\n") != std::string::npos);
  CHECK(kundehub("log op:2 --color always") == 0);
  CHECK(kundehub.out.find("\x1b[32m  + phone          11112222\x1b[39m\n") != std::string::npos);
  CHECK(kundehub("log op:3") == 0);
  CHECK(kundehub.out.find("  - phone          11112222\n  + phone          33334444\n") != std::string::npos);
}

TEST_CASE("log refuses an operation that is none") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("log op:9") == 3);
  CHECK(kundehub.hint() == "kundehub log");
  CHECK(kundehub("log op:x") == 65);
  CHECK(kundehub.hint() == "name an operation as op:N, as kundehub log lists it");
  CHECK(kundehub("log op:1 --limit 1") == 2);
  CHECK(kundehub("log op:1 --customer 1001") == 2);
}

TEST_CASE("a merge keeps what the deleted contact had, for undo") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("customer add --business Nord --contact 'Anna Berg <anna@nordlys.dk>'");
  kundehub("portal login contact:3 --at 2026-11-20T10:00:00Z");
  kundehub("customer merge 1002 1001 --yes");
  const std::string was =
      kundehub.records.value("SELECT was FROM operation_before WHERE entity = 'contact' AND entity_id = 3");
  CHECK(ordered_json::parse(was)["logins"].size() == 1);
}

TEST_CASE("a contact whose only module is deleted is told to have none, not all") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("contact edit contact:1 --only-module projects");
  kundehub("module delete projects --yes");
  kundehub("contact edit contact:1 --all-modules");
  CHECK(changes(kundehub, "op:4") == "changed contact contact:1: only_modules none>\n");
}

#include <string>

#include <doctest/doctest.h>

#include "tests/support/golden.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

struct Listing : Shell {
  Listing() {
    add_nordlys();
    add_lund();
    (*this)("contact edit contact:2 --no-hub");
    (*this)("welcome send contact:1");
  }

  std::string ids(const std::string& arguments) {
    CHECK((*this)("contact list --format ids " + arguments) == 0);
    return out;
  }
};

}  // namespace

TEST_CASE("contact list shows the contacts of one customer, or of all") {
  Listing kundehub;
  CHECK(kundehub("contact list") == 0);
  check_golden("contact_list", kundehub.out);
  CHECK(kundehub.ids("1001") == "contact:1\ncontact:2\n");
  CHECK(kundehub.ids("") == "contact:1\ncontact:2\ncontact:3\n");
  CHECK(kundehub("contact list 7") == 3);
}

TEST_CASE("contact list takes the filters of its customers, and its own welcome state") {
  Listing kundehub;
  CHECK(kundehub.ids("--kind private") == "contact:3\n");
  CHECK(kundehub.ids("--welcome sent") == "contact:1\n");
  CHECK(kundehub.ids("--welcome none") == "contact:2\ncontact:3\n");
  CHECK(kundehub.ids("--where city=Odense") == "");
}

TEST_CASE("contact list for programs") {
  Listing kundehub;
  const ordered_json list = kundehub.json("contact list --fields id,access,welcome");
  CHECK(list == ordered_json::parse(R"([{"id":"contact:1","access":true,"welcome":"sent"},
    {"id":"contact:2","access":false,"welcome":"none"},{"id":"contact:3","access":false,"welcome":"none"}])"));
  CHECK(kundehub("contact list --format csv --fields id,email,access") == 0);
  CHECK(kundehub.out ==
        "id,email,access\ncontact:1,anna@nordlys.dk,true\ncontact:2,bo@nordlys.dk,false\n"
        "contact:3,carl@lund.dk,false\n");
}

#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;
using std::chrono::days;

namespace {

std::string links(Shell& kundehub) {
  return kundehub.records.value(
      "SELECT group_concat(coalesce(ended_by, iif(used_at IS NULL, 'live', 'used')), ' ') FROM "
      "(SELECT * FROM login_link ORDER BY contact_id, generation)");
}

/// `contact:1 send unused, …` of a dry run.
std::string plan(Shell& kundehub, const std::string& arguments) {
  std::string text;
  for (const ordered_json& line : kundehub.json("welcome resend --dry-run " + arguments)) {
    text += (text.empty() ? "" : ", ") + line["contact"].get<std::string>() + ' ' + line["reason"].get<std::string>();
  }
  return text;
}

}  // namespace

TEST_CASE("welcome resend keeps the link that is out and makes it valid for longer, or rotates it") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub.records.now += days(1);
  ordered_json mail = kundehub.json("welcome resend contact:1");
  CHECK(mail[0]["state"] == "sent");
  CHECK(mail[0]["link_expires_at"] == "2026-12-01T10:00:00Z");
  CHECK(links(kundehub) == "live");
  kundehub("welcome resend contact:1 --link rotate");
  CHECK(links(kundehub) == "rotated live");
  CHECK(kundehub.mails().size() == 3);
  kundehub.use_link(1);
  kundehub("welcome resend contact:1");
  CHECK(links(kundehub) == "rotated used live");
}

TEST_CASE("a link that has expired never comes back") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub.records.now += days(7);
  kundehub("welcome resend contact:1");
  CHECK(links(kundehub) == "expired live");
}

TEST_CASE("a mail that waited in the queue until its link had expired carries a new one") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub("welcome resend contact:1 --queue");
  kundehub.records.now += days(8);
  CHECK(kundehub("welcome deliver") == 0);
  CHECK(links(kundehub) == "expired live");
  CHECK(kundehub("hub explain contact:1") == 0);
}

TEST_CASE("welcome resend --unused takes who got a mail long enough ago and has not used it") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  kundehub("welcome send contact:1 contact:2");
  kundehub.use_link(2);
  CHECK(plan(kundehub, "--unused") == "contact:1 too_soon, contact:2 used, contact:3 never_sent");
  kundehub.records.now += days(3);
  CHECK(plan(kundehub, "--unused") == "contact:1 unused, contact:2 used, contact:3 never_sent");
  CHECK(plan(kundehub, "--unused --older-than 4d") == "contact:1 too_soon, contact:2 used, contact:3 never_sent");
  CHECK(plan(kundehub, "--unused --sent-since 2d") == "contact:1 sent_before, contact:2 used, contact:3 never_sent");
  CHECK(kundehub("welcome resend --unused") == 6);
  CHECK(kundehub("welcome resend --unused --yes --format ids") == 0);
  CHECK(kundehub.out == "contact:1\n");
  CHECK(plan(kundehub, "--unused --older-than 0s --min-gap 0s").starts_with("contact:1 unused"));
  CHECK(plan(kundehub, "--unused --older-than 0s --min-gap 0s --max-sends 2").starts_with("contact:1 max_sends"));
}

TEST_CASE("the bounds of --unused come from the configuration") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  kundehub.records.now += days(1);
  CHECK(plan(kundehub, "--unused").starts_with("contact:1 too_soon"));
  kundehub.configure("welcome.older_than", "1d");
  CHECK(plan(kundehub, "--unused").starts_with("contact:1 unused"));
  kundehub.configure("welcome.max_sends", "1");
  CHECK(plan(kundehub, "--unused").starts_with("contact:1 max_sends"));
}

TEST_CASE("welcome resend refuses options that do not go together") {
  Shell kundehub;
  kundehub.add_nordlys();
  CHECK(kundehub("welcome resend") == 2);
  CHECK(kundehub("welcome resend 1001 --unused") == 2);
  CHECK(kundehub("welcome resend 1001 --older-than 3d") == 2);
  CHECK(kundehub("welcome resend --unused --older-than soon") == 65);
  CHECK(kundehub("welcome resend --unused --max-sends 0") == 2);
  CHECK(kundehub("welcome resend --unused --sent-since soon") == 65);
}

#include "core/model/access.hpp"

#include <string>

#include <doctest/doctest.h>

#include "tests/support/sample_contact.hpp"

using namespace kundehub;
using namespace kundehub::test;

namespace {

enum class Way { none, out, expired, used };

/// The five conditions of R5, each on its own.
struct Situation {
  bool active, customer_hub, contact_hub, email;
  Way way;
};

ContactOverview contact_in(const Situation& situation) {
  ContactOverview contact = sample_contact();
  if (!situation.active) contact.archived_at = test_time() - Seconds(1);
  if (!situation.customer_hub) contact.customer_hub = HubSwitch::off;
  if (!situation.contact_hub) contact.contact.data.hub = HubSwitch::off;
  if (!situation.email) contact.contact.data.email.reset();
  if (situation.way == Way::out) contact.way_in.valid_until = test_time() + Seconds(1);
  if (situation.way == Way::expired) contact.way_in.valid_until = test_time();
  if (situation.way == Way::used) contact.way_in.used_at = test_time() - std::chrono::days(400);
  return contact;
}

/// Every combination of the five conditions.
template <class Visit>
void each_situation(Visit visit) {
  for (int bits = 0; bits < 16; ++bits) {
    for (const Way way : {Way::none, Way::out, Way::expired, Way::used}) {
      visit(Situation{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, way});
    }
  }
}

const AccessLink& link_of(const std::vector<AccessLink>& chain, AccessCondition condition) {
  return chain.at(static_cast<std::size_t>(condition));
}

std::string remedy_of(const ContactOverview& contact, AccessCondition condition) {
  return link_of(access_chain(contact, test_time()), condition).remedy;
}

}  // namespace

TEST_CASE("R5: a contact may log in when all five conditions hold, and in no other case") {
  int may = 0;
  each_situation([&](const Situation& s) {
    const bool way_in = s.way == Way::out || s.way == Way::used;
    const bool expected = s.active && s.customer_hub && s.contact_hub && s.email && way_in;
    CAPTURE(s.active);
    CAPTURE(s.customer_hub);
    CAPTURE(s.contact_hub);
    CAPTURE(s.email);
    CAPTURE(static_cast<int>(s.way));
    CHECK(may_log_in(contact_in(s), test_time()) == expected);
    may += expected ? 1 : 0;
  });
  CHECK(may == 2);
}

TEST_CASE("R5: each link of the chain holds or not by its own condition alone") {
  each_situation([](const Situation& s) {
    const auto chain = access_chain(contact_in(s), test_time());
    REQUIRE(chain.size() == 5);
    CHECK(link_of(chain, AccessCondition::not_archived).holds == s.active);
    CHECK(link_of(chain, AccessCondition::customer_hub).holds == s.customer_hub);
    CHECK(link_of(chain, AccessCondition::contact_hub).holds == s.contact_hub);
    CHECK(link_of(chain, AccessCondition::email).holds == s.email);
    CHECK(link_of(chain, AccessCondition::way_in).holds == (s.way == Way::out || s.way == Way::used));
    for (std::size_t i = 0; i < chain.size(); ++i) CHECK(chain[i].condition == static_cast<AccessCondition>(i));
    const auto broken = std::ranges::find_if(chain, [](const AccessLink& link) { return !link.holds; });
    if (broken != chain.end()) CHECK_FALSE(broken->remedy.empty());
    for (const AccessLink& link : chain) CHECK((link.remedy.empty() || !link.holds));
  });
}

TEST_CASE("R5: a link is valid up to its last second, and no longer") {
  ContactOverview contact = sample_contact();
  contact.way_in = {.used_at = std::nullopt,
                    .sent_at = test_time(),
                    .valid_until = test_time() + Seconds(10),
                    .revoked_at = std::nullopt};
  CHECK(may_log_in(contact, test_time() + Seconds(9)));
  CHECK_FALSE(may_log_in(contact, test_time() + Seconds(10)));
  contact.way_in.used_at = test_time();
  CHECK(may_log_in(contact, test_time() + std::chrono::years(5)));
}

TEST_CASE("R5: each broken link names the command that mends it") {
  const ContactOverview broken = contact_in({false, false, false, false, Way::none});
  CHECK(remedy_of(broken, AccessCondition::not_archived) == "kundehub customer unarchive 1042");
  CHECK(remedy_of(broken, AccessCondition::customer_hub) == "kundehub hub grant 1042");
  CHECK(remedy_of(broken, AccessCondition::contact_hub) == "kundehub hub grant 1042 --contact contact:7");
  CHECK(remedy_of(broken, AccessCondition::email) == "kundehub contact edit contact:7 --email name@example.dk");
  CHECK(remedy_of(broken, AccessCondition::way_in) == "");  // no mail could go out yet
  const ContactOverview no_link = contact_in({true, true, true, true, Way::none});
  CHECK(remedy_of(no_link, AccessCondition::way_in) == "kundehub welcome send contact:7");
  ContactOverview expired = no_link;
  expired.way_in.valid_until = test_time() - Seconds(1);
  CHECK(remedy_of(expired, AccessCondition::way_in) == "kundehub welcome resend contact:7");
}

TEST_CASE("R1: a private customer's one switch has one remedy") {
  ContactOverview person = contact_in({true, false, false, true, Way::none});
  person.customer_kind = CustomerKind::private_person;
  CHECK(remedy_of(person, AccessCondition::customer_hub) == "kundehub hub grant 1042");
  CHECK(remedy_of(person, AccessCondition::contact_hub) == "");
}

TEST_CASE("R5: where a revoke has ended the link, the chain says so and when") {
  ContactOverview revoked = contact_in({true, true, true, true, Way::none});
  revoked.way_in.revoked_at = test_time();
  const auto chain = access_chain(revoked, test_time());
  CHECK(link_of(chain, AccessCondition::way_in).text == "no login link is out: a revoke has ended it");
  CHECK(link_of(chain, AccessCondition::way_in).since == test_time());
}

TEST_CASE("R5: where the mail came to nothing, or may have, the chain says so, and its remedy helps") {
  const auto way_in = [](ContactOverview contact) { return access_chain(contact, test_time()).at(4); };
  for (const auto& [state, words] :
       {std::pair{WelcomeState::bounced, "bounced"}, {WelcomeState::failed, "has failed"}}) {
    ContactOverview contact = contact_in({true, true, true, true, Way::none});
    contact.welcome = state;
    CHECK(way_in(contact).text.ends_with(words));
    CHECK(way_in(contact).remedy == "kundehub welcome resend contact:7");
  }
  ContactOverview doubtful = contact_in({true, true, true, true, Way::out});
  doubtful.welcome = WelcomeState::uncertain;
  CHECK(way_in(doubtful).text.starts_with("a login link may have gone out"));
}

TEST_CASE("R5: the chain tells since when each link is as it is") {
  const ContactOverview contact = contact_in({false, true, true, true, Way::used});
  const auto chain = access_chain(contact, test_time());
  CHECK(link_of(chain, AccessCondition::not_archived).since == contact.archived_at);
  CHECK(link_of(chain, AccessCondition::customer_hub).since == contact.customer_hub_changed_at);
  CHECK(link_of(chain, AccessCondition::contact_hub).since == contact.contact.hub_changed_at);
  CHECK(link_of(chain, AccessCondition::email).since == contact.contact.email_changed_at);
  CHECK(link_of(chain, AccessCondition::way_in).since == contact.way_in.used_at);
  CHECK(link_of(chain, AccessCondition::email).text == "the contact has an e-mail address, anna@example.dk");
}

TEST_CASE("R5: a module that is asked for is one more link") {
  const ContactOverview contact = contact_in({true, true, true, true, Way::used});
  CHECK(may_log_in(access_chain(contact, test_time(), "projects")));
  const auto chain = access_chain(contact, test_time(), "invoices");
  REQUIRE(chain.size() == 6);
  CHECK_FALSE(may_log_in(chain));
  CHECK(chain.back().condition == AccessCondition::module);
  CHECK(chain.back().text == "the module invoices is off");
  CHECK(chain.back().remedy == "kundehub hub grant 1042 --module invoices");
}

TEST_CASE("R6: a welcome mail may go when all but the way in holds") {
  each_situation([](const Situation& s) {
    const auto refusal = welcome_refusal(contact_in(s));
    CHECK(refusal.has_value() == !(s.active && s.customer_hub && s.contact_hub && s.email));
    if (!refusal) return;
    const char* reason = !s.active         ? "archived"
                         : !s.customer_hub ? "customer_hub_off"
                         : !s.contact_hub  ? "contact_hub_off"
                                           : "no_email";
    CHECK(refusal->reason == reason);
    CHECK_FALSE(refusal->remedy.empty());
  });
}

TEST_CASE("a message names a contact by id, name and address") {
  ContactOverview contact = sample_contact();
  CHECK(describe(contact) == "contact:7 (Anna Berg <anna@example.dk>)");
  contact.contact.data.email.reset();
  CHECK(describe(contact) == "contact:7 (Anna Berg)");
}

TEST_CASE("every condition and what is wrong with it have names that scripts can rely on") {
  const char* names[] = {"not_archived", "customer_hub", "contact_hub", "email", "way_in", "module"};
  const char* reasons[] = {"archived", "customer_hub_off", "contact_hub_off", "no_email", "no_way_in", "module_off"};
  for (int i = 0; i < 6; ++i) {
    CHECK(to_string(static_cast<AccessCondition>(i)) == names[i]);
    CHECK(broken_reason(static_cast<AccessCondition>(i)) == reasons[i]);
  }
}

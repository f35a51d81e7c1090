#include "tests/support/sample_contact.hpp"

namespace kundehub::test {

Time test_time() {
  using namespace std::chrono;
  return sys_days(2026y / November / 23) + hours(10);
}

ContactOverview sample_contact() {
  ContactData data = parse_mailbox("Anna Berg <anna@example.dk>");
  data.primary = true;
  const Time before = test_time() - std::chrono::days(30);
  ContactOverview overview{.contact = {.id = ContactId{7},
                                       .customer = CustomerId{3},
                                       .data = data,
                                       .hub_changed_at = before,
                                       .email_changed_at = before,
                                       .created_at = before,
                                       .updated_at = before},
                           .customer_number = CustomerNumber::parse("1042")};
  overview.customer_name = "Nordlys ApS";
  overview.customer_hub = HubSwitch::on;
  overview.customer_hub_changed_at = before;
  overview.modules = {"projects"};
  return overview;
}

}  // namespace kundehub::test

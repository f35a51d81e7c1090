#include "core/form/record_forms.hpp"

#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/records.hpp"

using namespace kundehub;
using namespace kundehub::test;

namespace {

/// A business whose form is open.
struct Opened {
  Opened() : customer(*records.store->customer(records.add_business("Nordlys ApS"))) {
    customer.data.notes = "one\ntwo \"x\"";
    customer.data.tags = {"a", "b"};
    customer.data.phone = "+4512345678";
  }

  RecordForm<CustomerData> form() { return customer_form(customer, *records.store); }

  /// The faults, one a line: `LINE message | present`.
  std::string faults(RecordForm<CustomerData>& form, const std::string& written, const CustomerData& present) {
    std::string told;
    try {
      form.merge(written, present, *records.store);
    } catch (const FormError& error) {
      for (const FormFault& fault : error.faults())
        told += std::to_string(fault.line) + ' ' + fault.message + " | " + fault.present + '\n';
    }
    return told;
  }

  Records records;
  Customer customer;
};

}  // namespace

TEST_CASE("a form that is as it was changes nothing, whatever the record has become") {
  Opened opened;
  auto form = opened.form();
  CustomerData other = opened.customer.data;
  other.name = "Another";
  other.notes.clear();
  other.tags = {"z"};
  other.hub = HubSwitch::off;
  for (const std::string& written : {form.text(), std::string(), std::string("# nothing\n")}) {
    CHECK(form.merge(written, opened.customer.data, *opened.records.store) == opened.customer.data);
    CHECK(form.merge(written, other, *opened.records.store) == other);
  }
}

TEST_CASE("a form changes the fields that were changed in it, and no other") {
  Opened opened;
  auto form = opened.form();
  CustomerData present = opened.customer.data;
  present.city = "Odense";
  CustomerData wanted = present;
  wanted.name = "Sydlys";
  wanted.phone.clear();
  wanted.tags = {"b", "c"};
  wanted.hub = HubSwitch::off;
  wanted.modules.clear();
  CHECK(form.merge("name = ' Sydlys '\nphone = ''\ntags = ['c', 'b', 'c']\nhub = false\nmodules = []\n", present,
                   *opened.records.store) == wanted);
}

TEST_CASE("a field that somebody else has changed is told, and kept if it is written all the same") {
  Opened opened;
  auto form = opened.form();
  CustomerData present = opened.customer.data;
  present.name = "Theirs";
  present.city = "Odense";
  const std::string written = "name = \"Mine\"\ncity = \"\"\ntags = [\"b\"]\n";
  CHECK(
      opened.faults(form, written, present) ==
      "1 name has been changed to \"Theirs\" by somebody else meanwhile, and you wrote \"Mine\" | name = \"Theirs\"\n");
  CustomerData wanted = present;
  wanted.name = "Mine";
  wanted.tags = {"b"};
  CHECK(form.merge(written, present, *opened.records.store) == wanted);
  present.name = "Again";  // after the admin has seen the other
  CHECK(opened.faults(form, written, present).starts_with("1 name has been changed to \"Again\""));
  CustomerData kept = present;
  CHECK(form.merge("name = \"Again\"", present, *opened.records.store) == kept);
}

TEST_CASE("two who want the same are no conflict") {
  Opened opened;
  auto form = opened.form();
  CustomerData present = opened.customer.data;
  present.name = "Same";
  CHECK(form.merge("name = \"Same\"", present, *opened.records.store) == present);
}

TEST_CASE("every value of a form is checked as its option is") {
  Opened opened;
  auto form = opened.form();
  CHECK(opened.faults(form,
                      "name = ''\ncvr = '123'\nemail = 'x'\ncountry = 'XX'\nlanguage = 'sv'\ntags = ['a,b']\nmodules = "
                      "['projcts']\n",
                      opened.customer.data) ==
        "1 a customer needs a name | \n2 CVR number \"123\" is not 8 digits | \n3 e-mail address \"x\" has no @ | \n4 "
        "country "
        "\"XX\" is not known | \n5 language \"sv\" is not known | \n6 \"a,b\" is not a tag | \n7 no module \"projcts\" "
        "| \n");
}

TEST_CASE("a private customer's form has no CVR, and a contact's its own fields") {
  Records records;
  Customer customer = *records.store->customer(records.add_business("A"));
  CHECK(customer_form(customer, *records.store).text().find("\ncvr = ") != std::string::npos);
  customer.data.kind = CustomerKind::private_person;
  CHECK(customer_form(customer, *records.store).text().find("\ncvr = ") == std::string::npos);
  const ContactId id = records.add_contact(customer.id, "Anna Berg <anna@nordlys.dk>");
  auto form = contact_form(records.contact(id), *records.store);
  for (const char* const field :
       {"first_name = \"Anna\"", "last_name = \"Berg\"", "email = \"anna@nordlys.dk\"", "phone = \"\"", "title = \"\"",
        "language = \"\"", "hub = true", "primary = true", "only_modules = []"})
    CHECK(form.text().find(std::string("\n") + field + '\n') != std::string::npos);
  const ContactData present = records.contact(id).contact.data;
  ContactData wanted = present;
  wanted.only_modules = {"projects"};
  CHECK(form.merge("only_modules = ['projects']", present, *records.store) == wanted);
  CHECK(form.merge("only_modules = []", wanted, *records.store) == wanted);
  CHECK_THROWS_AS(form.merge("primary = false", present, *records.store), FormError);
}

TEST_CASE("what an older program has stored stays in a form, whatever the rules say today") {
  Opened opened;
  opened.customer.data.city = "a\xFF";
  opened.customer.data.zip = "1\n2";
  auto form = opened.form();
  CHECK(form.merge(form.text(), opened.customer.data, *opened.records.store) == opened.customer.data);
}

TEST_CASE("the same value in other words is no change, and no conflict") {
  Opened opened;
  auto form = opened.form();
  CustomerData present = opened.customer.data;
  present.name = "Theirs";
  present.notes = "theirs";
  CHECK(form.merge("name = ' Nordlys ApS '\nnotes = \"one\\r\\ntwo \\\"x\\\"\\r\\n\"\n", present,
                   *opened.records.store) == present);
}

#include <doctest/doctest.h>

#include "core/exchange/import_columns.hpp"
#include "tests/support/refusal.hpp"

namespace kundehub::exchange {
namespace {

/// `field field -`, one word a column.
std::string recognised(std::vector<std::string_view> headings, const std::vector<std::string>& choices = {}) {
  std::vector<ColumnChoice> parsed;
  for (const std::string& choice : choices) parsed.push_back(parse_column_choice(choice));
  std::string fields;
  for (const ImportColumn& column : recognise_columns(headings, parsed)) {
    fields += (fields.empty() ? "" : " ") + std::string(column.field ? to_string(*column.field) : "-");
  }
  return fields;
}

std::string refused(std::vector<std::string_view> headings, const std::vector<std::string>& choices = {},
                    ErrorKind kind = ErrorKind::bad_data) {
  return test::refusal([&] { recognised(headings, choices); }, kind);
}

TEST_CASE("columns are known in Danish and English, with any case, blanks and punctuation") {
  CHECK(recognised({"Firmanavn", "Kundenummer", "CVR nummer", "Adresse", "Postnummer", "By", "Land", "Faktureringsmail",
                    "Telefon", "Webside", "Noter"}) ==
        "name number cvr address zip city country email phone website notes");
  CHECK(recognised({"CUSTOMER NO.", "Company-Name", "VAT no", "Bemærkninger", "Primær", "Kontaktperson"}) ==
        "number name cvr notes contact_primary contact_name");
  CHECK(recognised({"number", "kind", "name", "tags", "hub", "modules", "contact_first_name", "contact_hub"}) ==
        "number kind name tags hub modules contact_first_name contact_hub");
  CHECK(recognised({"Navn", "Fax", "reason", ""}) == "name - - -");
}

TEST_CASE("an e-mail column is the contact's where contacts have names, unless they have one besides") {
  CHECK(recognised({"Navn", "E-mail"}) == "name email");
  CHECK(recognised({"Navn", "Kontaktperson", "E-mail"}) == "name contact_name contact_email");
  CHECK(recognised({"Fornavn", "Efternavn", "E-mail"}) == "contact_first_name contact_last_name contact_email");
  CHECK(recognised({"Navn", "Kontaktperson", "Faktureringsmail"}) == "name contact_name email");
  CHECK(recognised({"name", "email", "contact_first_name", "contact_email"}) ==
        "name email contact_first_name contact_email");
  CHECK(recognised({"Navn", "Kontaktperson", "E-mail"}, {"E-mail=email"}) == "name contact_name email");
}

TEST_CASE("a mobile number alone makes no contact") {
  CHECK(recognised({"Navn", "Mobil"}) == "name phone");
  CHECK(recognised({"Navn", "Telefon", "Mobil", "Titel"}) == "name phone - -");
  CHECK(recognised({"Navn", "Telefon", "Mobil", "Kontakt"}) == "name phone contact_phone contact_name");
}

TEST_CASE("--map says what a column holds, or that it is to be left out") {
  CHECK(recognised({"A", "B"}, {"a=name", "B=none"}) == "name -");
  CHECK(recognised({"Firma", "Navn"}, {"Navn=contact_name"}) == "name contact_name");
  CHECK(recognised({"a=b"}, {"a=b=name"}) == "name");
  CHECK(refused({"A"}, {"C=name"}, ErrorKind::usage) == "the file has no column \"C\" / its columns: \"A\"");
  CHECK(refused({"A"}, {"A=nmae"}, ErrorKind::usage) == "an import has no field \"nmae\" / did you mean name");
  CHECK(refused({"A"}, {"A"}, ErrorKind::usage).find("--map takes COLUMN=FIELD, not \"A\"") == 0);
}

TEST_CASE("columns that leave doubt are refused, with those that were seen") {
  CHECK(refused({"By", "Land"}) ==
        "no column holds the customers' names; the columns are \"By\", \"Land\" / say which one does with --map "
        "COLUMN=name; if the first row is a customer, add --headerless");
  CHECK(refused({"Navn", "Navn"}).find("the column \"Navn\" stands twice; the columns are \"Navn\", \"Navn\"") == 0);
  CHECK(
      refused({"Navn", "Firma"}) ==
      "the columns \"Navn\" and \"Firma\" are both taken for name / leave one out with --map 'Firma=none', or give it "
      "another field");
}

TEST_CASE("without headings columns go by their numbers") {
  const auto columns = number_columns(3, std::vector{parse_column_choice("2=name")});
  CHECK(columns[1].field == ImportField::name);
  CHECK_FALSE(columns[2].field);
}

}  // namespace
}  // namespace kundehub::exchange

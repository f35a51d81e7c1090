#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/shell.hpp"

namespace kundehub::test {
namespace {

/// Imports `text` with more options; returns the exit code.
int import(Shell& kundehub, const std::string& text, const std::string& options = "") {
  std::ofstream(kundehub.folder() / "list.csv", std::ios::binary) << text;
  return kundehub("customer import '" + (kundehub.folder() / "list.csv").native() + "' " + options);
}

nlohmann::ordered_json show(Shell& kundehub, const std::string& number) {
  return kundehub.json("customer show " + number);
}

TEST_CASE("the kind of a customer is what its row says, else it is told from CVR, name and contact") {
  Shell kundehub;
  REQUIRE(import(kundehub,
                 "Nr;Navn;Type;CVR;Kontaktperson;E-mail\n"
                 "1;Anna Berg;;;;anna@berg.dk\n"
                 "2;Bo Ek;Virksomhed;;;\n"
                 "3;Nordlys;;12345674;;\n"
                 "4;Sydlys ApS;;;;\n"
                 "5;Lys ApS;Privat;;;\n"
                 "6;Smedjen;;;Carl Lund;carl@smedjen.dk\n"
                 "7;Dorte Dahl;;;Dorte Dahl;dorte@dahl.dk\n") == 0);
  std::string kinds;
  for (const auto& customer : kundehub.json("customer list")) kinds += customer.at("kind").get<std::string>()[0];
  CHECK(kinds == "pbbbpbp");
  CHECK(show(kundehub, "1").at("email") == "anna@berg.dk");
  CHECK(show(kundehub, "6").at("contacts").at(0).at("first_name") == "Carl");
  CHECK(show(kundehub, "7").at("contacts").at(0).at("email") == "dorte@dahl.dk");
}

TEST_CASE("--kind overrules what would be told") {
  Shell kundehub;
  REQUIRE(import(kundehub, "nr,navn\n1,Anna Berg\n", "--kind business") == 0);
  CHECK(show(kundehub, "1").at("kind") == "business");
  CHECK(import(kundehub, "nr,navn,cvr\n2,Nordlys ApS,12345674\n", "--kind private") == 65);
  CHECK(kundehub.said("a private customer has no CVR number"));
}

TEST_CASE("rows with one number are one business, wherever they stand, and its first contact is the primary one") {
  Shell kundehub;
  REQUIRE(import(kundehub,
                 "nr,navn,fornavn,efternavn,e-mail\n"
                 "1,Nordlys ApS,Anna,Berg,anna@nordlys.dk\n"
                 "1,Nordlys ApS,Bo,Ek,bo@nordlys.dk\n"
                 "2,Sydlys ApS,Carl,Lund,carl@sydlys.dk\n"
                 "1,,Dorte,Dahl,dorte@nordlys.dk\n",
                 "--kind business") == 65);
  CHECK(kundehub.said("row 5 (line 5): navn: a customer needs a name"));
  REQUIRE(import(kundehub,
                 "nr,navn,fornavn,efternavn,e-mail\n"
                 "1,Nordlys ApS,Anna,Berg,anna@nordlys.dk\n"
                 "1,Nordlys ApS,Bo,Ek,bo@nordlys.dk\n"
                 "2,Sydlys ApS,Carl,Lund,carl@sydlys.dk\n"
                 "1,Nordlys ApS,Dorte,Dahl,dorte@nordlys.dk\n") == 0);
  const auto contacts = show(kundehub, "1").at("contacts");
  REQUIRE(contacts.size() == 3);
  CHECK(contacts.at(0).at("primary") == true);
  CHECK(contacts.at(2).at("primary") == false);
  CHECK(contacts.at(2).at("email") == "dorte@nordlys.dk");
}

TEST_CASE("rows of one customer that disagree, and customers that stand twice, are named") {
  Shell kundehub;
  const std::string head = "nr,navn,by,fornavn,efternavn,e-mail\n";
  CHECK(import(kundehub, head + "1,N ApS,Odense,A,B,a@n.dk\n1,N ApS,Aarhus,C,D,c@n.dk\n") == 4);
  CHECK(kundehub.said("row 3 (line 3): gives the city \"Aarhus\", and row 2 of the same customer \"Odense\""));
  CHECK(import(kundehub, head + "1,N ApS,,A,B,a@n.dk\n2,S ApS,,,,\n1,N ApS,,,,\n") == 4);
  CHECK(kundehub.said("row 4 (line 4): is the same customer as row 2"));
  CHECK(import(kundehub, head + "1,N ApS,,A,B,a@n.dk\n1,N ApS,,C,D,A@N.dk\n") == 65);
  CHECK(kundehub.said("row 2 (line 2): the customer has the contact \"A@n.dk\" twice"));
  CHECK(import(kundehub, "navn,cvr\nN ApS,12345674\nM ApS,12345674\n") == 4);
  CHECK(kundehub.said("row 3 (line 3): gives the name \"M ApS\", and row 2 of the same customer \"N ApS\""));
  CHECK(import(kundehub, "navn,e-mail\nAnna,a@n.dk\nBo,a@n.dk\n") == 4);
  CHECK(kundehub.records.value("SELECT count(*) FROM customer") == "0");
}

TEST_CASE("new customers get the defaults, and what the options give to all") {
  Shell kundehub;
  kundehub.configure("new_customer.language", "en");
  kundehub.configure("new_customer.modules", "invoices");
  REQUIRE(import(kundehub, "nr,navn,land,moduler,tags\n1,Anna,,,\n2,Bo,Sverige,Projekter,vip\n", "--hub --tag liste") ==
          0);
  const auto anna = show(kundehub, "1"), bo = show(kundehub, "2");
  CHECK(anna.at("language") == "en");
  CHECK(anna.at("country") == "DK");
  CHECK(anna.at("hub") == "on");
  CHECK(anna.at("modules").dump() == "[\"invoices\"]");
  CHECK(bo.at("modules").dump() == "[\"projects\"]");
  CHECK(bo.at("tags").dump() == "[\"liste\",\"vip\"]");
  CHECK(anna.at("operations").size() == 1);
}

TEST_CASE("who has no number gets the next free one, in the order of rows") {
  Shell kundehub;
  REQUIRE(import(kundehub, "navn,nr\nAnna,\nBo,5000\nCarl,\nDorte,K-7\n") == 0);
  std::string numbers;
  for (const auto& customer : kundehub.json("customer list"))
    numbers += customer.at("number").get<std::string>() + "=" + customer.at("name").get<std::string>() + " ";
  CHECK(numbers == "K-7=Dorte 5000=Bo 5001=Anna 5002=Carl ");
  REQUIRE(import(kundehub, "navn\nErik\n") == 0);
  CHECK(show(kundehub, "5003").at("name") == "Erik");
}

TEST_CASE("a customer that is there is refused, left out or changed, as the option says") {
  Shell kundehub;
  kundehub.add_nordlys();
  const std::string text = "nr,navn,by\n1001,Nordlys A/S,Odense\n";
  CHECK(import(kundehub, text) == 4);
  CHECK(kundehub.said("row 2 (line 2): is there already: 1001 (Nordlys ApS)"));
  CHECK(import(kundehub, text, "--on-duplicate skip") == 0);
  CHECK(show(kundehub, "1001").at("name") == "Nordlys ApS");
  CHECK(import(kundehub, text, "--on-duplicate update --tag ny") == 0);
  const auto page = show(kundehub, "1001");
  CHECK(page.at("name") == "Nordlys A/S");
  CHECK(page.at("city") == "Odense");
  CHECK(page.at("hub") == "on");
  CHECK(page.at("modules").dump() == "[\"projects\"]");
  CHECK(page.at("tags").dump() == "[\"ny\"]");
  CHECK(page.at("contacts").size() == 2);
  CHECK(import(kundehub, text, "--on-duplicate update --tag ny") == 0);
  CHECK(kundehub.said("nothing had to be changed"));
}

TEST_CASE("an update leaves alone what the file says nothing about, unless empty cells clear") {
  Shell kundehub;
  kundehub("customer add --business 'Nordlys ApS' --city Odense --phone 12345678 --tag a --hub");
  CHECK(import(kundehub, "nr,navn,by,tags,telefon\n1001,Nordlys ApS,,,87654321\n", "--on-duplicate update") == 0);
  CHECK(show(kundehub, "1001").at("city") == "Odense");
  CHECK(import(kundehub, "nr,navn,by,tags\n1001,Nordlys ApS,,\n", "--on-duplicate update --empty-clears") == 0);
  const auto page = show(kundehub, "1001");
  CHECK(page.at("city").is_null());
  CHECK(page.at("tags").empty());
  CHECK(page.at("phone") == "87654321");
  CHECK(page.at("hub") == "on");
}

TEST_CASE("an update readmits nobody by accident, and a new address ends the link that is out (R13, R15)") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  kundehub("welcome send 1002");
  kundehub("contact edit contact:2 --no-hub");
  REQUIRE(import(kundehub,
                 "nr,navn,kontakt,contact_email,contact_hub,email\n"
                 "1001,Nordlys ApS,Bo Ek,bo@nordlys.dk,,\n"
                 "1002,Carl Lund,,,,carl@ny.dk\n",
                 "--on-duplicate update --hub") == 0);
  CHECK(show(kundehub, "1001").at("contacts").at(1).at("hub") == "off");
  CHECK(show(kundehub, "1002").at("contacts").at(0).at("email") == "carl@ny.dk");
  CHECK(kundehub.records.value("SELECT ended_by FROM login_link") == "email_changed");
}

TEST_CASE("contacts are the same if their address is; the others are left") {
  Shell kundehub;
  kundehub.add_nordlys();
  REQUIRE(import(kundehub,
                 "nr,navn,fornavn,efternavn,e-mail,titel\n"
                 "1001,Nordlys ApS,Anne,Berg,ANNA@nordlys.dk,CEO\n"
                 "1001,Nordlys ApS,Carl,Lund,carl@nordlys.dk,\n",
                 "--on-duplicate update") == 0);
  const auto contacts = show(kundehub, "1001").at("contacts");
  REQUIRE(contacts.size() == 3);
  CHECK(contacts.at(0).at("first_name") == "Anne");
  CHECK(contacts.at(0).at("title") == "CEO");
  CHECK(contacts.at(1).at("first_name") == "Bo");
  CHECK(contacts.at(2).at("email") == "carl@nordlys.dk");
  CHECK(contacts.at(2).at("primary") == false);
}

TEST_CASE("--match says by what a customer is known") {
  Shell kundehub;
  kundehub("customer add --business 'Nordlys ApS' --cvr 12345674 --email post@lys.dk");
  kundehub("customer add --business 'Sydlys ApS' --email post@lys.dk");
  CHECK(import(kundehub, "navn,cvr,by\nNordlys A/S,12345674,Odense\n", "--match cvr --on-duplicate update") == 0);
  CHECK(show(kundehub, "1001").at("city") == "Odense");
  CHECK(import(kundehub, "navn,email\nSydlys ApS,post@lys.dk\n", "--match email --on-duplicate update") == 4);
  CHECK(kundehub.said("fits several customers: 1001 (Nordlys A/S), 1002 (Sydlys ApS)"));
  CHECK(import(kundehub, "navn,cvr,nr\nNordlys A/S,12345674,7\n", "--match cvr --on-duplicate update") == 4);
  CHECK(kundehub.said("is customer 1001 by its other columns, and has the number 7"));
  CHECK(import(kundehub, "navn,cvr,nr\nNy ApS,88146328,1001\n", "--match cvr --on-duplicate update") == 4);
  CHECK(kundehub.said("number 1001 belongs to another customer, \"Nordlys A/S\""));
  CHECK(import(kundehub, "navn,type,by\nNordlys A/S,privat,x\n", "--match email") == 0);
}

TEST_CASE("a private row is no business that is there") {
  Shell kundehub;
  kundehub("customer add --business Nordlys");
  CHECK(import(kundehub, "nr,navn,by\n1001,Nordlys,Odense\n", "--on-duplicate update") == 4);
  CHECK(kundehub.said("row 2 (line 2): looks private, and customer 1001 is business: add a column \"type\""));
  CHECK(import(kundehub, "nr,navn,by\n1001,Nordlys,Odense\n", "--on-duplicate update --kind business") == 0);
}

TEST_CASE("--welcome sends a mail to whoever has access and never got one, once") {
  Shell kundehub;
  const std::string text = "nr,navn,e-mail\n1,Anna Berg,anna@berg.dk\n2,Bo Ek,\n";
  REQUIRE(import(kundehub, text, "--hub --module projects --welcome --dry-run --json") == 0);
  CHECK(nlohmann::json::parse(kundehub.out).at("mails") == 1);
  CHECK(kundehub.mails().empty());
  REQUIRE(import(kundehub, text, "--hub --module projects --welcome") == 0);
  CHECK(kundehub.mails().size() == 1);
  CHECK(kundehub.said("1 contact gets no mail"));
  REQUIRE(import(kundehub, text, "--on-duplicate update --welcome") == 0);
  CHECK(kundehub.mails().size() == 1);
  REQUIRE(import(kundehub, "nr,navn,e-mail\n2,Bo Ek,bo@ek.dk\n", "--on-duplicate update --welcome") == 0);
  CHECK(kundehub.mails().size() == 2);
}

TEST_CASE("a dry run shows the columns, the first customers and what would change, and changes nothing") {
  Shell kundehub;
  kundehub.add_nordlys();
  REQUIRE(import(kundehub, "nr;firma;by;fax\n1001;Nordlys A/S;;1\n1002;Sydlys ApS;Odense;2\n",
                 "--on-duplicate update -n") == 0);
  for (const char* said :
       {"firma   name", "fax     (not imported)", "name       Sydlys ApS",
        "2    1001             name   Nordlys ApS  Nordlys A/S", "new               1", "changed           1"}) {
    CAPTURE(said);
    CHECK(kundehub.out.find(said) != std::string::npos);
  }
  CHECK(kundehub.said("not imported: the column \"fax\""));
  CHECK(kundehub.records.value("SELECT count(*), max(name) FROM customer") == "1");
  CHECK(show(kundehub, "1001").at("name") == "Nordlys ApS");
}

TEST_CASE("JSON Lines go by the names of the export") {
  Shell kundehub;
  REQUIRE(import(kundehub,
                 "{\"number\": 7, \"name\": \"Nordlys ApS\", \"tags\": [\"a\", \"b\"], \"fax\": \"1\", \"contacts\": "
                 "[{\"first_name\": \"Anna\", \"last_name\": \"Berg\", \"email\": \"anna@nordlys.dk\"}, "
                 "{\"name\": \"Bo Ek\", \"email\": \"bo@nordlys.dk\", \"primary\": true}]}\n\n"
                 "{\"name\": \"Anna Berg\", \"email\": null}\n") == 0);
  CHECK(kundehub.said("not imported: the column \"fax\""));
  const auto page = show(kundehub, "7");
  CHECK(page.at("tags").dump() == "[\"a\",\"b\"]");
  CHECK(page.at("contacts").at(1).at("primary") == true);
  CHECK(import(kundehub, "{\"name\": \"A\", \"name\": \"B\"}\n") == 65);
  CHECK(kundehub.said("row 1 (line 1): has the member \"name\" twice"));
  CHECK(import(kundehub, "{\"name\": \"A\", \"zip\": 1.5}\n") == 65);
  CHECK(kundehub.said("has a value for \"zip\" that is no text"));
  CHECK(import(kundehub, "{\"name\": \"A\"\n") == 65);
  CHECK(kundehub.said("is no JSON object"));
}

TEST_CASE("every option's word is checked before the file is read") {
  Shell kundehub;
  for (const char* options :
       {"--from xls", "--encoding latin1", "--kind firm", "--match name", "--on-duplicate ask", "--max-errors x",
        "--rejects r.csv", "--empty-clears", "--delimiter ab", "--map navn", "--partial --atomic"}) {
    CAPTURE(options);
    CHECK(import(kundehub, "navn\nBo\n", options) == 2);
  }
  CHECK(import(kundehub, "navn\nBo\n", "--module nosuch") == 3);
  CHECK(import(kundehub, "navn\nBo\n", "--fields nosuch") == 2);
  CHECK(kundehub.records.value("SELECT count(*) FROM customer") == "0");
}

TEST_CASE("a table without headings takes its columns by number") {
  Shell kundehub;
  CHECK(import(kundehub, "Bo,Odense\nEva,Aarhus\n", "--headerless") == 65);
  REQUIRE(import(kundehub, "Bo,Odense\nEva,Aarhus\n", "--headerless --map 1=name --map 2=city --format ids") == 0);
  CHECK(kundehub.out == "op:1\n");
  CHECK(show(kundehub, "1001").at("city") == "Odense");
}

}  // namespace
}  // namespace kundehub::test

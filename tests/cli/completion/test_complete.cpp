#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "cli/commands.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;

namespace {

using Words = std::vector<std::string>;

/// What is offered in the place of the last word of the line, without descriptions; the first is `:words` or the like.
Words lines_of(Shell& kundehub, const Words& line) {
  Words args{"__complete"};
  args.insert(args.end(), line.begin(), line.end());
  CHECK(kundehub.run(args) == 0);
  CHECK(kundehub.err == "");
  std::istringstream lines(kundehub.out);
  Words words;
  for (std::string text; std::getline(lines, text);) words.push_back(text.substr(0, text.find('\t')));
  REQUIRE_FALSE(words.empty());
  return words;
}

Words complete(Shell& kundehub, const Words& line) {
  Words words = lines_of(kundehub, line);
  CHECK(words.front() == ":words");
  words.erase(words.begin());
  return words;
}

/// `line` is split at blanks; one at its end begins an empty word.
Words complete(Shell& kundehub, const std::string& line) {
  Words words = split_words(line);
  if (line.empty() || line.ends_with(' ')) words.emplace_back();
  return complete(kundehub, words);
}

bool has(const Words& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

TEST_CASE("completion knows every command") {
  Shell kundehub;
  const Words first = complete(kundehub, "");
  for (const auto& command : kundehub::cli::commands()) {
    const std::string noun(command.noun), verb(command.verb);
    CAPTURE(verb);
    CHECK(has(first, noun.empty() ? verb : noun));
    if (noun.empty()) continue;
    CHECK(has(complete(kundehub, noun + ' '), verb));
    CHECK(has(complete(kundehub, "--quiet " + noun + " --db x " + verb), verb));
    CHECK(has(complete(kundehub, "help " + noun + ' '), verb));
  }
  CHECK(complete(kundehub, "cu") == Words{"customer"});
  CHECK(complete(kundehub, "customer arc") == Words{"archive"});
  CHECK(complete(kundehub, "help cu") == Words{"customer"});
  CHECK(complete(kundehub, "nonsense ").empty());
  CHECK(complete(kundehub, "help customer show ").empty());
}

TEST_CASE("completion tells what a word stands for") {
  Shell kundehub;
  kundehub.add_nordlys();
  complete(kundehub, "cu");
  CHECK(kundehub.out == ":words\ncustomer\tprivate persons and businesses\n");
  complete(kundehub, "customer show 10");
  CHECK(kundehub.out == ":words\n1001\tNordlys ApS\n");
  complete(kundehub, "contact show an");
  CHECK(kundehub.out == ":words\nanna@nordlys.dk\tAnna Berg, Nordlys ApS\n");
  complete(kundehub, "hub revoke --module pro");
  CHECK(kundehub.out == ":words\nprojects\tProjects\n");
  complete(kundehub, "--ui-language da hub revoke --module pro");
  CHECK(kundehub.out == ":words\nprojects\tProjekter\n");
}

TEST_CASE("completion offers the options that may still be given") {
  Shell kundehub;
  CHECK(complete(kundehub, "customer list --arch") == Words{"--archived"});
  CHECK(complete(kundehub, "customer list --dry") == Words{"--dry-run"});
  CHECK(complete(kundehub, "customer list --no-p") == Words{"--no-pager"});
  CHECK(complete(kundehub, "customer list --archived --arch").empty());
  CHECK(complete(kundehub, "customer list --archived --al").empty());  // it excludes the other
  CHECK(complete(kundehub, "customer list --tag x --ta") == Words{"--tag"});
  CHECK(complete(kundehub, "customer list --hub=on --hu").empty());
  CHECK(complete(kundehub, "customer list -y --ye").empty());
  CHECK(complete(kundehub, "customer list -ny --ye").empty());
  CHECK(complete(kundehub, "--ver") == Words{"--verbose", "--version"});
  CHECK(complete(kundehub, "customer list -- --arch").empty());
  CHECK(has(complete(kundehub, "customer list "), "--sort"));
  CHECK_FALSE(has(complete(kundehub, "customer list "), "--json"));
}

TEST_CASE("completion knows the words that an option takes") {
  Shell kundehub;
  CHECK(complete(kundehub, "customer list --hub ") == Words{"on", "off"});
  CHECK(complete(kundehub, "customer list --hub=") == Words{"--hub=on", "--hub=off"});
  CHECK(complete(kundehub, "customer list --format j") == Words{"json", "jsonl"});
  CHECK(complete(kundehub, "--format js") == Words{"json", "jsonl"});
  CHECK(complete(kundehub, "customer list --welcome s") == Words{"sending", "sent"});
  CHECK(complete(kundehub, "customer edit 1 --language ") == Words{"da", "en"});
  CHECK(complete(kundehub, "customer edit 1 --unset ci") == Words{"city"});
  CHECK(complete(kundehub, "customer edit 1 --unset na").empty());  // nobody is without a name
  CHECK(complete(kundehub, "contact edit x --unset first") == Words{"first_name"});
  CHECK(complete(kundehub, "customer list --where ci") == Words{"city="});
  CHECK(complete(kundehub, "customer import x --map Firma=contact_e") == Words{"Firma=contact_email"});
  CHECK(complete(kundehub, "customer list --fields number,na") == Words{"number,name"});
  CHECK(complete(kundehub, "customer list --fields=number,nu").empty());
  CHECK(complete(kundehub, "config get mail.tr") == Words{"mail.transport"});
  CHECK(complete(kundehub, "template show welcome.da") == Words{"welcome.da.txt", "welcome.da.html"});
  CHECK(complete(kundehub, "db key ") == Words{"export", "import"});
  CHECK(complete(kundehub, "completion ") == Words{"bash", "zsh", "fish"});
  CHECK(complete(kundehub, "customer add --business ").empty());
  CHECK(lines_of(kundehub, {"customer", "import", ""}) == Words{":files"});
  CHECK(lines_of(kundehub, {"customer", "import", "--rejects="}) == Words{":files"});
  CHECK(lines_of(kundehub, {"customer", "export", "-o", "x"}) == Words{":files"});
  CHECK(lines_of(kundehub, {"welcome", "bounces", ""}) == Words{":folders"});
}

TEST_CASE("every word that completion offers for an option is one that the command takes") {
  Shell kundehub;
  kundehub.add_nordlys();
  for (const char* option :
       {"customer list --sort", "customer list --kind", "customer list --hub", "customer list --welcome",
        "customer list --module", "customer list --format", "customer list --color", "customer list --fields",
        "customer edit 1001 --language", "customer edit 1001 --unset", "contact edit contact:1 --language"}) {
    for (const std::string& word : complete(kundehub, option + std::string(" "))) {
      if (word == "email" && std::string_view(option).ends_with("--unset")) continue;
      CAPTURE(option);
      CAPTURE(word);
      CHECK(kundehub(option + std::string(" ") + word) == 0);
    }
  }
}

TEST_CASE("completion knows the records by every name that commands take") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.add_lund();
  kundehub("customer edit 1001 --cvr 10000009 --email Post@nordlys.dk --add-tag 'Rød grød' --add-tag vip");
  CHECK(complete(kundehub, "customer show ") == Words{"1001", "1002"});
  CHECK(complete(kundehub, "customer show 1001 1") == Words{"1002"});
  CHECK(complete(kundehub, "customer show i") == Words{"id:"});
  CHECK(complete(kundehub, "customer show id:") == Words{"id:1", "id:2"});
  CHECK(complete(kundehub, "customer show cvr:1") == Words{"cvr:10000009"});
  CHECK(complete(kundehub, "customer show email:post") == Words{"email:post@nordlys.dk"});
  CHECK(complete(kundehub, "customer show email:Po") == Words{"email:Post@nordlys.dk"});
  CHECK(complete(kundehub, "customer merge 1002 10") == Words{"1001", "1002"});
  CHECK(complete(kundehub, "contact show b") == Words{"bo@nordlys.dk"});
  CHECK(complete(kundehub, "contact show c") == Words{"contact:", "carl@lund.dk"});
  CHECK(complete(kundehub, "contact show contact:") == Words{"contact:1", "contact:2", "contact:3"});
  CHECK(complete(kundehub, "contact show --customer 1002 ") == Words{"carl@lund.dk"});
  CHECK(complete(kundehub, "contact show --customer=1002 contact:") == Words{"contact:3"});
  CHECK(complete(kundehub, "hub grant 1001 --contact ") == Words{"anna@nordlys.dk", "bo@nordlys.dk"});
  CHECK(complete(kundehub, "contact show --customer 9 ").empty());
  CHECK(complete(kundehub, "welcome send 10") == Words{"1001", "1002"});
  CHECK(complete(kundehub, "welcome send an") == Words{"anna@nordlys.dk"});
  CHECK(complete(kundehub, "person show ca") == Words{"carl@lund.dk"});
  CHECK(complete(kundehub, "customer list --tag R") == Words{"Rød grød"});
  CHECK(complete(kundehub, "customer list --tag=v") == Words{"--tag=vip"});
  CHECK(complete(kundehub, "undo ").front() == "op:3");
  CHECK(complete(kundehub, "log op:2") == Words{"op:2"});
}

TEST_CASE("nothing that completion prints is obeyed by a terminal or breaks a line") {
  Shell kundehub;
  kundehub.add_nordlys();
  kundehub.records.sql("UPDATE customer SET name = 'A' || char(27) || '[2J' || char(10) || '2002' || char(9) || 'x'");
  complete(kundehub, "customer show 10");
  CHECK(kundehub.out == ":words\n1001\tA\\u{1B}[2J\\u{A}2002\\u{9}x\n");
  kundehub.records.sql(
      "INSERT INTO customer_tag VALUES (1, 'a' || char(27)), (1, 'a' || char(10) || 'b'), (1, 'ab'), "
      "(1, '-x')");
  CHECK(complete(kundehub, "customer list --tag ") == Words{"ab"});
  CHECK(complete(kundehub, "customer list --tag=") == Words{"--tag=-x", "--tag=ab"});
}

TEST_CASE("completion is silent where there is no database, no configuration and no sense") {
  Shell kundehub;
  kundehub.on_files = true;
  kundehub.environment = {{"KUNDEHUB_CONFIG", "/nowhere"}, {"KUNDEHUB_DB", "/nowhere"}};
  CHECK(complete(kundehub, "customer show ").empty());
  CHECK(complete(kundehub, "customer list --module ").empty());
  CHECK(complete(kundehub, "customer list --so") == Words{"--sort"});
  CHECK(complete(kundehub, {"\xff", "--\xff=", "-", ""}).empty());
  CHECK(complete(kundehub, {"customer", "show", "\xff"}).empty());
  CHECK(complete(kundehub, {"contact", "show", "\xff"}).empty());
  CHECK(has(complete(kundehub, Words{}), "customer"));
}

TEST_CASE("each shell has its script, and others get the nearest name") {
  Shell kundehub;
  for (const char* shell : {"bash", "zsh", "fish"}) {
    CHECK(kundehub(std::string("completion ") + shell) == 0);
    CHECK(kundehub.out.find("__complete") != std::string::npos);
  }
  CHECK(kundehub("completion bahs") == 2);
  CHECK(kundehub.hint() == "did you mean bash");
  CHECK(kundehub("completion ksh93u") == 2);
  CHECK(kundehub("completion") == 2);
  CHECK(kundehub("help") == 0);
  CHECK(kundehub.out.find("__complete") == std::string::npos);
}

#include "cli/first_look.hpp"

#include <map>
#include <sstream>

#include <doctest/doctest.h>

using namespace kundehub::cli;

namespace {

struct Look {
  std::map<std::string, std::string> variables{};
  std::ostringstream out{}, err{};
  std::istringstream in{};

  std::string language(const std::vector<std::string>& args) { return std::string(ui_language(args, session())); }
  bool json(const std::vector<std::string>& args) { return wants_json(args, session()); }

 private:
  Session session() {
    const auto environment = [this](const char* name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    return Session({.out = out, .err = err, .in = in, .environment = environment, .clock = {}});
  }
};

}  // namespace

TEST_CASE("the language is the option's, or the environment's, and English for programs") {
  CHECK(Look{}.language({"log"}) == "en");
  CHECK(Look{{{"LANG", "da_DK.UTF-8"}}}.language({"log"}) == "da");
  CHECK(Look{{{"LANG", "da_DK.UTF-8"}, {"LC_ALL", "C"}}}.language({"log"}) == "en");
  CHECK(Look{{{"LANG", "de_DE"}, {"LANGUAGE", "de:da"}}}.language({"log"}) == "da");
  CHECK(Look{}.language({"log", "--ui-language", "da"}) == "da");
  CHECK(Look{}.language({"log", "--ui-language=da", "--ui-language=en"}) == "en");
  CHECK(Look{}.language({"log", "--", "--ui-language=da"}) == "en");
  for (const char* form : {"json", "jsonl", "csv", "tsv"})
    CHECK(Look{}.language({"log", "--ui-language=da", "--format", form}) == "en");
  for (const char* form : {"table", "ids", "count"})
    CHECK(Look{}.language({"log", "--ui-language=da", "--format", form}) == "da");
}

TEST_CASE("errors are JSON where results are, and an option goes before the environment") {
  CHECK(Look{}.json({"log", "--json"}));
  CHECK(Look{}.json({"log", "--format=json"}));
  CHECK(Look{{{"KUNDEHUB_FORMAT", "json"}}}.json({"log"}));
  CHECK_FALSE(Look{{{"KUNDEHUB_FORMAT", "json"}}}.json({"log", "--format", "table"}));
  CHECK_FALSE(Look{}.json({"customer", "search", "--", "--json"}));
  CHECK_FALSE(Look{}.json({"log"}));
}

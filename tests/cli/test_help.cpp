#include <algorithm>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "cli/commands.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/shell.hpp"

using namespace kundehub::test;

namespace {

std::string words_of(const kundehub::cli::Command& command) {
  return std::string(command.noun) + (command.noun.empty() ? "" : " ") + std::string(command.verb);
}

/// Runs a line that prints help, and hands back what it prints.
std::string help(const std::string& line) {
  Shell kundehub;
  CHECK(kundehub(line) == 0);
  CHECK(kundehub.err == "");
  return kundehub.out;
}

std::size_t longest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

}  // namespace

TEST_CASE("the help of every command is as agreed") {
  for (const auto& command : kundehub::cli::commands()) {
    const std::string words = words_of(command);
    CAPTURE(words);
    const std::string text = help("help " + words);
    std::string name = "help_" + words;
    std::replace(name.begin(), name.end(), ' ', '_');
    check_golden(name, text);
    CHECK(help(words + " --help") == text);
    CHECK(help(words + " -h") == text);
    CHECK(text.find("usage: kundehub " + words) != std::string::npos);
  }
}

TEST_CASE("kundehub alone shows what it is for and every noun") {
  const std::string overview = help("");
  check_golden("help_overview", overview);
  CHECK(longest_line(overview) <= 100);
  CHECK(std::count(overview.begin(), overview.end(), '\n') <= 40);
  for (const auto& command : kundehub::cli::commands()) {
    const std::string_view first = command.noun.empty() ? command.verb : command.noun;
    CHECK(overview.find("\n  " + std::string(first) + ' ') != std::string::npos);
  }
}

TEST_CASE("the list of commands has each of them, and so does each noun") {
  const std::string overview = help("help");
  check_golden("help", overview);
  CHECK(help("--help") == overview);
  CHECK(longest_line(overview) <= 100);
  for (const auto& command : kundehub::cli::commands()) {
    CHECK(overview.find("\n  " + words_of(command) + ' ') != std::string::npos);
    if (command.noun.empty()) continue;
    CHECK_FALSE(kundehub::cli::describe_noun(command.noun).empty());
    CHECK(help("help " + std::string(command.noun)).find("  " + words_of(command) + ' ') != std::string::npos);
    CHECK(help(std::string(command.noun) + " --help") == help("help " + std::string(command.noun)));
  }
}

TEST_CASE("the version is told") {
  CHECK(help("--version").starts_with("kundehub 0."));
}

TEST_CASE("help needs no database, no configuration and no readable environment") {
  Shell kundehub;
  kundehub.on_files = true;
  kundehub.environment = {{"KUNDEHUB_CONFIG", "/nowhere"}, {"KUNDEHUB_DB", "/nowhere"}};
  CHECK(kundehub("customer add --help") == 0);
  CHECK(kundehub("") == 0);
}

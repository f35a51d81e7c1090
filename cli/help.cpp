#include "cli/help.hpp"

#include <ostream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/parser.hpp"
#include "cli/session.hpp"

namespace kundehub::cli {
namespace {

constexpr const char* overview_start =
    "kundehub decides who may log in to your customer portal (the HUB): it keeps customers\n"
    "and their contacts, switches access on and off, and sends the welcome mail with the\n"
    "login link.\n\n"
    "usage: kundehub NOUN VERB [OPTION]... [ARGUMENT]...\n";

constexpr const char* overview_end =
    "\nFirst steps:\n"
    "  kundehub init\n"
    "  kundehub customer add --business \"Nordlys ApS\" --contact \"Anna Berg <anna@nordlys.dk>\"\n"
    "  kundehub hub grant 1001 --module projects\n"
    "  kundehub welcome send 1001\n\n"
    "kundehub help NOUN VERB tells all about one command, kundehub(1) about everything.\n";

constexpr const char* global_options =
    "\nOptions of every command, anywhere on the line:\n"
    "  --config FILE  --db FILE  --actor NAME\n"
    "  --format table|json|jsonl|csv|tsv|ids|count  --json  --fields A,B,...  --no-header  -0,--null\n"
    "  -n,--dry-run  -y,--yes  --no-input  -q,--quiet  -v,--verbose  -h,--help\n";

Action print(std::string text) {
  return [text = std::move(text)](Session& session) {
    session.out() << text;
    return ExitCode::ok;
  };
}

/// The first line of a command's own help; builds only that command's parser.
std::string summary(const Command& command) {
  CLI::App app;
  Action ignored;
  command.add(app, ignored);
  return app.get_subcommand(std::string(command.verb))->get_description();
}

std::string list_commands(std::string_view noun) {
  std::string text;
  std::string_view heading = "-";
  for (const Command& command : commands()) {
    if (!noun.empty() && command.noun != noun) continue;
    if (command.noun != heading) {
      heading = command.noun;
      text += heading.empty() ? "\n" : fmt::format("\n{}: {}\n", heading, describe_noun(heading));
    }
    const std::string name = fmt::format("{}{}{}", command.noun, command.noun.empty() ? "" : " ", command.verb);
    text += fmt::format("  {:<18} {}\n", name, summary(command));
  }
  return text;
}

}  // namespace

Action print_version() {
  return print("kundehub " KUNDEHUB_VERSION "\n");
}

Action print_overview() {
  return print(overview_start + list_commands("") + overview_end);
}

Action print_help(const std::vector<std::string>& words) {
  if (words.empty() || words.front().starts_with('-')) return print_overview();
  if (words.size() == 1 && !describe_noun(words[0]).empty()) {
    return print(fmt::format("usage: kundehub {} VERB [OPTION]... [ARGUMENT]...\n{}{}", words[0],
                             list_commands(words[0]), global_options));
  }
  return [words](Session& session) {
    std::vector<std::string> args(words.begin(), words.begin() + std::min<std::ptrdiff_t>(2, std::ssize(words)));
    args.emplace_back("--help");
    return parse(args, session)(session);
  };
}

Action print_command_help(const Command& command, const CLI::App& verb) {
  const std::string prefix = command.noun.empty() ? "kundehub" : fmt::format("kundehub {}", command.noun);
  return print(verb.help(prefix) + global_options);
}

}  // namespace kundehub::cli

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
    "  -n,--dry-run  -y,--yes  --no-input  -q,--quiet  -v,--verbose\n"
    "  --color auto|always|never  --no-pager  --ui-language da|en  -h,--help\n";

/// CLI11's layout with the usage line and the options as other tools of the system print them.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string prefix) const override {
    std::string usage = fmt::format("usage: {} [OPTION]...", prefix);
    for (const CLI::Option* option : app->get_options()) {
      if (option->nonpositional()) continue;
      const std::string repeated = option->get_expected_max() > 1 ? "..." : "";
      usage +=
          fmt::format(fmt::runtime(option->get_required() ? " {}{}" : " [{}{}]"), option->get_type_name(), repeated);
    }
    return usage + '\n';
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    if (!option->nonpositional() || option->get_type_size() == 0) return "";
    return " " + option->get_type_name();
  }
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    return is_positional ? option->get_type_name() : option->get_name(false, true);
  }
};

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

Action print_command_help(const Command& command, CLI::App& verb) {
  const std::string prefix = command.noun.empty() ? "kundehub" : fmt::format("kundehub {}", command.noun);
  verb.formatter(std::make_shared<HelpFormatter>());
  verb.get_formatter()->column_width(26);
  return print(verb.help(prefix) + global_options);
}

}  // namespace kundehub::cli

#include "cli/help.hpp"

#include <array>
#include <ostream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/help_examples.hpp"
#include "cli/parser.hpp"
#include "cli/session.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

constexpr const char* overview_start = translatable(
    "kundehub decides who may log in to your customer portal (the HUB): it keeps customers\n"
    "and their contacts, switches access on and off, and sends the welcome mail with the\n"
    "login link.\n\n"
    "usage: kundehub NOUN VERB [OPTION]... [ARGUMENT]...\n");

constexpr const char* first_steps =
    "  kundehub init\n"
    "  kundehub customer add --business \"Nordlys ApS\" --contact \"Anna Berg <anna@nordlys.dk>\"\n"
    "  kundehub hub grant 1001 --module projects\n"
    "  kundehub welcome send 1001\n";

constexpr const char* where_to_read_on = translatable(
    "\nkundehub help lists every command, kundehub help NOUN VERB tells all about one, and so does\n"
    "the manual: man kundehub.\n");

constexpr const char* global_options =
    "  --config FILE  --db FILE  --actor NAME\n"
    "  --format table|json|jsonl|csv|tsv|ids|count  --json  --fields A,B,...  --no-header  -0,--null\n"
    "  -n,--dry-run  -y,--yes  --no-input  -q,--quiet  -v,--verbose\n"
    "  --color auto|always|never  --no-pager  --ui-language da|en  -h,--help\n";

std::string describe_global_options() {
  return fmt::format("\n{}\n{}", tr("Options of every command, anywhere on the line:"), global_options);
}

std::string describe_examples(const Command& command) {
  std::string text = fmt::format("\n{}\n", tr("Examples:"));
  for (const std::string_view line : examples_of(command.noun, command.verb)) text += fmt::format("  {}\n", line);
  return text;
}

/// Of the groups that options are in, CLI11's own and ours.
constexpr std::array option_groups{translatable("Positionals"), translatable("Options"), translatable("Filters")};

/// CLI11's layout with the usage line and the options as other tools of the system print them, in the user's language.
class HelpFormatter final : public CLI::Formatter {
 public:
  HelpFormatter() {
    column_width(26);
    label("Positionals", tr_text(option_groups.front()));
  }
  std::string make_description(const CLI::App* app) const override { return tr_text(app->get_description()) + '\n'; }
  std::string make_usage(const CLI::App* app, std::string prefix) const override {
    std::string usage = tr("usage: {} [OPTION]...", prefix);
    for (const CLI::Option* option : app->get_options()) {
      if (option->nonpositional()) continue;
      const std::string repeated = option->get_expected_max() > 1 ? "..." : "";
      usage +=
          fmt::format(fmt::runtime(option->get_required() ? " {}{}" : " [{}{}]"), option->get_type_name(), repeated);
    }
    return usage + '\n';
  }
  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override {
    return CLI::Formatter::make_group(tr_text(group), is_positional, std::move(options));
  }
  std::string make_option_desc(const CLI::Option* option) const override { return tr_text(option->get_description()); }
  std::string make_footer(const CLI::App* app) const override {
    return app->get_footer().empty() ? "" : '\n' + tr_text(app->get_footer()) + '\n';
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

std::string list_commands(std::string_view noun) {
  std::string text;
  std::string_view heading = "-";
  for (const Command& command : commands()) {
    if (!noun.empty() && command.noun != noun) continue;
    if (command.noun != heading) {
      heading = command.noun;
      text += heading.empty() ? "\n" : fmt::format("\n{}: {}\n", heading, tr_text(describe_noun(heading)));
    }
    const std::string name = fmt::format("{}{}{}", command.noun, command.noun.empty() ? "" : " ", command.verb);
    text += fmt::format("  {:<18} {}\n", name, summary(command));
  }
  return text;
}

}  // namespace

std::string summary(const Command& command) {
  CLI::App app;
  Action ignored;
  command.add(app, ignored);
  return tr_text(app.get_subcommand(std::string(command.verb))->get_description());
}

Action print_version() {
  return print("kundehub " KUNDEHUB_VERSION "\n");
}

Action print_overview() {
  std::string text = tr_text(overview_start) + '\n';
  std::string_view heading;
  for (const Command& command : commands()) {
    const std::string_view name = command.noun.empty() ? command.verb : command.noun;
    if (!command.noun.empty() && command.noun == heading) continue;
    heading = command.noun;
    text += fmt::format("  {:<12} {}\n", name, command.noun.empty() ? summary(command) : tr_text(describe_noun(name)));
  }
  return print(fmt::format("{}\n{}\n{}{}", text, tr("First steps:"), first_steps, tr_text(where_to_read_on)));
}

Action print_all_commands() {
  return print(tr_text(overview_start) + list_commands("") + tr_text(where_to_read_on));
}

Action print_help(const std::vector<std::string>& words) {
  if (words.empty() || words.front().starts_with('-')) return print_all_commands();
  if (words.size() == 1 && !describe_noun(words[0]).empty()) {
    return print(tr("usage: kundehub {} VERB [OPTION]... [ARGUMENT]...\n", words[0]) + list_commands(words[0]) +
                 describe_global_options());
  }
  return [words](Session& session) {
    std::vector<std::string> args(words.begin(), words.begin() + std::min<std::ptrdiff_t>(2, std::ssize(words)));
    args.emplace_back("--help");
    return parse(args, session)(session);
  };
}

Action print_command_help(const Command& command, CLI::App& verb) {
  const std::string prefix = command.noun.empty() ? "kundehub" : tr("kundehub {}", command.noun);
  verb.formatter(std::make_shared<HelpFormatter>());
  std::string text = verb.help(prefix);
  text.erase(text.find_last_not_of('\n') + 1);
  return print(text + '\n' + describe_examples(command) + describe_global_options());
}

}  // namespace kundehub::cli

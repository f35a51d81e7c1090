#include "cli/parser.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/completion/complete.hpp"
#include "cli/global_options.hpp"
#include "cli/help.hpp"
#include "core/model/error.hpp"
#include "core/text/nearest.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

[[noreturn]] void refuse_command(const std::string& what, const std::string& word,
                                 const std::vector<std::string_view>& known, const std::string& help) {
  const auto near = text::nearest(word, known);
  throw Error(ErrorKind::usage, what, near ? tr("did you mean {}", *near) : help);
}

/// Of `kundehub grant`, the verb was meant.
[[noreturn]] void refuse_first_word(const std::string& word, const std::vector<std::string_view>& known) {
  std::vector<std::string> meant;
  for (const Command& command : commands()) {
    if (!command.noun.empty() && command.verb == word) meant.push_back(fmt::format("{} {}", command.noun, word));
  }
  if (meant.empty()) refuse_command(tr("no command {}", text::quoted(word)), word, known, "kundehub help");
  throw Error(ErrorKind::usage, tr("no command {}", text::quoted(word)),
              tr("did you mean {}", fmt::join(meant, tr(" or "))));
}

/// The command that the words name. Throws Error{usage}.
const Command& find_command(const std::vector<std::string>& words) {
  std::vector<std::string_view> first_words, verbs;
  for (const Command& command : commands()) {
    const std::string_view first = command.noun.empty() ? command.verb : command.noun;
    if (first != words[0]) {
      first_words.push_back(first);
      continue;
    }
    if (command.noun.empty() || (words.size() > 1 && command.verb == words[1])) return command;
    verbs.push_back(command.verb);
  }
  if (verbs.empty()) refuse_first_word(words[0], first_words);
  if (words.size() < 2) {
    throw Error(ErrorKind::usage, tr("kundehub {} needs a verb: {}", words[0], fmt::join(verbs, ", ")),
                fmt::format("kundehub help {}", words[0]));
  }
  refuse_command(tr("no {} command {}", words[0], text::quoted(words[1])), words[1], verbs,
                 fmt::format("kundehub help {}", words[0]));
}

void set_output(Session& session, const OutputWords& words) {
  const std::string& fields = words.fields;
  OutputOptions& output = session.options().output;
  const auto& color = session.options().color;
  if (color && *color != "auto" && *color != "always" && *color != "never")
    throw Error(ErrorKind::usage, tr("--color takes auto, always or never, not {}", text::quoted(*color)));
  const auto& language = session.options().ui_language;
  if (language && *language != "da" && *language != "en")
    throw Error(ErrorKind::usage, tr("--ui-language takes da or en, not {}", text::quoted(*language)));
  session.look_at_terminal(output);
  if (!words.formats.empty()) {
    output.format = parse_format(words.formats.back());
  } else if (words.json) {
    output.format = Format::json;
  } else if (const auto preset = session.environment("KUNDEHUB_FORMAT")) {
    output.format = parse_format(*preset);
  }
  for (std::size_t start = 0; start < fields.size();) {
    const std::size_t end = std::min(fields.find(',', start), fields.size());
    if (end > start) output.fields.push_back(fields.substr(start, end - start));
    start = end + 1;
  }
}

/// CLI11 lets `--name --json` swallow the flag and `--name=` the next word; here both are mistakes.
void check_values(const CLI::App& app, std::span<const std::string> args) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() == 0 || option->get_lnames().empty()) continue;
    for (const std::string& value : option->results()) {
      const std::string name = "--" + option->get_lnames().front();
      const bool joined = std::find(args.begin(), args.end(), name + '=' + value) != args.end();
      if (!value.starts_with('-') || value == "-" || joined) continue;
      throw Error(ErrorKind::usage, tr("{} is followed by {}, which looks like an option", name, text::quoted(value)),
                  tr("write {}=VALUE if the value begins with -", name));
    }
  }
}

void check_empty_values(std::span<const std::string> args) {
  for (const std::string& arg : args) {
    if (arg == "--") return;
    if (!arg.starts_with("--") || arg.find('=') != arg.size() - 1) continue;
    throw Error(ErrorKind::usage, tr("{} has no value", text::quoted(arg)),
                tr("to clear a field of a record use edit with --unset {}", arg.substr(2, arg.size() - 3)));
  }
}

/// The words that nothing took: an unknown option, or one word too many.
[[noreturn]] void refuse_extras(const CLI::App& app, const CLI::App& verb, const std::string& word,
                                const std::string& command) {
  if (!word.starts_with('-')) {
    throw Error(ErrorKind::usage, tr("{} is one word too many", text::quoted(word)),
                tr("a value of several words stands in quotes; kundehub help {}", command));
  }
  std::vector<std::string> names;
  for (const CLI::App* parser : {&verb, &app}) {
    for (const CLI::Option* option : parser->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      for (const std::string& name : option->get_fnames()) names.push_back("--" + name);
    }
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  const auto near = text::nearest(word.substr(0, word.find('=')), known);
  throw Error(ErrorKind::usage, tr("no option {}", text::quoted(word)),
              near ? tr("did you mean {}", *near) : fmt::format("kundehub help {}", command));
}

/// How help calls an option or an argument: `--name`, `CUSTOMER`.
std::string shown_name(const CLI::App& verb, const std::string& name) {
  const CLI::Option* option = verb.get_option_no_throw(name);
  return option && !option->nonpositional() ? option->get_type_name() : name;
}

/// CLI11's sentences are English and call arguments by inner names; these are the ones that a user meets.
std::string in_own_words(const CLI::ParseError& error, const CLI::App& verb) {
  const std::string text = error.what();
  const auto before = [&](std::string_view end) { return shown_name(verb, text.substr(0, text.find(end))); };
  constexpr std::string_view required = " is required", excludes = " excludes ";
  if (dynamic_cast<const CLI::RequiredError*>(&error) && text.ends_with(required))
    return tr("{} is required", before(required));
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) && text.ends_with(" missing"))
    return tr("{} has no value", before(":"));
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) return tr("there are more words than {} takes", before(":"));
  if (dynamic_cast<const CLI::ExcludesError*>(&error) && text.find(excludes) != std::string::npos)
    return tr("{} and {} exclude each other", before(excludes), text.substr(text.find(excludes) + excludes.size()));
  return text;
}

/// Throws Error{usage}.
void parse_words(CLI::App& app, const CLI::App& verb, std::span<const std::string> args, const std::string& command) {
  try {
    app.parse(std::vector<std::string>(args.rbegin(), args.rend()));  // CLI11 takes them last first
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorKind::usage, in_own_words(error, verb), fmt::format("kundehub help {}", command));
  }
}

bool has(std::span<const std::string> args, std::string_view word, std::string_view short_word) {
  const auto end = std::find(args.begin(), args.end(), "--");
  return std::any_of(args.begin(), end, [&](const std::string& arg) { return arg == word || arg == short_word; });
}

/// CLI11 takes `-0` for a number.
std::vector<std::string> without_digit_options(std::span<const std::string> args) {
  std::vector<std::string> words(args.begin(), args.end());
  std::replace(words.begin(), std::find(words.begin(), words.end(), "--"), std::string("-0"), std::string("--null"));
  return words;
}

Action parse_command(const Command& command, std::span<const std::string> args, Session& session) {
  CLI::App app;
  app.set_help_flag();
  app.fallthrough();
  OutputWords output;
  add_global_options(app, session, output);
  CLI::App* parent = command.noun.empty() ? &app : app.add_subcommand(std::string(command.noun))->require_subcommand(1);
  Action chosen;
  command.add(*parent, chosen);
  CLI::App& verb = *parent->get_subcommand(std::string(command.verb));
  app.allow_extras();
  check_empty_values(args);
  if (has(args, "--help", "-h")) return print_command_help(command, verb);
  const std::string name = fmt::format("{}{}{}", command.noun, command.noun.empty() ? "" : " ", command.verb);
  parse_words(app, verb, args, name);
  check_values(verb, args);
  check_values(app, args);
  std::vector<std::string> extras = app.remaining(true);
  std::erase(extras, "--");  // CLI11 counts it among what nothing took
  if (!extras.empty()) refuse_extras(app, verb, extras.front(), name);
  set_output(session, output);
  return chosen;
}

}  // namespace

std::vector<std::string> leading_words(std::span<const std::string> args) {
  constexpr std::array<std::string_view, 7> with_value{"--config", "--db",    "--format",     "--fields",
                                                       "--actor",  "--color", "--ui-language"};
  std::vector<std::string> words;
  for (std::size_t i = 0; i < args.size() && words.size() < 2; ++i) {
    if (std::find(with_value.begin(), with_value.end(), args[i]) != with_value.end()) {
      ++i;
    } else if (!args[i].starts_with('-')) {
      words.push_back(args[i]);
    }
  }
  return words;
}

Action parse(std::span<const std::string> given, Session& session) {
  if (!given.empty() && given.front() == completion_request) return print_candidates(given.subspan(1));
  const std::vector<std::string> args = without_digit_options(given);
  std::vector<std::string> words = leading_words(args);
  if (has(args, "--version", "--version") && words.empty()) return print_version();
  if (words.empty()) {
    if (has(args, "--help", "-h")) return print_all_commands();
    if (args.empty()) return print_overview();
    throw Error(ErrorKind::usage, tr("no command was given"), "kundehub help");
  }
  if (words[0] == "help") {
    const auto verb = std::find(args.begin(), args.end(), "help");
    return print_help({verb + 1, args.end()});
  }
  if (words.size() == 1 && has(args, "--help", "-h") && !describe_noun(words[0]).empty()) return print_help({words[0]});
  return parse_command(find_command(words), args, session);
}

}  // namespace kundehub::cli

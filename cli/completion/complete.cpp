#include "cli/completion/complete.hpp"

#include <algorithm>
#include <exception>
#include <ostream>
#include <set>
#include <vector>

#include "cli/completion/candidates.hpp"
#include "cli/completion/typed_line.hpp"
#include "cli/help.hpp"
#include "cli/session.hpp"
#include "core/text/display_width.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

/// Nouns and plain verbs.
void add_first_words(Candidates& candidates, std::string_view typed) {
  std::set<std::string_view> nouns;
  for (const Command& command : commands()) {
    if (command.noun.empty()) {
      offer(candidates, typed, command.verb, command.verb.starts_with(typed) ? summary(command) : "");
    } else if (nouns.insert(command.noun).second) {
      offer(candidates, typed, command.noun, tr_text(std::string(describe_noun(command.noun))));
    }
  }
}

void add_verbs(Candidates& candidates, std::string_view noun, std::string_view typed) {
  for (const Command& command : commands()) {
    if (command.noun == noun && command.verb.starts_with(typed))
      offer(candidates, typed, command.verb, summary(command));
  }
}

/// What comes next of the words that name a command: `leading` are there.
void add_command_words(Candidates& candidates, const std::vector<std::string>& leading, std::string_view typed) {
  if (leading.empty()) add_first_words(candidates, typed);
  if (leading.size() == 1 && !leading[0].empty()) add_verbs(candidates, leading[0], typed);
}

void add_options(Candidates& candidates, const std::vector<const CLI::Option*>& options, std::string_view typed) {
  for (const CLI::Option* option : options) {
    for (const std::string& name : option->get_lnames())
      offer(candidates, typed, "--" + name, tr_text(option->get_description()));
  }
}

void add_all_options(Candidates& candidates, const TypedLine& line, std::string_view typed) {
  add_options(candidates, line.own_options(), typed);
  add_options(candidates, line.global_options(), typed);
  offer(candidates, typed, "--help", tr("tells all about the command"));
  if (line.leading().empty()) offer(candidates, typed, "--version", tr("tells the program's version"));
}

/// Of `--name=val`.
void add_joined_values(Candidates& candidates, const TypedLine& line, std::string_view typed, Session& session) {
  const std::size_t behind = typed.find('=') + 1;
  const CLI::Option* option = line.find_option(typed.substr(0, behind - 1));
  if (!option || !takes_value(*option)) return;
  Candidates values = find_values(*option, typed.substr(behind), line, session);
  for (Candidate& value : values.words) value.word.insert(0, typed.substr(0, behind));
  candidates = std::move(values);
}

/// A value of its own word that begins with `-` is taken for an option.
void drop_dashed(Candidates& candidates) {
  std::erase_if(candidates.words, [](const Candidate& candidate) { return candidate.word.starts_with('-'); });
}

Candidates find_candidates(std::span<const std::string> words, Session& session) {
  const std::string typed = words.empty() ? std::string() : words.back();
  const std::span<const std::string> before = words.first(words.empty() ? 0 : words.size() - 1);
  const TypedLine line(before, session);
  const bool is_help = !line.leading().empty() && line.leading()[0] == "help";
  Candidates candidates;
  if (line.awaited()) {
    candidates = find_values(*line.awaited(), typed, line, session);
    drop_dashed(candidates);
  } else if (!line.is_past_options() && typed.starts_with("--") && typed.find('=') != std::string::npos) {
    add_joined_values(candidates, line, typed, session);
  } else if (!line.is_past_options() && typed.starts_with('-')) {
    add_all_options(candidates, line, typed);
  } else if (is_help) {
    const std::vector<std::string> named(std::find(before.begin(), before.end(), "help") + 1, before.end());
    add_command_words(candidates, named, typed);
  } else if (!line.command()) {
    add_command_words(candidates, line.leading(), typed);
    if (line.leading().empty()) offer(candidates, typed, "help", tr("tells all about a command"));
  } else if (const CLI::Option* argument = line.next_argument()) {
    candidates = find_values(*argument, typed, line, session);
    drop_dashed(candidates);
  } else if (typed.empty()) {
    add_options(candidates, line.own_options(), typed);
  }
  return candidates;
}

std::string in_short(std::string_view text) {
  constexpr std::size_t most = 60;  // columns: more has no room beside the word
  return text::for_terminal(text::shortened(text, most));
}

/// A word that a terminal would obey, or show otherwise than it is, is left out: it can still be typed.
void print_words(const Candidates& candidates, std::ostream& out) {
  switch (candidates.files) {
    case FilesToo::no:
      out << ":words\n";
      break;
    case FilesToo::files:
      out << ":files\n";
      break;
    case FilesToo::folders:
      out << ":folders\n";
      break;
  }
  std::set<std::string_view> printed;
  for (const Candidate& candidate : candidates.words) {
    if (text::for_terminal(candidate.word) != candidate.word || !printed.insert(candidate.word).second) continue;
    out << candidate.word;
    if (!candidate.description.empty()) out << '\t' << in_short(candidate.description);
    out << '\n';
  }
}

}  // namespace

Action print_candidates(std::span<const std::string> words) {
  return [words = std::vector<std::string>(words.begin(), words.end())](Session& session) {
    Candidates candidates;
    try {
      candidates = find_candidates(words, session);
    } catch (const std::exception&) {
      candidates = {};
    }
    print_words(candidates, session.out());
    return ExitCode::ok;
  };
}

}  // namespace kundehub::cli

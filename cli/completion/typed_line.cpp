#include "cli/completion/typed_line.hpp"

#include <algorithm>

#include "cli/first_look.hpp"
#include "cli/parser.hpp"

namespace kundehub::cli {
namespace {

const Command* command_named(const std::vector<std::string>& words) {
  for (const Command& command : commands()) {
    const bool is_plain = command.noun.empty() && !words.empty() && words[0] == command.verb;
    const bool is_of_noun = words.size() > 1 && words[0] == command.noun && words[1] == command.verb;
    if (is_plain || is_of_noun) return &command;
  }
  return nullptr;
}

bool is_repeatable(const CLI::Option& option) {
  return option.get_expected_max() > 1;
}

}  // namespace

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

TypedLine::TypedLine(std::span<const std::string> before, Session& session)
    : m_language(parse_language(ui_language(before, session))), m_leading(leading_words(before)) {
  m_command = command_named(m_leading);
  m_app.set_help_flag();
  add_global_options(m_app, session, m_output);
  if (m_command) {
    CLI::App* parent = m_command->noun.empty() ? &m_app : m_app.add_subcommand(std::string(m_command->noun));
    m_command->add(*parent, m_action);
    m_verb = parent->get_subcommand(std::string(m_command->verb));
  }
  read(before);
  use_given_files(session);
}

void TypedLine::read(std::span<const std::string> words) {
  std::size_t to_name = m_command ? (m_command->noun.empty() ? 1 : 2) : words.size();
  for (const std::string& word : words) {
    if (m_awaited) {
      give(*std::exchange(m_awaited, nullptr), word);
    } else if (!m_is_past_options && word == "--") {
      m_is_past_options = true;
    } else if (!m_is_past_options && word.starts_with("--")) {
      read_option(word);
    } else if (!m_is_past_options && word.size() > 1 && word.starts_with('-')) {
      read_short_options(word);
    } else if (to_name > 0) {
      --to_name;
    } else {
      if (const CLI::Option* argument = argument_at(m_arguments)) give(*argument, word);
      ++m_arguments;
    }
  }
}

void TypedLine::read_option(const std::string& word) {
  const std::size_t equals = word.find('=');
  const CLI::Option* option = find_option(word.substr(0, equals));
  if (!option) return;
  if (takes_value(*option) && equals == std::string::npos) {
    m_awaited = option;
  } else {
    give(*option, equals == std::string::npos ? "" : word.substr(equals + 1));
  }
}

/// `-o FILE`, `-oFILE`, `-qy`.
void TypedLine::read_short_options(const std::string& word) {
  for (std::size_t at = 1; at < word.size(); ++at) {
    const CLI::Option* option = find_option(std::string{'-', word[at]});
    if (!option) return;
    if (!takes_value(*option)) {
      give(*option, "");
      continue;
    }
    if (at + 1 == word.size()) {
      m_awaited = option;
    } else {
      give(*option, word.substr(at + 1));
    }
    return;
  }
}

void TypedLine::give(const CLI::Option& option, const std::string& value) {
  m_given.emplace_back(&option, value);
}

void TypedLine::use_given_files(Session& session) const {
  for (const auto& [option, value] : m_given) {
    if (option->check_name("--db")) session.options().database = value;
    if (option->check_name("--config")) session.options().config = value;
  }
}

const CLI::Option* TypedLine::argument_at(std::size_t index) const {
  if (!m_verb) return nullptr;
  for (const CLI::Option* option : m_verb->get_options()) {
    if (option->nonpositional()) continue;
    if (index == 0 || is_repeatable(*option)) return option;
    --index;
  }
  return nullptr;
}

const CLI::Option* TypedLine::next_argument() const {
  return argument_at(m_arguments);
}

const CLI::Option* TypedLine::find_option(std::string_view name) const {
  for (const CLI::App* app : {m_verb, static_cast<const CLI::App*>(&m_app)}) {
    if (!app) continue;
    for (const CLI::Option* option : app->get_options()) {
      if (option->nonpositional() && option->check_name(std::string(name))) return option;
    }
  }
  return nullptr;
}

std::vector<const CLI::Option*> TypedLine::open_options(const CLI::App& app) const {
  std::vector<const CLI::Option*> open;
  for (const CLI::Option* option : app.get_options()) {
    const bool is_closed = std::ranges::any_of(m_given, [&](const auto& given) {
      const auto excluded = given.first->get_excludes();
      return (given.first == option && !is_repeatable(*option)) ||
             excluded.contains(const_cast<CLI::Option*>(option));  // CLI11's set is of such
    });
    if (option->nonpositional() && !is_closed) open.push_back(option);
  }
  return open;
}

std::vector<const CLI::Option*> TypedLine::own_options() const {
  return m_verb ? open_options(*m_verb) : std::vector<const CLI::Option*>();
}

std::vector<const CLI::Option*> TypedLine::global_options() const {
  return open_options(m_app);
}

std::vector<std::string> TypedLine::values_of(const CLI::Option& option) const {
  std::vector<std::string> values;
  for (const auto& [given, value] : m_given) {
    if (given == &option) values.push_back(value);
  }
  return values;
}

std::optional<std::string> TypedLine::customer() const {
  std::vector<std::string> arguments;
  for (const auto& [option, value] : m_given) {
    if (option->get_type_name() != "CUSTOMER") continue;
    if (option->nonpositional()) return value;
    arguments.push_back(value);
  }
  return arguments.size() == 1 ? std::optional(arguments.front()) : std::nullopt;
}

}  // namespace kundehub::cli

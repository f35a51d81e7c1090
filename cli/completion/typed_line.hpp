#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/global_options.hpp"
#include "cli/session.hpp"
#include "core/model/locale.hpp"

namespace kundehub::cli {

/// A command line that is not finished yet: which options and arguments it has, and which may follow. Never throws for
/// what the parser would refuse.
class TypedLine {
 public:
  /// `before`: the words in front of the one that is completed. `--db` and `--config` among them count for the session.
  TypedLine(std::span<const std::string> before, Session& session);

  TypedLine(const TypedLine&) = delete;
  TypedLine& operator=(const TypedLine&) = delete;

  /// What descriptions are told in.
  [[nodiscard]] Language language() const { return m_language; }

  /// Null as long as the words name none.
  [[nodiscard]] const Command* command() const { return m_command; }

  /// The words that name the command, as far as they are there.
  [[nodiscard]] const std::vector<std::string>& leading() const { return m_leading; }

  /// The option whose value comes next; null if none is waiting for one.
  [[nodiscard]] const CLI::Option* awaited() const { return m_awaited; }

  /// True behind `--`: options are no longer options.
  [[nodiscard]] bool is_past_options() const { return m_is_past_options; }

  /// The argument that comes next; null if the command takes no more.
  [[nodiscard]] const CLI::Option* next_argument() const;

  /// By one of its names, `--tag` or `-o`; null for an unknown one.
  [[nodiscard]] const CLI::Option* find_option(std::string_view name) const;

  /// Those that may still be given: the command's own, and the global ones.
  [[nodiscard]] std::vector<const CLI::Option*> own_options() const;
  [[nodiscard]] std::vector<const CLI::Option*> global_options() const;

  /// What the line has already for an option or an argument.
  [[nodiscard]] std::vector<std::string> values_of(const CLI::Option& option) const;

  /// The one customer that the line is about: that of an option --customer, or else the only argument that names one.
  [[nodiscard]] std::optional<std::string> customer() const;

 private:
  void read(std::span<const std::string> words);
  void read_option(const std::string& word);
  void read_short_options(const std::string& word);
  void give(const CLI::Option& option, const std::string& value);
  void use_given_files(Session& session) const;
  [[nodiscard]] std::vector<const CLI::Option*> open_options(const CLI::App& app) const;
  [[nodiscard]] const CLI::Option* argument_at(std::size_t index) const;

  Language m_language;
  const Command* m_command = nullptr;
  std::vector<std::string> m_leading;
  CLI::App m_app;
  const CLI::App* m_verb = nullptr;
  OutputWords m_output;
  Action m_action;
  std::size_t m_arguments = 0;  ///< how many words were arguments
  const CLI::Option* m_awaited = nullptr;
  bool m_is_past_options = false;
  std::vector<std::pair<const CLI::Option*, std::string>> m_given;
};

/// True if the option takes a value.
bool takes_value(const CLI::Option& option);

}  // namespace kundehub::cli

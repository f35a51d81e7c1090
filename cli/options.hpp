#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "core/model/selector.hpp"

/// Options that several commands share, and how CLI11 has to be told about them.
namespace kundehub::cli {

/// `--name` and `--no-name`, or neither.
struct Toggle {
  bool on = false, off = false;

  [[nodiscard]] std::optional<bool> value() const { return on || off ? std::optional(on) : std::nullopt; }
};

/// Both at once are refused when the line is parsed.
void add_toggle(CLI::App& app, const std::string& name, Toggle& toggle, const std::string& help,
                const std::string& no_help);

/// An option that may be given several times, each time with one value that is taken as it is.
CLI::Option* add_repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                          const std::string& help);

/// A whole number of at least `least`, in decimal. Throws Error{usage} that names `option`.
int parse_count(std::string_view option, std::string_view text, int least, int most = std::numeric_limits<int>::max());

/// `--cvr`, `--first-name`, …: one option for each text field of a record.
class FieldOptions {
 public:
  /// `fields`: customer_fields() or contact_fields(). `skip`: fields that the command has another way to give.
  template <class Fields>
  void add(CLI::App& app, const Fields& fields, const std::vector<std::string_view>& skip = {}) {
    for (const auto& field : fields) {
      if (std::find(skip.begin(), skip.end(), field.name) == skip.end()) add_field(app, field.name, field.help);
    }
  }

  /// Sets the fields that were given. Throws Error{bad_data}.
  template <class Fields, class Data>
  void apply(const Fields& fields, Data& data) const {
    for (const auto& field : fields) {
      if (has(field.name)) field.set(data, *m_values.at(field.name));
    }
  }

  [[nodiscard]] bool any() const;

  /// Throws Error{usage} if a field was given without a value: a script's variable that is not set clears nothing.
  void check_not_empty() const;

  /// True if the option of this field was given.
  [[nodiscard]] bool has(std::string_view field) const;

 private:
  void add_field(CLI::App& app, std::string_view name, std::string_view help);

  std::map<std::string_view, std::optional<std::string>> m_values;  // by the field's name
};

/// The list filters of CLI.md.
struct FilterOptions {
  std::optional<std::string> kind, hub, module, welcome, since;
  std::vector<std::string> tags, where;

  [[nodiscard]] bool any() const;

  /// Throws Error{usage} or Error{bad_data}.
  [[nodiscard]] CustomerFilter filter(Session& session) const;
};

/// Of the filters, a command whose own --module and --welcome say what to do has only the others.
enum class FilterSet { all, of_customer };
void add_filters(CLI::App& app, FilterOptions& options, FilterSet set = FilterSet::all);

/// A verb's parser below its noun, and what it does: `run` gets the options and the session.
template <class Options>
CLI::App* add_verb(CLI::App& parent, const std::string& verb, const std::string& summary,
                   std::shared_ptr<Options> options, ExitCode (*run)(const Options&, Session&), Action& chosen) {
  CLI::App* app = parent.add_subcommand(verb, summary);
  app->callback(
      [options, run, &chosen] { chosen = [options, run](Session& session) { return run(*options, session); }; });
  return app;
}

}  // namespace kundehub::cli

#include "cli/options.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/service/hub_access.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

HubSwitch parse_switch(const std::string& text) {
  if (text == "on") return HubSwitch::on;
  if (text == "off") return HubSwitch::off;
  throw Error(ErrorKind::usage, tr("--hub takes on or off, not {}", text::quoted(text)));
}

/// `FIELD=VALUE`; the field is one of customer_fields(), `number` or `kind`.
std::pair<std::string, std::string> parse_where(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) {
    throw Error(ErrorKind::usage, tr("--where takes FIELD=VALUE, not {}", text::quoted(text)));
  }
  std::string field = text.substr(0, equals);
  if (field != "number" && field != "kind") customer_field(field);
  return {std::move(field), text.substr(equals + 1)};
}

}  // namespace

void add_toggle(CLI::App& app, const std::string& name, Toggle& toggle, const std::string& help,
                const std::string& no_help) {
  CLI::Option* on = app.add_flag("--" + name, toggle.on, help);
  app.add_flag("--no-" + name, toggle.off, no_help)->excludes(on);
}

CLI::Option* add_repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                          const std::string& help) {
  // Without this CLI11 takes all words that follow, and splits "[a,b]".
  return app.add_option(name, values, help)->allow_extra_args(false);
}

int parse_count(std::string_view option, std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    throw Error(ErrorKind::usage,
                most == std::numeric_limits<int>::max()
                    ? tr("{} takes a whole number from {} up, not {}", option, least, text::quoted(text))
                    : tr("{} takes a whole number from {} to {}, not {}", option, least, most, text::quoted(text)));
  }
  return value;
}

void FieldOptions::add_field(CLI::App& app, std::string_view name, std::string_view help) {
  std::string option = fmt::format("--{}", name);
  std::replace(option.begin(), option.end(), '_', '-');
  app.add_option(option, m_values[name], std::string(help))->type_name(name == "language" ? "da|en" : "TEXT");
}

bool FieldOptions::any() const {
  return std::any_of(m_values.begin(), m_values.end(), [](const auto& value) { return value.second.has_value(); });
}

void FieldOptions::check_not_empty() const {
  for (const auto& [name, value] : m_values) {
    if (!value || !value->empty()) continue;
    std::string option(name);
    std::ranges::replace(option, '_', '-');
    throw Error(ErrorKind::usage, tr("--{} has no value", option), tr("a field is cleared with --unset {}", name));
  }
}

bool FieldOptions::has(std::string_view field) const {
  const auto given = m_values.find(field);
  return given != m_values.end() && given->second.has_value();
}

bool FilterOptions::any() const {
  return kind || hub || module || welcome || since || !tags.empty() || !where.empty();
}

CustomerFilter FilterOptions::filter(Session& session) const {
  CustomerFilter filter;
  if (kind) filter.kind = parse_customer_kind(*kind);
  for (const std::string& tag : tags) filter.tags.push_back(parse_tag(tag));
  if (hub) filter.hub = parse_switch(*hub);
  if (module) check_modules(session.store(), {*module});
  filter.module = module;
  if (welcome) filter.welcome = parse_welcome_state(*welcome);
  if (since) filter.since = parse_date(*since, session.now());
  for (const std::string& condition : where) filter.where.push_back(parse_where(condition));
  return filter;
}

void add_filters(CLI::App& app, FilterOptions& options, FilterSet set) {
  const std::string group = "Filters";
  app.add_option("--kind", options.kind, "customers of this kind")->type_name("business|private")->group(group);
  add_repeated(app, "--tag", options.tags, "has the tag; several: all of them")->type_name("TAG")->group(group);
  app.add_option("--hub", options.hub, "the customer's HUB switch: on or off")->type_name("on|off")->group(group);
  if (set == FilterSet::all) {
    app.add_option("--module", options.module, "has the module switched on")->type_name("MODULE")->group(group);
    app.add_option("--welcome", options.welcome, "has a contact in this welcome state")
        ->type_name("STATE")
        ->group(group);
  }
  app.add_option("--since", options.since, "created or changed since then")->type_name("DATE")->group(group);
  add_repeated(app, "--where", options.where, "the field is just this")->type_name("FIELD=VALUE")->group(group);
}

}  // namespace kundehub::cli

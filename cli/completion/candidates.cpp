#include "cli/completion/candidates.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "cli/completion/database_names.hpp"
#include "cli/output.hpp"
#include "core/config_keys.hpp"
#include "core/exchange/import_field.hpp"
#include "core/model/contact.hpp"
#include "core/model/customer.hpp"
#include "core/model/overview.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/welcome_templates.hpp"

namespace kundehub::cli {
namespace {

/// Where a value is typed, and what is there of it.
struct Place {
  std::string_view typed;
  const TypedLine& line;
  Session& session;
};

using AddValues = void (*)(Candidates&, const Place&);

void add_states(Candidates& candidates, const Place& place) {
  for (std::size_t state = 0; state < std::tuple_size_v<WelcomeCounts>; ++state)
    offer(candidates, place.typed, to_string(static_cast<WelcomeState>(state)));
}

void add_settings(Candidates& candidates, const Place& place) {
  for (const ConfigRule& rule : config_rules())
    offer(candidates, place.typed, rule.key.name, tr_text(std::string(rule.key.help)));
}

void add_templates(Candidates& candidates, const Place& place) {
  const WelcomeTemplates built_in;
  for (const WelcomeTemplate& one : built_in.all()) offer(candidates, place.typed, one.name());
}

/// A field that refuses to be empty cannot be cleared.
template <class Data, class Fields>
void add_clearable(Candidates& candidates, const Place& place, const Fields& fields) {
  for (const auto& field : fields) {
    try {
      Data data;
      field.set(data, "");
      offer(candidates, place.typed, field.name, tr_text(std::string(field.help)));
    } catch (const Error&) {
      continue;
    }
  }
}

void add_fields(Candidates& candidates, const Place& place) {
  if (place.line.command()->noun == "customer") {
    add_clearable<CustomerData>(candidates, place, customer_fields());
  } else {
    add_clearable<ContactData>(candidates, place, contact_fields());
  }
}

void add_conditions(Candidates& candidates, const Place& place) {
  for (const char* field : {"number=", "kind="}) offer(candidates, place.typed, field);
  for (const CustomerField& field : customer_fields())
    offer(candidates, place.typed, fmt::format("{}=", field.name), tr_text(std::string(field.help)));
}

/// Of `COLUMN=FIELD` the column is the file's.
void add_columns(Candidates& candidates, const Place& place) {
  const std::size_t equals = place.typed.rfind('=');
  if (equals == std::string_view::npos) return;
  const std::string_view column = place.typed.substr(0, equals + 1);
  for (std::size_t field = 0; field < exchange::import_fields; ++field)
    offer(candidates, place.typed, fmt::format("{}{}", column, to_string(static_cast<exchange::ImportField>(field))));
  offer(candidates, place.typed, fmt::format("{}none", column));
}

/// Of `A,B,...` the last one is typed; none comes twice.
void add_field_list(Candidates& candidates, const Place& place) {
  const Command* command = place.line.command();
  if (!command || !command->kind) return;
  const std::size_t comma = place.typed.rfind(',');
  const std::string_view list = place.typed.substr(0, comma == std::string_view::npos ? 0 : comma + 1);
  for (const std::string_view field : command->kind->fields) {
    const bool is_there = fmt::format(",{}", list).find(fmt::format(",{},", field)) != std::string::npos;
    if (!is_there) offer(candidates, place.typed, fmt::format("{}{}", list, field));
  }
}

void add_files(Candidates& candidates, const Place&) {
  candidates.files = FilesToo::files;
}

void add_folders(Candidates& candidates, const Place&) {
  candidates.files = FilesToo::folders;
}

/// From the database.
template <void (DatabaseNames::*Function)(std::string_view)>
void add_names(Candidates& candidates, const Place& place) {
  DatabaseNames names(candidates, place.line, place.session);
  (names.*Function)(place.typed);
}

struct ValueSource {
  std::string_view type;
  AddValues add;
};

/// What the type names of options and arguments mean. What is not here is free text, or a word of `a|b|c`.
constexpr std::array value_sources{
    ValueSource{"CUSTOMER", add_names<&DatabaseNames::add_customers>},
    ValueSource{"FROM", add_names<&DatabaseNames::add_customers>},
    ValueSource{"INTO", add_names<&DatabaseNames::add_customers>},
    ValueSource{"NUMBER", add_names<&DatabaseNames::add_numbers>},
    ValueSource{"CONTACT", add_names<&DatabaseNames::add_contacts>},
    ValueSource{"EMAIL", add_names<&DatabaseNames::add_addresses>},
    ValueSource{"TARGET", add_names<&DatabaseNames::add_customers_and_contacts>},
    ValueSource{"MODULE", add_names<&DatabaseNames::add_modules>},
    ValueSource{"TAG", add_names<&DatabaseNames::add_tags>},
    ValueSource{"OPERATION", add_names<&DatabaseNames::add_operations>},
    ValueSource{"STATE", add_states},
    ValueSource{"SETTING", add_settings},
    ValueSource{"TEMPLATE", add_templates},
    ValueSource{"FIELD", add_fields},
    ValueSource{"FIELD=VALUE", add_conditions},
    ValueSource{"COLUMN=FIELD", add_columns},
    ValueSource{"A,B,...", add_field_list},
    ValueSource{"FILE", add_files},
    ValueSource{"MAILDIR", add_folders},
};

bool is_literal(std::string_view type) {
  return !type.empty() && std::ranges::all_of(type, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

void add_of_type(std::string_view type, Candidates& candidates, const Place& place) {
  const auto source = std::ranges::find(value_sources, type, &ValueSource::type);
  if (source != value_sources.end()) {
    source->add(candidates, place);
  } else if (is_literal(type) && type != "-") {
    offer(candidates, place.typed, type);
  }
}

}  // namespace

void offer(Candidates& candidates, std::string_view typed, std::string_view word, std::string description) {
  if (word.starts_with(typed)) candidates.words.push_back({std::string(word), std::move(description)});
}

Candidates find_values(const CLI::Option& option, std::string_view typed, const TypedLine& line, Session& session) {
  Candidates candidates;
  const Place place{typed, line, session};
  const std::string types = option.get_type_name();
  for (std::size_t start = 0; start < types.size();) {
    const std::size_t end = std::min(types.find('|', start), types.size());
    add_of_type(std::string_view(types).substr(start, end - start), candidates, place);
    start = end + 1;
  }
  const std::vector<std::string> given = line.values_of(option);  // nobody names a record twice
  std::erase_if(candidates.words,
                [&](const Candidate& candidate) { return std::ranges::find(given, candidate.word) != given.end(); });
  return candidates;
}

}  // namespace kundehub::cli

#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/options.hpp"
#include "cli/refusals.hpp"
#include "cli/session.hpp"
#include "core/model/contact.hpp"
#include "core/model/overview.hpp"
#include "core/store/store.hpp"

/// What the contact commands share.
namespace kundehub::cli {

/// Contacts named on the command line, and the customer they are looked for at.
struct ContactTargets {
  std::vector<std::string> contacts;
  std::optional<std::string> customer, ids_from;

  /// The same with the names in the list, which is read once. Throws Error{usage} if nobody is named.
  [[nodiscard]] ContactTargets with_list(Session& session) const;

  /// Each once; who is unknown or ambiguous is told and counted.
  [[nodiscard]] std::vector<ContactOverview> find(Session& session, Store& store, Refusals& refusals) const;

  /// The one that add_contact_target takes. Throws Error{not_found} or Error{conflict}.
  [[nodiscard]] ContactOverview find_one(Session& session, Store& store) const;
};

/// `CONTACT...`, `--ids-from` and `--customer`.
void add_contact_targets(CLI::App& app, ContactTargets& targets);

/// `CONTACT` and `--customer`.
void add_contact_target(CLI::App& app, ContactTargets& targets);

/// `--first-name`, … and `--unset`, of an edit.
struct ContactFieldOptions {
  FieldOptions set;
  std::vector<std::string> unset;

  [[nodiscard]] bool any() const { return set.any() || !unset.empty(); }

  /// Throws Error{usage} for an unknown field, Error{bad_data} for a value.
  void apply(ContactData& data) const;
};
void add_contact_fields(CLI::App& app, ContactFieldOptions& fields);

/// Prints contacts in the chosen format.
void print_contacts(Session& session, const std::vector<Record>& contacts, RecordWriter::Shape shape);

}  // namespace kundehub::cli

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/session.hpp"
#include "core/model/contact.hpp"
#include "core/model/overview.hpp"
#include "core/store/store.hpp"

/// What the contact commands share.
namespace kundehub::cli {

/// `--first-name`, `--email`, …: one option for each text field of a contact.
struct ContactFieldOptions {
  std::map<std::string_view, std::optional<std::string>> values;  ///< by the field's name

  /// Throws Error{bad_data}.
  void apply(ContactData& contact) const;
  [[nodiscard]] bool any() const;

  /// True if the option of this field was given.
  [[nodiscard]] bool has(std::string_view field) const;
};
void add_contact_fields(CLI::App& app, ContactFieldOptions& options);

/// Contacts named on the command line, and the customer they are looked for at.
struct ContactTargets {
  std::vector<std::string> contacts;
  std::optional<std::string> customer;

  /// Throws Error{not_found} or Error{conflict}.
  [[nodiscard]] std::vector<ContactOverview> find(Session& session, Store& store) const;

  /// The one that add_contact_target takes. Throws as find.
  [[nodiscard]] ContactOverview find_one(Session& session, Store& store) const;
};

/// `CONTACT...` and `--customer`.
void add_contact_targets(CLI::App& app, ContactTargets& targets);

/// `CONTACT` and `--customer`.
void add_contact_target(CLI::App& app, ContactTargets& targets);

/// Prints contacts in the chosen format.
void print_contacts(Session& session, const std::vector<Record>& contacts, RecordWriter::Shape shape);

}  // namespace kundehub::cli

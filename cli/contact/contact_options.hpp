#pragma once

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

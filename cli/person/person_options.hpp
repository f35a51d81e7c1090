#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/output.hpp"
#include "cli/session.hpp"
#include "core/model/overview.hpp"
#include "core/store/store.hpp"

/// What the person commands share: one person may be a contact of several customers (R12).
namespace kundehub::cli {

/// A contact as the person's own list shows it: at which customer.
extern const RecordKind person_kind;

CLI::Option* add_person(CLI::App& app, std::string& email);

/// Every contact with the address, in the order of their ids. Throws Error{not_found} if there is none.
std::vector<ContactOverview> find_person(Session& session, Store& store, const std::string& email);

/// The contacts as they are now, less those that are gone.
std::vector<ContactOverview> look_again(Session& session, Store& store, const std::vector<ContactOverview>& contacts);

void print_person(Session& session, const std::vector<ContactOverview>& contacts);

}  // namespace kundehub::cli

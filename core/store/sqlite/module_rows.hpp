#pragma once

#include <string>
#include <vector>

#include "core/model/ids.hpp"
#include "core/model/module.hpp"
#include "core/store/sqlite/connection.hpp"

/// The module table. Functions run inside the caller's transaction.
namespace kundehub::sqlite {

/// In the order they were made.
std::vector<Module> select_modules(Connection& database);

/// Throws Error{not_found} with the nearest known key.
ModuleId module_id(Connection& database, const std::string& key);

/// Throws Error{conflict} if the key is taken.
ModuleId insert_module(Connection& database, const Module& module);

/// Titles only: a key is what portals know it by.
void update_module(Connection& database, const Module& module);

/// Off for every customer and contact.
void delete_module(Connection& database, ModuleId id);

/// Makes `modules` the ones that are switched on for a customer. Throws as module_id.
void replace_customer_modules(Connection& database, CustomerId customer, const std::vector<std::string>& modules);

/// Makes `modules` the only ones that a contact may use. Throws as module_id.
void replace_contact_modules(Connection& database, ContactId contact, const std::vector<std::string>& modules);

}  // namespace kundehub::sqlite

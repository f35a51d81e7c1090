#include "core/store/sqlite/module_rows.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/nearest.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

constexpr const char* select_all = "SELECT id, key, title_da, title_en FROM module ORDER BY id";
constexpr const char* insert_sql = "INSERT INTO module (key, title_da, title_en) VALUES (:key, :title_da, :title_en)";
constexpr const char* update_sql = "UPDATE module SET title_da = :title_da, title_en = :title_en WHERE id = :id";
constexpr const char* delete_sql = "DELETE FROM module WHERE id = :id";
constexpr const char* delete_of_contact = "DELETE FROM contact_module WHERE contact_id = :owner";
constexpr const char* insert_of_contact = "INSERT INTO contact_module (contact_id, module_id) VALUES (:owner, :module)";
constexpr const char* delete_of_customer = "DELETE FROM customer_module WHERE customer_id = :owner";
constexpr const char* insert_of_customer =
    "INSERT INTO customer_module (customer_id, module_id) VALUES (:owner, :module)";

void replace_modules(Connection& database, const char* delete_of_owner, const char* insert_of_owner, std::int64_t owner,
                     const std::vector<std::string>& modules) {
  Statement clear(database, delete_of_owner);
  clear.bind(":owner", owner);
  clear.exec();
  for (const std::string& key : modules) {
    Statement insert(database, insert_of_owner);
    insert.bind(":owner", owner);
    insert.bind(":module", module_id(database, key).value);
    insert.exec();
  }
}

}  // namespace

std::vector<Module> select_modules(Connection& database) {
  Statement statement(database, select_all);
  std::vector<Module> modules;
  while (statement.executeStep()) {
    modules.push_back({ModuleId{statement.getColumn(0).getInt64()}, statement.getColumn(1).getString(),
                       statement.getColumn(2).getString(), statement.getColumn(3).getString()});
  }
  return modules;
}

ModuleId module_id(Connection& database, const std::string& key) {
  const std::vector<Module> modules = select_modules(database);
  std::vector<std::string_view> keys;
  for (const Module& module : modules) {
    if (module.key == key) return module.id;
    keys.push_back(module.key);
  }
  const auto near = text::nearest(key, keys);
  throw Error(ErrorKind::not_found, tr("no module {}", text::quoted(key)),
              near ? tr("did you mean {}", *near) : tr("modules: {}", fmt::join(keys, " ")));
}

ModuleId insert_module(Connection& database, const Module& module) {
  for (const Module& present : select_modules(database)) {
    if (present.key == module.key) {
      throw Error(ErrorKind::conflict, tr("there is a module {} already", text::quoted(module.key)),
                  fmt::format("kundehub module edit {}", module.key));
    }
  }
  Statement statement(database, insert_sql);
  statement.bind(":key", module.key);
  statement.bind(":title_da", module.title_da);
  statement.bind(":title_en", module.title_en);
  statement.exec();
  return ModuleId{database.getLastInsertRowid()};
}

void update_module(Connection& database, const Module& module) {
  Statement statement(database, update_sql);
  statement.bind(":id", module.id.value);
  statement.bind(":title_da", module.title_da);
  statement.bind(":title_en", module.title_en);
  statement.exec();
}

void delete_module(Connection& database, ModuleId id) {
  Statement statement(database, delete_sql);
  statement.bind(":id", id.value);
  statement.exec();
}

void replace_customer_modules(Connection& database, CustomerId customer, const std::vector<std::string>& modules) {
  replace_modules(database, delete_of_customer, insert_of_customer, customer.value, modules);
}

void replace_contact_modules(Connection& database, ContactId contact, const std::vector<std::string>& modules) {
  replace_modules(database, delete_of_contact, insert_of_contact, contact.value, modules);
}

}  // namespace kundehub::sqlite

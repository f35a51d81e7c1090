#include "core/store/sqlite/module_rows.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/nearest.hpp"
#include "core/text/terminal.hpp"

namespace kundehub::sqlite {
namespace {

constexpr const char* select_all = "SELECT id, key, title_da, title_en FROM module ORDER BY id";
constexpr const char* delete_of_customer = "DELETE FROM customer_module WHERE customer_id = :customer";
constexpr const char* insert_of_customer =
    "INSERT INTO customer_module (customer_id, module_id) VALUES (:customer, :module)";

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
  throw Error(ErrorKind::not_found, fmt::format("no module {}", text::quoted(key)),
              near ? fmt::format("did you mean {}", *near) : fmt::format("modules: {}", fmt::join(keys, " ")));
}

void replace_customer_modules(Connection& database, CustomerId customer, const std::vector<std::string>& modules) {
  Statement clear(database, delete_of_customer);
  clear.bind(":customer", customer.value);
  clear.exec();
  for (const std::string& key : modules) {
    Statement insert(database, insert_of_customer);
    insert.bind(":customer", customer.value);
    insert.bind(":module", module_id(database, key).value);
    insert.exec();
  }
}

}  // namespace kundehub::sqlite

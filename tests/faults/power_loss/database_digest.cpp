#include "tests/faults/power_loss/database_digest.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>
#include <sodium.h>

namespace kundehub::test {
namespace {

constexpr const char* select_tables = R"sql(
  SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name
)sql";

class Hash {
 public:
  Hash() { crypto_generichash_init(&m_state, nullptr, 0, crypto_generichash_BYTES); }

  void add(int kind, std::string_view text) {  // with its length, so that no text can pass for two
    const std::size_t frame[] = {static_cast<std::size_t>(kind), text.size()};
    crypto_generichash_update(&m_state, reinterpret_cast<const unsigned char*>(frame), sizeof frame);
    crypto_generichash_update(&m_state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }

  std::string text() {
    std::array<unsigned char, crypto_generichash_BYTES> hash{};
    crypto_generichash_final(&m_state, hash.data(), hash.size());
    return {hash.begin(), hash.end()};
  }

 private:
  crypto_generichash_state m_state{};
};

}  // namespace

std::string database_digest(sqlite::Connection& database) {
  Hash hash;
  SQLite::Statement tables(database, select_tables);
  while (tables.executeStep()) {
    const std::string name = tables.getColumn(0).getString();
    hash.add(0, name);
    // A table without rowids comes in the order of its key by itself.
    const bool has_rowid = tables.getColumn(1).getInt() == 0;
    SQLite::Statement rows(database,
                           fmt::format("SELECT * FROM \"{}\" NOT INDEXED{}", name, has_rowid ? " ORDER BY rowid" : ""));
    while (rows.executeStep()) {
      for (int column = 0; column < rows.getColumnCount(); ++column) {
        const SQLite::Column value = rows.getColumn(column);
        const int kind = value.getType();  // before it is read as text
        hash.add(kind, value.getString());
      }
    }
  }
  return hash.text();
}

}  // namespace kundehub::test

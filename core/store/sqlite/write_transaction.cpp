#include "core/store/sqlite/write_transaction.hpp"

#include "core/model/error.hpp"
#include "core/text/shell_words.hpp"

namespace kundehub::sqlite {
namespace {

constexpr std::chrono::seconds longest_wait{60};

}  // namespace

std::unique_ptr<FileLock> wait_for_turn(const std::filesystem::path& database) {
  if (database.empty()) return nullptr;
  std::filesystem::path lock_file = database;
  lock_file += ".write";
  auto turn = FileLock::acquire(lock_file, longest_wait);
  if (!turn) {
    throw Error(ErrorKind::temporary, "another kundehub has been changing the database for more than 60 seconds",
                "see who it is with: fuser " + text::shell_word(lock_file.native()));
  }
  return turn;
}

WriteTransaction::WriteTransaction(Connection& database, const std::filesystem::path& path,
                                   std::unique_ptr<FileLock> held)
    : m_database(database), m_turn(held ? std::move(held) : wait_for_turn(path)) {
  m_database.exec("BEGIN IMMEDIATE");
}

WriteTransaction::~WriteTransaction() {
  rollback();
}

void WriteTransaction::commit() {
  m_database.exec("COMMIT");
  m_open = false;
  m_turn.reset();
}

void WriteTransaction::rollback() noexcept {
  if (m_open) m_database.tryExec("ROLLBACK");
  m_open = false;
  m_turn.reset();
}

}  // namespace kundehub::sqlite

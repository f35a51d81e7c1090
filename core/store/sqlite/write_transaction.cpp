#include "core/store/sqlite/write_transaction.hpp"

#include "core/model/error.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/translate.hpp"

namespace kundehub::sqlite {
namespace {

constexpr std::chrono::seconds longest_wait{60};

/// A lock that cannot be given back, as one on a file server that is gone, is in our own way too.
constexpr std::chrono::milliseconds short_patience{5'000};

Saved look(const std::filesystem::path& path, const std::function<bool(Connection&)>& holds) {
  try {
    Connection as_others_see_it = open_any_schema(path, short_patience);
    return holds(as_others_see_it) ? Saved::yes : Saved::no;
  } catch (const std::exception&) {
    // A change is saved when its journal goes: one that is there will be rolled back by whoever comes next.
    return std::filesystem::exists(path.native() + "-journal") ? Saved::no : Saved::unknown;
  }
}

}  // namespace

std::unique_ptr<FileLock> wait_for_turn(const std::filesystem::path& database) {
  if (database.empty()) return nullptr;
  std::filesystem::path lock_file = database;
  lock_file += ".write";
  auto turn = FileLock::acquire(lock_file, longest_wait);
  if (!turn) {
    throw Error(ErrorKind::temporary, tr("another kundehub has been changing the database for more than 60 seconds"),
                tr("see who it is with: fuser {}", text::shell_word(lock_file.native())));
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

Saved read_back(const std::filesystem::path& path, const std::function<bool(Connection&)>& holds) noexcept {
  try {
    return look(path, holds);
  } catch (const std::exception&) {
    return Saved::unknown;
  }
}

std::string trouble_behind(Saved saved, const std::string& what) {
  return saved == Saved::unknown ? tr("{}: the change may be saved or not", what)
                                 : tr("the change is saved, but then {}", what);
}

}  // namespace kundehub::sqlite

#include <ostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/db/key_change.hpp"
#include "cli/options.hpp"
#include "core/durable_file.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct DbKeyOptions {
  std::string action, file;
};

const RecordKind key_kind{{"key", "file", "links_ended"}, {"key", "file", "links_ended"}, [](const Record& record) {
                            return record.at("file").get<std::string>();
                          }};

void print_key(Session& session, const std::string& file, std::int64_t links_ended) {
  Record record = Record::object();
  record["key"] = session.key_file().native();
  record["file"] = file;
  record["links_ended"] = links_ended;
  RecordWriter writer(session.out(), session.options().output, key_kind, RecordWriter::Shape::one);
  writer.add(record);
  writer.finish();
}

/// The copy is as secret as the key: it is for its owner alone, and nothing is replaced by it.
ExitCode export_key(const DbKeyOptions& options, Session& session) {
  const LinkKey& key = session.key();
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(options.file, error))) {
    throw Error(ErrorKind::conflict, tr("there is a file {} already", text::quoted(options.file)),
                tr("name another one"));
  }
  if (!session.options().dry_run) {
    key.save(options.file);
    session.mark_changed();
    session.note(tr("whoever has this file and a copy of the database can log in: keep it apart from the backups"));
  }
  print_key(session, options.file, 0);
  return ExitCode::ok;
}

/// Absent if there is none, or none that can be read: that may be why the copy is wanted.
std::optional<LinkKey> present_key(Session& session) {
  std::error_code error;
  if (!std::filesystem::exists(session.key_file(), error)) return std::nullopt;
  try {
    return LinkKey::load(session.key_file());
  } catch (const Error& failure) {
    session.warn(failure.what());
    return std::nullopt;
  }
}

LinkKey load_copy(const std::string& file) {
  try {
    return LinkKey::load(file);
  } catch (const Error& error) {
    throw Error(ErrorKind::no_input, error.what(), tr("name a file that kundehub db key export has made"));
  }
}

/// Who has such a link can never redeem it: it must not look as if it could.
std::int64_t end_links_of_others(Operation& operation, const LinkKey& key) {
  std::int64_t ended = 0;
  operation.each_live_link([&](const LoginLink& link) {
    if (key.has_made(link)) return;
    operation.end_link(link.contact, LinkEnd::rotated);
    ++ended;
  });
  return ended;
}

/// Nobody waits for the answer: what is tried out here is taken back.
void confirm_import(Session& session, const LinkKey& key) {
  Store& store = session.writing_store();
  const std::int64_t ended = end_links_of_others(*session.begin_operation(store), key);
  if (ended == 0) return;
  session.confirm(tr_n("End {} login link that another key has made?", "End {} login links that another key has made?",
                       static_cast<std::size_t>(ended), ended));
}

ExitCode import_key(const DbKeyOptions& options, Session& session) {
  LinkKey key = load_copy(options.file);
  const auto present = present_key(session);
  if (present) key = key.in_place_of(*present);
  if (present && !key.is_same_secret(*present)) warn_of_forgotten(session, session.store());
  confirm_import(session, key);
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const std::int64_t ended = end_links_of_others(*operation, key);
  if (ended > 0) session.commit(*operation);
  if (!session.options().dry_run) {
    key.save(session.key_file());
    session.mark_changed();
  }
  print_key(session, options.file, ended);
  return ExitCode::ok;
}

ExitCode run_db_key(const DbKeyOptions& options, Session& session) {
  check_fields(session.options().output, key_kind);
  if (options.action == "export") return export_key(options, session);
  if (options.action == "import") return import_key(options, session);
  throw Error(ErrorKind::usage, tr("no db key command {}", text::quoted(options.action)),
              tr("kundehub db key export FILE, or kundehub db key import FILE"));
}

}  // namespace

void add_db_key(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<DbKeyOptions>();
  CLI::App* key =
      add_verb(parent, "key", "copy the link key to a file, or put one in its place", options, run_db_key, chosen);
  key->add_option("action", options->action, "export or import")->required()->type_name("export|import");
  key->add_option("file", options->file, "the copy of the key, mode 0600")->required()->type_name("FILE");
}

}  // namespace kundehub::cli

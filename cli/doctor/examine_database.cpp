#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include <fmt/format.h>

#include "cli/doctor/checks.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

constexpr std::chrono::milliseconds look_limit{2'000};
constexpr std::chrono::milliseconds writer_limit{2'000};
constexpr std::int64_t mebibyte = 1024 * 1024;
constexpr std::int64_t scarce_bytes = 64 * mebibyte, least_bytes = mebibyte;

void examine_schema(const StoreStatus& status, Examination& examination) {
  if (status.schema < status.newest_schema)
    return examination.fail(
        "database.schema",
        tr("the database has schema {}, and this kundehub needs {}", status.schema, status.newest_schema),
        "kundehub db migrate");
  examination.ok("database.schema", tr("schema {} is the present one", status.schema));
}

/// SQLite makes its journal in the database's folder, so that has to be writable too.
void examine_access(const std::filesystem::path& file, Examination& examination) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  for (const std::filesystem::path& one : {file, folder}) {
    if (faccessat(AT_FDCWD, one.c_str(), R_OK | W_OK, AT_EACCESS) == 0) continue;
    const char* why = std::strerror(errno);
    return examination.fail("database.access", tr("{} cannot be read and written: {}", text::quoted(one.native()), why),
                            tr("run kundehub as the user to whom the database belongs"), ErrorKind::permission);
  }
  examination.ok("database.access", tr("it and its folder can be read and written"));
}

/// The data of all customers is nobody else's business but the group's that the configuration names.
void examine_mode(Session& session, const std::filesystem::path& file, Examination& examination) {
  struct stat info {};
  if (stat(file.c_str(), &info) != 0) return;
  if ((info.st_mode & S_IRWXO) != 0)
    return examination.fail("database.mode", tr("every user of this machine can use the database"),
                            fmt::format("chmod o= {}", text::shell_word(file.native())));
  const std::string& name = session.config().database.group;
  const bool group_may_read = (info.st_mode & S_IRGRP) != 0;
  if (name.empty() && group_may_read)
    return examination.warn("database.mode", tr("the database can be read by a group, and database.group names none"),
                            fmt::format("chmod g= {}", text::shell_word(file.native())));
  const ::group* group = name.empty() ? nullptr : getgrnam(name.c_str());
  if (!name.empty() && (!group_may_read || !group || group->gr_gid != info.st_gid))
    return examination.warn("database.mode",
                            tr("the database cannot be read by database.group, {}", text::quoted(name)),
                            group ? "kundehub init" : "kundehub config set database.group GROUP");
  examination.ok("database.mode", name.empty() ? tr("only its owner can use it")
                                               : tr("only its owner and the group {} can read it", text::quoted(name)));
}

void examine_integrity(const StoreLook& look, Examination& examination) {
  if (!look.damage.empty())
    return examination.fail("database.integrity",
                            tr_n("{} fault, first: {}", "{} faults, first: {}", look.damage.size(), look.damage.size(),
                                 look.damage.front().text),
                            "kundehub db check");
  if (!look.whole)
    return examination.ok("database.integrity",
                          tr("no damage found in the first {} s; kundehub db check looks at everything",
                             std::chrono::duration_cast<Seconds>(look_limit).count()));
  examination.ok("database.integrity", tr("no damage found; kundehub db check looks at the rules too"));
}

/// A backup before an upgrade and a large import need as much again as the database has.
void examine_disk(const std::filesystem::path& file, std::int64_t bytes, Examination& examination) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  struct statvfs disk {};
  if (statvfs(folder.c_str(), &disk) != 0)
    return examination.skip("database.disk", tr("its free space cannot be told: {}", std::strerror(errno)));
  const auto free = static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
  const std::string text = tr("{} MiB are free, the database has {} MiB", free / mebibyte, bytes / mebibyte + 1);
  const std::string remedy = tr("free some space in {}", text::quoted(folder.native()));
  if (free < least_bytes) return examination.fail("database.disk", text, remedy, ErrorKind::no_output);
  if (free < std::max(scarce_bytes, bytes)) return examination.warn("database.disk", text, remedy);
  examination.ok("database.disk", text);
}

void examine_writers(StoreMaintenance& maintenance, Examination& examination) {
  const auto end = std::chrono::steady_clock::now() + writer_limit;
  const auto first = maintenance.activity().writer;
  auto writer = first;
  while (writer && writer == first && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    writer = maintenance.activity().writer;
  }
  if (!writer || writer != first) return examination.ok("database.lock", tr("nobody keeps others from writing"));
  examination.warn("database.lock", tr("process {} is writing, and others have to wait for it", *writer),
                   fmt::format("ps -fp {}", *writer));
}

}  // namespace

std::optional<StoreLook> examine_database(Session& session, Examination& examination) {
  std::optional<StoreLook> look;
  const std::filesystem::path file = session.database_file();
  examination.guard("database.file", [&] {
    const auto maintenance = session.maintenance();
    look = maintenance->look(look_limit);
    examination.ok("database.file", file.native());
    examine_schema(look->status, examination);
    examine_access(file, examination);
    examine_mode(session, file, examination);
    examine_integrity(*look, examination);
    examine_disk(file, look->status.bytes, examination);
    examine_writers(*maintenance, examination);
  });
  if (look) return look;
  for (const char* check : {"database.schema", "database.integrity", "database.lock"})
    examination.skip(check, tr("cannot be examined without the database"));
  std::error_code error;
  if (std::filesystem::exists(file, error)) {
    examine_access(file, examination);
    examine_mode(session, file, examination);
  }
  return look;
}

}  // namespace kundehub::cli

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

#include "core/config.hpp"
#include "core/durable_file.hpp"
#include "core/model/error.hpp"

using namespace kundehub;
namespace fs = std::filesystem;

namespace {

/// A new folder, removed when the test is over.
struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "kundehub-config-XXXXXX").native();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }

  fs::path path;
};

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

mode_t mode_of(const fs::path& file) {
  struct stat info {};
  REQUIRE(stat(file.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

long entries_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), {});
}

std::string load_refusal(const fs::path& file) {
  try {
    load_config(file);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::config);
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a configuration is written for the owner only, with its folders, and read back") {
  const Folder folder;
  const fs::path file = folder.path / "a" / "b" / "config.toml";
  write_file_durably(file, "[mail]\ntls = \"none\"\n");
  CHECK_FALSE(load_config(file).mail.tls_required);
  CHECK(mode_of(file) == 0600);
  CHECK(mode_of(folder.path / "a") == 0700);
  CHECK(entries_in(file.parent_path()) == 1);
}

TEST_CASE("a configuration that is replaced keeps its mode, and no other file is left") {
  const Folder folder;
  const fs::path file = folder.path / "config.toml";
  write_file_durably(file, "old");
  REQUIRE(chmod(file.c_str(), 0640) == 0);
  write_file_durably(file, "");
  CHECK(content_of(file).empty());
  CHECK(mode_of(file) == 0640);
  CHECK(entries_in(folder.path) == 1);
}

TEST_CASE("a link to the configuration stays a link") {
  const Folder folder;
  const fs::path file = folder.path / "real.toml", link = folder.path / "config.toml";
  write_file_durably(file, "old");
  fs::create_symlink("real.toml", link);
  write_file_durably(link, "new");
  CHECK(fs::is_symlink(link));
  CHECK(content_of(file) == "new");
}

TEST_CASE("what cannot be written is named and leaves nothing behind") {
  const Folder folder;
  fs::create_directory(folder.path / "config.toml");
  CHECK_THROWS_WITH_AS(write_file_durably(folder.path / "config.toml", "x"), doctest::Contains("is no regular file"),
                       Error);
  CHECK(entries_in(folder.path) == 1);
  write_file_durably(folder.path / "plain", "x");
  CHECK_THROWS_WITH_AS(write_file_durably(folder.path / "plain" / "config.toml", "x"),
                       doctest::Contains("cannot be written: Not a directory"), Error);
}

TEST_CASE("what cannot be read is named with the reason") {
  const Folder folder;
  const std::string missing = (folder.path / "none.toml").native();
  CHECK(load_refusal(missing) == "configuration \"" + missing + "\" cannot be read: No such file or directory");
  CHECK(load_refusal(folder.path).find("cannot be read: Is a directory") != std::string::npos);

  const fs::path large = folder.path / "large.toml";
  write_file_durably(large, std::string(1024 * 1024, '#'));
  CHECK_NOTHROW(load_config(large));
  write_file_durably(large, std::string(1024 * 1024 + 1, '#'));
  CHECK(load_refusal(large).find("cannot be read: it is larger than 1 MiB") != std::string::npos);

  write_file_durably(large, "\nnonsense");
  CHECK(load_refusal(large).find(large.native() + ":2: ") == 0);
}

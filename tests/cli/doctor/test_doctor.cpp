#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

/// A shell whose database is a file, made by init.
struct Installation : Shell {
  Installation() {
    on_files = true;
    environment["KUNDEHUB_DB"] = database();
    CHECK((*this)("init") == 0);
  }

  [[nodiscard]] std::string database() const { return (folder() / "hub.db").native(); }

  /// The finding of a check; null if there is none.
  ordered_json finding(const std::string& check, const std::string& options = "") {
    for (const ordered_json& one : json("doctor " + options))
      if (one["check"] == check) return one;
    return nullptr;
  }

  std::string state(const std::string& check) {
    const ordered_json found = finding(check);
    return found.is_null() ? "absent" : found["state"].get<std::string>();
  }
};

}  // namespace

TEST_CASE("doctor finds nothing wrong with a new installation but that mails go nowhere") {
  Installation kundehub;
  CHECK(kundehub("doctor") == 0);
  CHECK(kundehub.out.find("error") == std::string::npos);
  CHECK(kundehub.out.find("warning  mail.folder") != std::string::npos);
  CHECK(kundehub.said("1 warning"));
  CHECK(kundehub.state("database.integrity") == "ok");
  CHECK(kundehub.state("key.match") == "ok");
}

TEST_CASE("doctor changes nothing") {
  Installation kundehub;
  std::map<std::string, std::filesystem::file_time_type> before, after;
  const auto look = [&](auto& into) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kundehub.folder()))
      into[entry.path().native()] = entry.last_write_time();
  };
  look(before);
  CHECK(kundehub("doctor") == 0);
  look(after);
  CHECK(before == after);
}

TEST_CASE("without a readable configuration the rest is skipped, and said to be") {
  Installation kundehub;
  const auto file = (kundehub.folder() / "broken.toml").native();
  std::ofstream(file) << "[mail]\ntransprt = \"x\"\n";
  kundehub.environment["KUNDEHUB_CONFIG"] = file;
  CHECK(kundehub("doctor") == 78);
  CHECK(kundehub.message().find("broken.toml:2") != std::string::npos);
  CHECK(kundehub.hint().find("transport") != std::string::npos);
  CHECK(kundehub.state("config.file") == "error");
  CHECK(kundehub.state("database") == "skipped");
  CHECK(kundehub.state("clock.time") == "ok");
}

TEST_CASE("doctor names what sending mail still needs") {
  Installation kundehub;
  kundehub("config unset mail.transport");
  CHECK(kundehub("doctor") == 78);
  CHECK(kundehub.finding("config.mail")["remedy"].get<std::string>().starts_with("kundehub config set mail.transport"));
  CHECK(kundehub.state("mail.server") == "skipped");
  CHECK(kundehub.finding("mail.test", "--send-test me@firma.dk")["state"] == "skipped");
}

TEST_CASE("a missing database is an error, and the other checks are made all the same") {
  Installation kundehub;
  std::filesystem::remove(kundehub.database());
  CHECK(kundehub("doctor") == 78);
  CHECK(kundehub.state("database.file") == "error");
  CHECK(kundehub.state("database.integrity") == "skipped");
  CHECK(kundehub.state("key.file") == "ok");
  CHECK(kundehub.state("key.match") == "skipped");
  CHECK(kundehub.state("templates") == "ok");
  CHECK(kundehub.state("mail.folder") == "warning");
}

TEST_CASE("a database of an older, a newer and an altered schema") {
  Installation kundehub;
  SQLite::Database database(kundehub.database(), SQLite::OPEN_READWRITE);
  const int version = database.execAndGet("PRAGMA user_version").getInt();
  database.exec("PRAGMA user_version = 1");
  CHECK(kundehub("doctor") == 78);
  CHECK(kundehub.finding("database.schema")["remedy"] == "kundehub db migrate");
  database.exec("PRAGMA user_version = 99");
  CHECK(kundehub("doctor") == 78);
  CHECK(kundehub.state("database.file") == "error");
  CHECK(kundehub.state("queue.waiting") == "skipped");
  database.exec("PRAGMA user_version = " + std::to_string(version));
  database.exec("DROP VIEW hub_login_v1");
  CHECK(kundehub("doctor") == 78);
  CHECK(kundehub.finding("database.integrity")["remedy"] == "kundehub db check");
}

TEST_CASE("files that others may use are told of") {
  Installation kundehub;
  const std::string key = kundehub.database() + ".key";
  chmod(key.c_str(), 0640);
  CHECK(kundehub.state("key.file") == "warning");
  chmod(key.c_str(), 0644);
  CHECK(kundehub.state("key.file") == "error");
  chmod(key.c_str(), 0600);
  chmod(kundehub.database().c_str(), 0640);
  CHECK(kundehub.state("database.mode") == "warning");
  chmod(kundehub.database().c_str(), 0644);
  CHECK(kundehub.state("database.mode") == "error");
  chmod(kundehub.database().c_str(), 0600);
  const std::string config = kundehub.environment["KUNDEHUB_CONFIG"];
  chmod(config.c_str(), 0666);
  CHECK(kundehub.state("config.mode") == "error");
}

TEST_CASE("a key that has not made the links is told from the right one") {
  Installation kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1");
  CHECK(kundehub.finding("key.match")["text"].get<std::string>().starts_with("it has made"));
  std::filesystem::remove(kundehub.database() + ".key");
  CHECK(kundehub.state("key.file") == "error");
  const std::string other = (kundehub.folder() / "other.db").native();
  CHECK(kundehub("init --db " + other) == 0);
  std::filesystem::copy(other + ".key", kundehub.database() + ".key");
  CHECK(kundehub("doctor") == 78);
  CHECK(kundehub.state("key.match") == "error");
}

TEST_CASE("mails that wait for longer than a day ask for a delivery") {
  Installation kundehub;
  kundehub.add_nordlys();
  kundehub("welcome send contact:1 --queue");
  CHECK(kundehub.state("queue.waiting") == "ok");
  kundehub.records.now += std::chrono::hours(25);
  CHECK(kundehub.state("queue.waiting") == "warning");
  CHECK(kundehub.finding("queue.waiting")["remedy"].get<std::string>().starts_with("kundehub welcome deliver"));
}

TEST_CASE("a clock that was set back, and one that was never set") {
  Installation kundehub;
  kundehub.add_nordlys();
  kundehub.records.now -= std::chrono::hours(2);
  CHECK(kundehub("doctor") == 78);
  CHECK(kundehub.state("clock.time") == "error");
  kundehub.records.now = kundehub::Time(kundehub::Seconds(0));
  CHECK(kundehub.finding("clock.time")["text"].get<std::string>().find("1970-01-01") != std::string::npos);
}

TEST_CASE("a test mail is sent only when asked for, and carries no link") {
  Installation kundehub;
  kundehub("doctor");
  CHECK(kundehub.mails().empty());
  CHECK(kundehub("doctor --send-test nobody") == 65);
  CHECK(kundehub.finding("mail.test", "--dry-run --send-test me@firma.dk")["state"] == "skipped");
  CHECK(kundehub.mails().empty());
  const ordered_json sent = kundehub.finding("mail.test", "--send-test me@firma.dk");
  CHECK(sent["state"] == "ok");
  CHECK(sent["text"].get<std::string>().starts_with("sent to me@firma.dk"));
  REQUIRE(kundehub.mails().size() == 1);
  CHECK(kundehub.mails()[0].find("token=") == std::string::npos);
  CHECK(kundehub.mails()[0].find("To: me@firma.dk") != std::string::npos);
}

TEST_CASE("a program or folder that is not there") {
  Installation kundehub;
  kundehub("config set mail.transport sendmail:/no/such/sendmail");
  CHECK(kundehub.state("mail.program") == "error");
  kundehub("config set mail.transport sendmail:/bin/sh");
  CHECK(kundehub.state("mail.program") == "ok");
  kundehub("config set mail.transport maildir:/no/such/folder");
  CHECK(kundehub.state("mail.folder") == "error");
}

TEST_CASE("findings are records in every format") {
  Installation kundehub;
  CHECK(kundehub("doctor --format ids") == 0);
  CHECK(kundehub.out.starts_with("config.file\nconfig.mode\n"));
  CHECK(kundehub("doctor --format tsv --fields check,state --no-header") == 0);
  CHECK(kundehub.out.find("database.file\tok\n") != std::string::npos);
  CHECK(kundehub("doctor --fields stat") == 2);
}

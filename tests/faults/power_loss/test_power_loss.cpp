/// A power loss at any moment of an admin's days: the database that the disk is left with is sound, holds every change
/// that the store has called saved, and the one under way wholly or not at all.
///
/// A disk may do with what was not synced whatever lose_power does. KUNDEHUB_TEST_LENGTH=full: ten times as many
/// losses.

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <optional>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/faults/power_loss/database_digest.hpp"
#include "tests/faults/power_loss/disk_image.hpp"
#include "tests/faults/power_loss/recording_vfs.hpp"
#include "tests/faults/power_loss/workload.hpp"
#include "tests/support/mail_fixture.hpp"

namespace kundehub::test {
namespace {

constexpr const char* database_name = "hub.db";
constexpr const char* journal_name = "hub.db-journal";
constexpr int losses_that_show = 100;  // enough to find out a store that does not sync as it has to

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::uint64_t seed() {
  static const std::string given = environment("KUNDEHUB_TEST_SEED");
  static const std::uint64_t seed = given.empty() ? std::random_device()() : std::stoull(given);
  return seed;
}

int losses() {
  return environment("KUNDEHUB_TEST_LENGTH") == "full" ? 1000 : 100;
}

/// What a workload has asked of the disk, and what the database held whenever it called something saved.
struct Recording {
  std::vector<DiskEvent> events;
  std::vector<std::size_t> saved_at;  ///< how many events there had been; the first: before any change
  std::vector<std::string> digests;   ///< then
};

/// `synchronous`: what SQLite is told in the product's place; empty: it stays as the product has it.
Recording record(const std::string& synchronous) {
  const mail_test::ScratchDirectory folder;
  Random random(seed());
  sqlite::create_database(folder.path() / database_name);
  RecordingVfs vfs;
  Recording recording;
  std::function<void()> note = [&] {};
  Workload workload(folder.path() / database_name, random, [&] { note(); });
  note = [&] {
    vfs.acknowledge();
    recording.saved_at.push_back(vfs.events().size());
    recording.digests.push_back(database_digest(workload.records.store->database()));
  };
  if (!synchronous.empty()) workload.records.sql("PRAGMA synchronous = " + synchronous);
  note();
  workload.run();
  recording.events = vfs.events();
  return recording;
}

/// A third of the losses at any moment; a third within any change, since most of the writes are those of the imports;
/// and a third close to the end of a change, where it comes to be saved.
std::size_t any_moment(const Recording& recording, Random& random) {
  constexpr std::size_t close = 10;
  const auto& saved_at = recording.saved_at;
  const std::size_t way = below(3, random);
  if (way == 0) return saved_at[0] + below(recording.events.size() - saved_at[0] + 1, random);
  const std::size_t change = 1 + below(saved_at.size() - 1, random);
  const std::size_t events = saved_at[change] - saved_at[change - 1];
  return saved_at[change] - below((way == 1 ? events : std::min(close, events)) + 1, random);
}

void write_files(const std::filesystem::path& folder, const DiskImage& image) {
  for (const auto& [name, content] : image.files) {
    std::ofstream(folder / name, std::ios::binary) << content;
    chmod((folder / name).c_str(), 0600);
  }
}

enum class Finding { as_saved, with_the_next, earlier, in_part, damaged };

/// What the product makes of the folder that it finds, when `saved` changes had been called so.
Finding look_at(const std::filesystem::path& folder, const Recording& recording, std::size_t saved) {
  try {
    sqlite::SqliteStore store(folder / database_name, sqlite::Access::write);
    sqlite::Connection& database = store.database();
    if (database.execAndGet("PRAGMA integrity_check").getString() != "ok") return Finding::damaged;
    if (SQLite::Statement(database, "PRAGMA foreign_key_check").executeStep()) return Finding::damaged;
    const std::string digest = database_digest(database);
    const auto& digests = recording.digests;
    if (digest == digests[saved]) return Finding::as_saved;
    if (saved + 1 < digests.size() && digest == digests[saved + 1]) return Finding::with_the_next;
    const bool was_so = std::find(digests.begin(), digests.end(), digest) != digests.end();
    return was_so ? Finding::earlier : Finding::in_part;
  } catch (const std::exception&) {
    return Finding::damaged;
  }
}

bool is_bad(Finding finding) {
  return finding != Finding::as_saved && finding != Finding::with_the_next;
}

/// A journal that SQLite takes for what is to be rolled back.
bool is_hot(const DiskImage& image) {
  const auto journal = image.files.find(journal_name);
  return journal != image.files.end() && !journal->second.empty() && journal->second[0] != '\0';
}

struct Figures {
  int images = 0, incomplete = 0, torn = 0, reordered = 0, forgotten_names = 0, hot_journals = 0;
  std::map<Finding, int> found{};  ///< how often what

  void add(const DiskImage& image, Finding finding) {
    ++images;
    incomplete += image.dropped > 0;
    torn += image.torn > 0;
    reordered += image.reordered > 0;
    forgotten_names += image.forgotten_names > 0;
    hot_journals += is_hot(image);
    ++found[finding];
  }

  [[nodiscard]] int bad() const {
    return std::accumulate(found.begin(), found.end(), 0,
                           [](int sum, const auto& one) { return sum + (is_bad(one.first) ? one.second : 0); });
  }

  [[nodiscard]] int count(Finding finding) const {
    const auto known = found.find(finding);
    return known == found.end() ? 0 : known->second;
  }

  void print(const std::string& synchronous) const {
    fmt::print(
        stderr,
        "{} power losses, synchronous {}: unsynced writes missing in {}, torn in {}, in another order in {}, names as "
        "before in {}; {} journals rolled back; found as saved {}, with the next change {}; lost changes {}, parts "
        "of changes {}, damaged {} (KUNDEHUB_TEST_SEED={})\n",
        images, synchronous, incomplete, torn, reordered, forgotten_names, hot_journals, count(Finding::as_saved),
        count(Finding::with_the_next), count(Finding::earlier), count(Finding::in_part), count(Finding::damaged),
        seed());
  }
};

/// A transaction that does not fit into the cache writes to the database while its journal still grows.
bool has_spilled(const std::vector<DiskEvent>& events) {
  bool database_written = false;
  for (const DiskEvent& event : events) {
    const bool is_journal = event.file > 0;  // the database was there first
    if (event.kind == DiskEventKind::created) database_written = false;
    if (event.kind == DiskEventKind::written && !is_journal) database_written = true;
    if (event.kind == DiskEventKind::synced && is_journal && database_written) return true;
  }
  return false;
}

Figures lose_power_often(const Recording& recording, int times, const std::string& synchronous) {
  Figures figures;
  for (int number = 0; number < times; ++number) {
    Random random(seed() + static_cast<std::uint64_t>(number));
    const std::size_t moment = any_moment(recording, random);
    const auto later = std::upper_bound(recording.saved_at.begin(), recording.saved_at.end(), moment);
    const auto saved = static_cast<std::size_t>(later - recording.saved_at.begin()) - 1;
    const DiskImage image = lose_power(std::span(recording.events).first(moment), random);
    const mail_test::ScratchDirectory folder;
    write_files(folder.path(), image);
    const Finding finding = look_at(folder.path(), recording, saved);
    figures.add(image, finding);
    if (is_bad(finding) && synchronous.empty()) {
      INFO("power loss ", number, " at event ", moment, " of ", recording.events.size(), " with ", saved,
           " changes saved");
      FAIL_CHECK("what is found is neither what was saved nor the next change");
    }
  }
  figures.print(synchronous.empty() ? "as the product has it" : synchronous);
  return figures;
}

}  // namespace

TEST_CASE("what was called saved outlasts a power loss, and what was not is there wholly or not at all") {
  const Recording recording = record("");
  REQUIRE(recording.digests.size() > 80);
  CHECK(has_spilled(recording.events));
  const Figures figures = lose_power_often(recording, losses(), "");
  CHECK(figures.bad() == 0);
  // Each way that a loss can go has been gone.
  for (const int kind :
       {figures.incomplete, figures.torn, figures.reordered, figures.forgotten_names, figures.hot_journals,
        figures.count(Finding::as_saved), figures.count(Finding::with_the_next)}) {
    CHECK(kind > 0);
  }
}

TEST_CASE("a store that does not sync, or not the folder, is found out") {
  for (const char* synchronous : {"OFF", "FULL"}) {
    CAPTURE(std::string(synchronous));
    const Figures figures = lose_power_often(record(synchronous), losses_that_show, synchronous);
    CHECK(figures.bad() >= losses_that_show / 20);
  }
}

}  // namespace kundehub::test

#include "tests/faults/power_loss/disk_image.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace kundehub::test {
namespace {

constexpr std::size_t sector = 512;

struct FileState {
  std::string synced;
  std::vector<const DiskEvent*> since;  ///< in their order
};

/// A name's file at the folder's last sync, and each that it has had since; absent: no such name.
using NameHistory = std::vector<std::optional<int>>;

void put(std::string& content, std::size_t offset, std::string_view bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
  content.replace(offset, bytes.size(), bytes);
}

void apply(const DiskEvent& event, std::string& content) {
  const auto offset = static_cast<std::size_t>(event.offset);
  if (event.kind == DiskEventKind::written) put(content, offset, event.bytes);
  if (event.kind == DiskEventKind::resized) content.resize(offset);
}

/// The disk as it was asked to be, and what of it is certain.
struct Disk {
  explicit Disk(std::span<const DiskEvent> events) {
    for (const DiskEvent& event : events) add(event);
  }

  void add(const DiskEvent& event) {
    switch (event.kind) {
      case DiskEventKind::found:
        files[event.file].synced = event.bytes;
        names[event.name] = {event.file};
        break;
      case DiskEventKind::created:
        history(event.name).emplace_back(event.file);
        break;
      case DiskEventKind::removed:
        history(event.name).emplace_back(std::nullopt);
        break;
      case DiskEventKind::folder_synced:
        for (auto& [name, past] : names) past = {past.back()};
        break;
      case DiskEventKind::written:
      case DiskEventKind::resized:
        files[event.file].since.push_back(&event);
        break;
      case DiskEventKind::synced:
        sync(files[event.file]);
        break;
      case DiskEventKind::acknowledged:
        break;
    }
  }

  NameHistory& history(const std::string& name) {
    return names.try_emplace(name, NameHistory{std::nullopt}).first->second;
  }

  static void sync(FileState& file) {
    for (const DiskEvent* event : file.since) apply(*event, file.synced);
    file.since.clear();
  }

  std::map<int, FileState> files;
  std::map<std::string, NameHistory> names;
};

/// How a loss treats one file: each file has its own luck, so that a journal may be gone where the database is not.
class Loss {
 public:
  Loss(DiskImage& image, Random& random) : m_image(image), m_random(random) {
    constexpr std::size_t survivors_of_ten[] = {0, 1, 5, 9, 10};
    m_survivors = survivors_of_ten[below(std::size(survivors_of_ten), random)];
  }

  std::string content(const FileState& file) {
    std::string content = file.synced;
    auto events = file.since;
    if (events.size() > 1 && below(2, m_random) == 0) {
      std::shuffle(events.begin(), events.end(), m_random);
      ++m_image.reordered;
    }
    for (const DiskEvent* event : events) survive(*event, content);
    return content;
  }

 private:
  bool is_lucky() { return below(10, m_random) < m_survivors; }

  void survive(const DiskEvent& event, std::string& content) {
    if (is_lucky()) {
      apply(event, content);
    } else if (event.kind == DiskEventKind::written && below(2, m_random) == 0) {
      ++m_image.torn;
      tear(event, content);
    } else {
      ++m_image.dropped;
    }
  }

  void tear(const DiskEvent& event, std::string& content) {
    const std::string_view bytes = event.bytes;
    for (std::size_t done = 0, size = 0; done < bytes.size(); done += size) {
      const std::size_t offset = static_cast<std::size_t>(event.offset) + done;
      size = std::min(bytes.size() - done, sector - offset % sector);
      if (below(2, m_random) == 0) {
        put(content, offset, bytes.substr(done, size));
      } else if (offset >= content.size() && below(2, m_random) == 0) {
        put(content, offset, garbage(size));
      }
    }
  }

  std::string garbage(std::size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(m_random());
    return bytes;
  }

  DiskImage& m_image;
  Random& m_random;
  std::size_t m_survivors;
};

}  // namespace

DiskImage lose_power(std::span<const DiskEvent> events, Random& random) {
  Disk disk(events);
  DiskImage image;
  for (const auto& [name, past] : disk.names) {
    const auto file = past[below(past.size(), random)];
    if (file != past.back()) ++image.forgotten_names;
    if (file) image.files[name] = Loss(image, random).content(disk.files[*file]);
  }
  return image;
}

}  // namespace kundehub::test

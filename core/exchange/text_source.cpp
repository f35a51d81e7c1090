#include "core/exchange/text_source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "core/durable_file.hpp"
#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::exchange {
namespace {

constexpr std::size_t piece_size = 256 * 1024;
constexpr int fifo_patience_ms = 10'000;

[[noreturn]] void refuse_file(const std::filesystem::path& file, std::string_view why) {
  throw Error(ErrorKind::no_input, tr("{} cannot be read: {}", text::quoted(file.native()), why));
}

/// What a program other than a text editor wrote, by how it begins, and what to do with it.
struct ForeignFormat {
  std::string_view start, what, remedy;
};

constexpr const char* save_as_csv =
    translatable("open it in the spreadsheet and save it as \"CSV UTF-8\"; then import that file");
constexpr std::array foreign_formats{
    ForeignFormat{"PK\x03\x04", translatable("an Excel or LibreOffice workbook, or a zip archive"), save_as_csv},
    ForeignFormat{"\xD0\xCF\x11\xE0", translatable("an old Excel workbook"), save_as_csv},
    ForeignFormat{"%PDF", translatable("a PDF document"),
                  translatable("export the customers as CSV from the program it came from")},
    ForeignFormat{"\x1F\x8B", translatable("a file that gzip has packed"), translatable("unpack it with gunzip first")},
    ForeignFormat{"SQLite format 3", translatable("an SQLite database"), translatable("export its table as CSV first")},
    ForeignFormat{"<?xml", translatable("an XML file"),
                  translatable("export the customers as CSV from the program it came from")},
    ForeignFormat{"<html", translatable("a web page"),
                  translatable("export the customers as CSV from the program it came from")},
    ForeignFormat{"<!DOCTYPE", translatable("a web page"),
                  translatable("export the customers as CSV from the program it came from")},
};

constexpr std::size_t longest_start = 16;

void check_format(std::string_view start) {
  for (const ForeignFormat& format : foreign_formats) {
    if (start.starts_with(format.start))
      throw Error(ErrorKind::bad_data, tr("this is {}", tr_text(format.what)), tr_text(format.remedy));
  }
}

/// Opening without waiting shows nobody at the other end of a FIFO as its end.
void wait_for_writer(const std::filesystem::path& file, int fd) {
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  if (poll(&waiting, 1, fifo_patience_ms) == 0) refuse_file(file, tr("nobody writes into this FIFO"));
}

}  // namespace

ByteReader open_file(const std::filesystem::path& file) {
  auto descriptor = std::make_shared<Descriptor>(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat info {};
  if (descriptor->get() < 0 || fstat(descriptor->get(), &info) != 0) refuse_file(file, std::strerror(errno));
  if (S_ISDIR(info.st_mode)) refuse_file(file, tr("it is a folder"));
  if (!S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode)) refuse_file(file, tr("it is a device or a socket"));
  if (S_ISFIFO(info.st_mode)) wait_for_writer(file, descriptor->get());
  fcntl(descriptor->get(), F_SETFL, 0);  // from here on a slow writer is waited for
  return [file, descriptor](char* buffer, std::size_t size) {
    for (;;) {
      const ssize_t bytes = read(descriptor->get(), buffer, size);
      if (bytes >= 0) return static_cast<std::size_t>(bytes);
      if (errno != EINTR) refuse_file(file, std::strerror(errno));
    }
  };
}

TextSource::TextSource(ByteReader read, std::optional<text::Encoding> encoding)
    : m_read(std::move(read)), m_decoder(encoding), m_buffer(piece_size) {
  // A pipe brings small pieces, and the first is what the delimiter and the columns are told from.
  while (m_ahead.size() < piece_size && read_piece(m_ahead)) continue;
}

bool TextSource::read_piece(std::string& text) {
  if (m_ended) return false;
  std::size_t bytes = m_read(m_buffer.data(), m_buffer.size());
  if (m_bytes_read == 0) {
    // What a pipe brings first may be too little to tell a format from.
    for (std::size_t more = bytes; more > 0 && bytes < longest_start; bytes += more)
      more = m_read(m_buffer.data() + bytes, m_buffer.size() - bytes);
    check_format({m_buffer.data(), bytes});
  }
  m_bytes_read += static_cast<std::int64_t>(bytes);
  if (bytes > 0) {
    m_decoder.add({m_buffer.data(), bytes}, text);
  } else {
    m_ended = true;
    m_decoder.finish(text);
  }
  return true;
}

bool TextSource::read_more(std::string& text) {
  if (!m_ahead.empty()) {
    text += m_ahead;
    m_ahead.clear();
    m_ahead.shrink_to_fit();
    return true;
  }
  return read_piece(text);
}

}  // namespace kundehub::exchange

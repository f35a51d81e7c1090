#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/text/charset.hpp"

namespace kundehub::exchange {

/// Fills a part of the buffer; returns how many bytes, 0 at the end. Throws Error{no_input}.
using ByteReader = std::function<std::size_t(char* buffer, std::size_t size)>;

/// Opens a file for reading. A FIFO without a writer is waited for, 10 s at most; folders and devices are refused.
/// Throws Error{no_input}.
ByteReader open_file(const std::filesystem::path& file);

/// A text file as UTF-8, read in pieces.
class TextSource {
 public:
  /// `encoding`: absent, it is found. Reads the first piece. Throws as ByteReader and Decoder::add, and Error{bad_data}
  /// with what to do for a workbook, an archive or another file that is no text.
  TextSource(ByteReader read, std::optional<text::Encoding> encoding);

  /// Appends the next piece to `text`. False at the end.
  bool read_more(std::string& text);

  /// What has been read ahead, a piece at least if the file has so much.
  [[nodiscard]] const std::string& ahead() const { return m_ahead; }

  [[nodiscard]] const text::Decoder& decoder() const { return m_decoder; }

  /// Bytes of the file, so far.
  [[nodiscard]] std::int64_t bytes_read() const { return m_bytes_read; }

 private:
  bool read_piece(std::string& text);

  ByteReader m_read;
  text::Decoder m_decoder;
  std::vector<char> m_buffer;
  std::string m_ahead;
  std::int64_t m_bytes_read = 0;
  bool m_ended = false;
};

}  // namespace kundehub::exchange

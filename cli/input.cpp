#include "cli/input.hpp"

#include <array>
#include <istream>
#include <optional>
#include <string_view>

#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

std::string_view trimmed(std::string_view line) {
  constexpr const char* blanks = " \t\r";
  const std::size_t first = line.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

std::string read_bytes(const exchange::ByteReader& read) {
  std::string all;
  std::array<char, 1 << 16> piece{};
  while (const std::size_t bytes = read(piece.data(), piece.size())) all.append(piece.data(), bytes);
  return all;
}

std::string decoded(exchange::ByteReader read) {
  exchange::TextSource source(std::move(read), std::nullopt);
  std::string all;
  while (source.read_more(all)) continue;
  return all;
}

}  // namespace

exchange::ByteReader open_input(Session& session, const std::string& file) {
  if (file != "-") return exchange::open_file(file);
  if (session.is_line())
    throw Error(ErrorKind::usage, tr("a line of a batch has no standard input"),
                tr("put what it is to read in a file"));
  return [&in = session.in()](char* buffer, std::size_t size) {
    in.read(buffer, static_cast<std::streamsize>(size));
    if (in.bad()) throw Error(ErrorKind::no_input, tr("standard input cannot be read"));
    return static_cast<std::size_t>(in.gcount());
  };
}

std::string read_text(Session& session, const std::string& file) {
  return decoded(open_input(session, file));
}

std::vector<std::string> read_ids(Session& session, const std::string& file) {
  const bool has_nul = session.options().output.null_after_id;
  auto input = open_input(session, file);
  const std::string all = has_nul ? read_bytes(input) : decoded(std::move(input));
  std::vector<std::string> ids;
  for (std::size_t start = 0; start < all.size();) {
    const std::size_t end = std::min(all.find(has_nul ? '\0' : '\n', start), all.size());
    const std::string_view id = trimmed(std::string_view(all).substr(start, end - start));
    if (!id.empty()) ids.emplace_back(id);
    start = end + 1;
  }
  return ids;
}

}  // namespace kundehub::cli

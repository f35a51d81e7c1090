#include "cli/held_output.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "core/model/error.hpp"

namespace kundehub::cli {

HeldOutput::HeldOutput() : m_buffer(65'536), m_stream(this) {
  setp(m_buffer.data(), m_buffer.data() + m_buffer.size());
}

bool HeldOutput::keep_in_file() {
  if (!m_file) m_file.reset(std::tmpfile());  // mode 0600, and without a name from the start
  const auto size = static_cast<std::size_t>(pptr() - pbase());
  if (!m_file || std::fwrite(pbase(), 1, size, m_file.get()) != size) return false;
  setp(m_buffer.data(), m_buffer.data() + m_buffer.size());
  return true;
}

HeldOutput::int_type HeldOutput::overflow(int_type character) {
  if (!keep_in_file()) return traits_type::eof();
  if (traits_type::eq_int_type(character, traits_type::eof())) return traits_type::not_eof(character);
  return sputc(traits_type::to_char_type(character));
}

void HeldOutput::check() {
  const bool is_kept = m_stream.good() && (!m_file || (keep_in_file() && std::fflush(m_file.get()) == 0));
  if (is_kept) return;
  throw Error(ErrorKind::no_output,
              fmt::format("the output cannot be held in a temporary file: {}", std::strerror(errno)),
              "make room where temporary files go, or name another place with TMPDIR");
}

void HeldOutput::release(std::ostream& out) {
  check();
  if (m_file) {
    std::rewind(m_file.get());
    while (const std::size_t size = std::fread(m_buffer.data(), 1, m_buffer.size(), m_file.get()))
      out.write(m_buffer.data(), static_cast<std::streamsize>(size));
  } else {
    out.write(pbase(), pptr() - pbase());
  }
}

DelayedResult::DelayedResult(Session& session, std::function<void(std::ostream&)> write, Records records)
    : m_session(session), m_write(std::move(write)), m_is_held(records == Records::go || session.options().dry_run) {
  if (!m_is_held) return;
  m_write(m_held.stream());
  m_held.check();
}

void DelayedResult::print() {
  m_is_held ? m_held.release(m_session.out()) : m_write(m_session.out());
}

}  // namespace kundehub::cli

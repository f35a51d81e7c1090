#include "cli/held_output.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {

HeldOutput::HeldOutput() : m_buffer(65'536), m_stream(this) {
  m_stream.exceptions(std::ios::badbit);  // what overflow throws goes on
  setp(m_buffer.data(), m_buffer.data() + m_buffer.size());
}

void HeldOutput::empty_buffer() {
  if (!m_file) m_file = open_temporary_file();
  write_to(m_file.get(), pbase(), static_cast<std::size_t>(pptr() - pbase()));
  setp(m_buffer.data(), m_buffer.data() + m_buffer.size());
}

HeldOutput::int_type HeldOutput::overflow(int_type character) {
  empty_buffer();
  if (traits_type::eq_int_type(character, traits_type::eof())) return traits_type::not_eof(character);
  return sputc(traits_type::to_char_type(character));
}

void HeldOutput::finish() {
  if (!m_file) return;
  empty_buffer();
  if (std::fflush(m_file.get()) != 0)
    throw Error(ErrorKind::no_output, tr("a temporary file cannot be written: {}", std::strerror(errno)));
}

void HeldOutput::release(std::ostream& out) {
  if (!m_file) {
    out.write(pbase(), pptr() - pbase());
    return;
  }
  std::rewind(m_file.get());
  while (const std::size_t size = std::fread(m_buffer.data(), 1, m_buffer.size(), m_file.get()))
    out.write(m_buffer.data(), static_cast<std::streamsize>(size));
  if (std::ferror(m_file.get()) != 0)
    throw Error(ErrorKind::no_output, tr("a temporary file cannot be read: {}", std::strerror(errno)));
}

DelayedResult::DelayedResult(Session& session, std::function<void(std::ostream&)> write, Records records)
    : m_session(session), m_write(std::move(write)) {
  if (records == Records::stay && !session.options().dry_run) return;
  m_held.emplace();
  m_write(m_held->stream());
  m_held->finish();
}

void DelayedResult::print() {
  try {
    m_held ? m_held->release(m_session.out()) : m_write(m_session.out());
  } catch (const Error& error) {
    if (!m_session.has_changed()) throw;
    throw Error(error.kind(), tr("the change is saved, but cannot be shown in full: {}", error.what()));
  } catch (const std::bad_alloc&) {
    if (!m_session.has_changed()) throw;
    throw Error(ErrorKind::temporary, tr("the change is saved, but cannot be shown in full: {}", tr("out of memory")));
  }
}

}  // namespace kundehub::cli

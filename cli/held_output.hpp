#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <streambuf>
#include <vector>

#include "cli/session.hpp"
#include "cli/temporary_file.hpp"

namespace kundehub::cli {

/// Output that waits: in memory, and beyond some kilobytes in a temporary file.
class HeldOutput : private std::streambuf {
 public:
  HeldOutput();
  HeldOutput(const HeldOutput&) = delete;
  HeldOutput& operator=(const HeldOutput&) = delete;

  /// Writing to it throws Error{no_output} if there is no room for it.
  std::ostream& stream() { return m_stream; }

  /// Puts all of it where it waits, so that no room is lacking later. Throws Error{no_output}.
  void finish();

  /// Writes all of it, behind finish. Throws Error{no_output} if it cannot be read again.
  void release(std::ostream& out);

 private:
  int_type overflow(int_type character) override;
  void empty_buffer();

  std::vector<char> m_buffer;
  TemporaryFile m_file;  ///< null: the buffer holds all
  std::ostream m_stream;
};

/// What a command prints about records that it has changed. It is read once the change is saved, so that nobody waits
/// for a slow pager; what is gone then, as all of a dry run is, was written before and held back.
class DelayedResult {
 public:
  enum class Records { stay, go };

  /// `write` prints to the stream it gets. With `go`, and in a dry run, it is called now. Throws Error{no_output}.
  DelayedResult(Session& session, std::function<void(std::ostream&)> write, Records records = Records::stay);

  /// Called once, when the operation has been committed. What is thrown says that the change is saved.
  void print();

 private:
  Session& m_session;
  std::function<void(std::ostream&)> m_write;
  std::optional<HeldOutput> m_held;
};

}  // namespace kundehub::cli

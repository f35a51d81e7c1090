#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <ostream>
#include <streambuf>
#include <vector>

#include "cli/session.hpp"

namespace kundehub::cli {

/// Output that waits: in memory, and beyond some kilobytes in a temporary file without a name.
class HeldOutput : private std::streambuf {
 public:
  HeldOutput();
  HeldOutput(const HeldOutput&) = delete;
  HeldOutput& operator=(const HeldOutput&) = delete;

  std::ostream& stream() { return m_stream; }

  /// Throws Error{no_output} if there is no room for it.
  void check();

  /// Writes all of it. Throws as check.
  void release(std::ostream& out);

 private:
  int_type overflow(int_type character) override;
  bool keep_in_file();

  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::vector<char> m_buffer;
  std::unique_ptr<std::FILE, Closer> m_file;  ///< null: the buffer holds all
  std::ostream m_stream;
};

/// What a command prints about records that it has changed. It is read once the change is saved, so that nobody waits
/// for a slow pager; what is gone then, as all of a dry run is, was written before and held back.
class DelayedResult {
 public:
  enum class Records { stay, go };

  /// `write` prints to the stream it gets. With `go`, and in a dry run, it is called now. Throws Error{no_output}.
  DelayedResult(Session& session, std::function<void(std::ostream&)> write, Records records = Records::stay);

  /// Called once, when the operation has been committed.
  void print();

 private:
  Session& m_session;
  std::function<void(std::ostream&)> m_write;
  HeldOutput m_held;
  bool m_is_held;
};

}  // namespace kundehub::cli

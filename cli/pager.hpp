#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace kundehub::cli {

/// A program that shows what does not fit on the screen, one screen at a time.
class Pager {
 public:
  /// Starts `command` with the shell. Throws Error{no_output} if that cannot be done.
  explicit Pager(const std::string& command);
  Pager(const Pager&) = delete;
  Pager& operator=(const Pager&) = delete;

  /// Waits until the user has left it.
  ~Pager();

  /// Nothing happens once the user has left it: who stops reading is no failure.
  void write(std::string_view text);

 private:
  std::FILE* m_pipe;
  void (*m_on_interrupt)(int);
};

/// What `less` is called with: nothing happens for a text that fits after all, and the screen keeps what was shown. A
/// machine without it gets the text as it is.
inline constexpr const char* usual_pager =
    "if command -v less >/dev/null; then LESSCHARSET=utf-8 exec less -FIRX; else exec cat; fi";

}  // namespace kundehub::cli

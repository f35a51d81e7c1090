#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace kundehub::cli {

/// A program that shows what does not fit on the screen, one screen at a time. Meanwhile Ctrl-C is the program's.
class Pager {
 public:
  /// Starts `command` with the shell. `less` is told (LESS, LESSCHARSET) to show colors and UTF-8, unless the user has
  /// told it something. Throws Error{no_output} if nothing can be started.
  explicit Pager(std::string command);
  Pager(const Pager&) = delete;
  Pager& operator=(const Pager&) = delete;
  ~Pager();

  /// False once the user has left it: who stops reading is no failure.
  bool write(std::string_view text);

  /// Waits until the user has left it. Throws Error{no_output} if there was no such program, so that nobody has seen
  /// the text.
  void finish();

 private:
  int wait();
  void leave_interrupts();

  std::string m_command;
  int m_pipe = -1;
  pid_t m_child = -1;
  void (*m_on_interrupt)(int);
  bool m_is_read = true;
};

/// A text that fits after all is just shown, and the screen keeps what was shown. A machine without less gets the text.
inline constexpr const char* usual_pager = "command -v less >/dev/null || exec cat; exec less -FIRX";

}  // namespace kundehub::cli

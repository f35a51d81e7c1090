#pragma once

#include <string>

#include "tests/support/shell.hpp"

namespace kundehub::test {

/// A Shell with three mails in its queue: to Nordlys' two contacts and to Carl Lund.
struct QueueShell : Shell {
  QueueShell() {
    add_nordlys();
    add_lund();
    (*this)("welcome send 1001 1002 --queue");
  }

  /// The states of all mails, in the order they were queued.
  std::string states() {
    return records.value("SELECT group_concat(state, ' ') FROM (SELECT state FROM welcome ORDER BY id)");
  }
};

}  // namespace kundehub::test

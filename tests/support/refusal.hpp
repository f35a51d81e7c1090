#pragma once

#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"

namespace kundehub::test {

/// `message / hint` of the Error of this kind that `action` throws; `accepted` if it throws none.
template <class Action>
std::string refusal(Action action, ErrorKind kind = ErrorKind::bad_data) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.kind() == kind);
    return error.what() + (" / " + error.hint());
  }
  return "accepted";
}

}  // namespace kundehub::test

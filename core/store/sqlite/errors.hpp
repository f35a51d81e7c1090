#pragma once

#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/model/error.hpp"

namespace kundehub::sqlite {

/// What an SQLite failure means to the admin: busy or out of memory → temporary, full or i/o → no_output, read-only →
/// permission, corrupt or not a database → config, anything else → internal.
Error translate(const SQLite::Exception& error);

/// Runs `function`; no SQLite exception leaves.
template <class Function>
auto translated(Function function) -> decltype(function()) {
  try {
    return function();
  } catch (const SQLite::Exception& error) {
    throw translate(error);
  }
}

}  // namespace kundehub::sqlite

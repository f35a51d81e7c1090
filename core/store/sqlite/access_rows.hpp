#pragma once

#include <string>

namespace kundehub::sqlite {

/// SQL: true for a `contact` of a `customer` who may log in at `:now` (R5).
std::string may_log_in();

/// SQL: true for a `contact` of a `customer` whose link and mails may live (R6, R13), whether or not there are any.
extern const char* const has_access;

}  // namespace kundehub::sqlite

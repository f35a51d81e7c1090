#pragma once

#include "core/model/overview.hpp"

namespace kundehub::test {

/// 2026-11-23T10:00:00Z, a Monday: the present moment of the tests.
Time test_time();

/// `contact:7`, Anna Berg <anna@example.dk>, of business 1042: every switch is on, nothing has been sent.
ContactOverview sample_contact();

}  // namespace kundehub::test

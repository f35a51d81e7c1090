#pragma once

#include "cli/session.hpp"

namespace kundehub::cli {

/// A new link key knows nobody again who was erased: their hashes were made with the old one. Says so if there are any.
void warn_of_forgotten(Session& session, Store& store);

}  // namespace kundehub::cli

#pragma once

#include "core/model/time.hpp"
#include "core/store/sqlite/record_fields.hpp"

namespace kundehub::sqlite {

/// A record's image with what an operation did to it taken back.
struct TakenBack {
  RecordImage image;
  bool differs = false;    ///< from the record as it is now
  bool overrides = false;  ///< something else has been written since into what is taken back
};

/// Three-way: only what the operation changed (`before` to `after`) goes back, and the rest stays as it is `now`. Of
/// tags, modules and what was merged each element counts for itself, so they never conflict. Times of change become
/// `at`. No image is null.
TakenBack take_back(const RecordImage& before, const RecordImage& after, const RecordImage& now, Time at);

}  // namespace kundehub::sqlite

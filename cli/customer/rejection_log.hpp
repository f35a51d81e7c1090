#pragma once

#include <vector>

#include "cli/session.hpp"
#include "cli/temporary_file.hpp"
#include "core/store/import_stage.hpp"

namespace kundehub::cli {

/// What an import rejects, kept for telling it once nobody waits for this command any more: a terminal may be slow.
/// Only the first ones are in memory.
class RejectionLog {
 public:
  /// Throws Error{no_output} if the rest cannot be kept in a temporary file.
  void note(ImportStage& stage);

  void tell(Session& session) const;

  [[nodiscard]] const std::vector<RowRejection>& first() const { return m_first; }

  /// True if any row is wrong in itself, not only at odds with another one.
  [[nodiscard]] bool has_bad_data() const { return m_has_bad_data; }

 private:
  std::vector<RowRejection> m_first;
  TemporaryFile m_rest;  ///< a line each
  bool m_has_bad_data = false;
};

}  // namespace kundehub::cli

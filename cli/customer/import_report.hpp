#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/records.hpp"
#include "cli/session.hpp"
#include "core/exchange/importer.hpp"

namespace kundehub::cli {

/// What an import did, or in a dry run would do.
struct ImportReport {
  std::string file;
  exchange::ImportFormat format = exchange::ImportFormat::csv;
  std::string encoding;
  std::optional<char> delimiter;
  std::vector<exchange::ImportColumn> columns;
  exchange::ImportCounts counts;
  std::int64_t mails = 0;
  std::optional<OperationId> operation;
  std::vector<StagedCustomer> sample;                   ///< the first ones, as they are stored
  std::vector<exchange::ImportDifference> differences;  ///< the first ones
  std::int64_t more_differences = 0;
  std::vector<RowRejection> rejections;  ///< the first ones
};

extern const RecordKind import_kind;

/// The counts; in a dry run, and as JSON, what they are made of too.
void print_import_report(Session& session, const ImportReport& report);

}  // namespace kundehub::cli

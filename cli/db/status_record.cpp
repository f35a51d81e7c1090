#include "cli/db/status_record.hpp"

#include "cli/records.hpp"

namespace kundehub::cli {

const RecordKind store_status_kind{{"file", "bytes", "schema", "newest_schema", "customers", "contacts", "operations",
                                    "waiting_mails", "last_operation_at"},
                                   {"file", "bytes", "schema", "newest_schema", "customers", "contacts", "operations",
                                    "waiting_mails", "last_operation_at"},
                                   [](const Record& record) { return record.at("file").get<std::string>(); }};

Record to_record(const StoreStatus& status) {
  Record record = Record::object();
  record["file"] = status.file.native();
  record["bytes"] = status.bytes;
  record["schema"] = status.schema;
  record["newest_schema"] = status.newest_schema;
  record["customers"] = status.customers;
  record["contacts"] = status.contacts;
  record["operations"] = status.operations;
  record["waiting_mails"] = status.waiting_mails;
  record["last_operation_at"] = time_value(status.last_operation_at);
  return record;
}

}  // namespace kundehub::cli

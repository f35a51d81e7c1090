#include "cli/customer/import_report.hpp"

#include <ostream>

#include <fmt/format.h>

#include "cli/output_values.hpp"
#include "cli/records.hpp"
#include "core/exchange/import_merge.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

Record mapping_record(const ImportReport& report) {
  Record columns = Record::array();
  for (const exchange::ImportColumn& column : report.columns) {
    columns.push_back({{"column", column.name},
                       {"field", column.field ? Record(exchange::to_string(*column.field)) : Record(nullptr)}});
  }
  return columns;
}

Record sample_record(const StagedCustomer& customer) {
  Record record{{"row", customer.place.row},
                {"number", customer.number ? Record(customer.number->text()) : Record(nullptr)}};
  record["kind"] = to_string(customer.data.kind);
  for (const CustomerField& field : customer_fields())
    record[std::string(field.name)] = text_value(field.get(customer.data));
  record["tags"] = customer.data.tags;
  record["hub"] = to_string(customer.data.hub);
  record["modules"] = customer.data.modules;
  record["contacts"] = Record::array();
  if (customer.data.kind == CustomerKind::private_person) return record;
  for (const StagedContact& contact : customer.contacts) {
    Record own = Record::object();
    for (const ContactField& field : contact_fields())
      own[std::string(field.name)] = text_value(field.get(contact.data));
    own["hub"] = to_string(contact.data.hub);
    own["primary"] = contact.data.primary;
    record["contacts"].push_back(std::move(own));
  }
  return record;
}

Record difference_record(const exchange::ImportDifference& difference) {
  return {{"row", difference.row},
          {"number", difference.number.text()},
          {"contact", text_value(difference.contact)},
          {"field", difference.field.field},
          {"before", text_value(difference.field.before)},
          {"after", text_value(difference.field.after)}};
}

Record report_record(const ImportReport& report) {
  Record record = Record::object();
  record["file"] = report.file;
  record["format"] = exchange::to_string(report.format);
  record["encoding"] = report.encoding;
  record["delimiter"] = report.delimiter ? Record(*report.delimiter == '\t' ? "tab" : std::string(1, *report.delimiter))
                                         : Record(nullptr);
  record["rows"] = report.counts.rows;
  record["new"] = report.counts.added;
  record["changed"] = report.counts.changed;
  record["unchanged"] = report.counts.unchanged;
  record["duplicates"] = report.counts.duplicates;
  record["rejected"] = report.counts.rejected;
  record["contacts"] = report.counts.contacts_added;
  record["contacts_changed"] = report.counts.contacts_changed;
  record["mails"] = report.mails;
  record["operation"] = report.operation ? Record(fmt::format("op:{}", report.operation->value)) : Record(nullptr);
  record["mapping"] = mapping_record(report);
  record["sample"] = Record::array();
  for (const StagedCustomer& customer : report.sample) record["sample"].push_back(sample_record(customer));
  record["differences"] = Record::array();
  for (const auto& difference : report.differences) record["differences"].push_back(difference_record(difference));
  record["more_differences"] = report.more_differences;
  record["rejected_rows"] = Record::array();
  for (const RowRejection& rejection : report.rejections) {
    record["rejected_rows"].push_back(
        {{"row", rejection.place.row}, {"line", rejection.place.line}, {"reason", rejection.reason}});
  }
  return record;
}

std::string import_id(const Record& record) {
  return to_plain_text(record.at("operation"), Reader::program);
}

std::string shown(const Record& value) {
  return text::for_terminal(to_plain_text(value, Reader::person));
}

void print_section(std::ostream& out, const std::string& title, const std::vector<std::string>& headings,
                   const std::vector<std::vector<std::string>>& rows) {
  out << title << '\n' << to_table(headings, rows) << '\n';
}

void print_mapping(std::ostream& out, const Record& record) {
  std::vector<std::vector<std::string>> rows;
  for (const Record& column : record.at("mapping")) {
    const std::string field = shown(column.at("field"));
    rows.push_back({"  " + shown(column.at("column")), field.empty() ? tr("(not imported)") : field});
  }
  print_section(out, tr("Columns"), {"  COLUMN", "FIELD"}, rows);
}

/// A customer, one field a line: a table of them would be too wide for any terminal.
void print_sample(std::ostream& out, const Record& record) {
  constexpr std::size_t margin = 13;  // where values begin
  if (record.at("sample").empty()) return;
  out << tr("First new customers, as they are stored\n");
  for (const Record& customer : record.at("sample")) {
    for (const auto& [field, value] : customer.items()) {
      if (field == "contacts" || value.empty()) continue;
      std::string text = text::for_terminal_block(to_plain_text(value, Reader::person));
      for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', end + 1))
        text.insert(end + 1, margin, ' ');
      out << fmt::format("  {:<9}  {}\n", field, text);
    }
    for (const Record& contact : customer.at("contacts")) {
      out << fmt::format("  {:<9}  {} {} <{}>\n", "contact", shown(contact.at("first_name")),
                         shown(contact.at("last_name")), shown(contact.at("email")));
    }
    out << '\n';
  }
}

void print_differences(std::ostream& out, const ImportReport& report, const Record& record) {
  if (report.differences.empty()) return;
  std::vector<std::vector<std::string>> rows;
  for (const Record& one : record.at("differences")) {
    const auto value = [&](const char* key) { return one.at(key).is_null() ? tr("(none)") : shown(one.at(key)); };
    rows.push_back({"  " + shown(one.at("row")), shown(one.at("number")), shown(one.at("contact")),
                    shown(one.at("field")), value("before"), value("after")});
  }
  print_section(out, tr("Changes"), {"  ROW", "NUMBER", "CONTACT", "FIELD", "BEFORE", "AFTER"}, rows);
  if (report.more_differences > 0) out << tr("  and {} more\n\n", report.more_differences);
}

}  // namespace

const RecordKind import_kind{
    {"file", "format", "encoding", "delimiter", "rows", "new", "changed", "unchanged", "duplicates", "rejected",
     "contacts", "contacts_changed", "mails", "operation", "mapping", "sample", "differences", "more_differences",
     "rejected_rows"},
    {"file", "rows", "new", "changed", "unchanged", "duplicates", "rejected", "contacts", "mails", "operation"},
    import_id};

void print_import_report(Session& session, const ImportReport& report) {
  const Record record = report_record(report);
  OutputOptions output = session.options().output;
  const Format format = output.format.value_or(Format::table);
  if (format == Format::table && output.fields.empty()) {
    if (session.options().dry_run) {
      print_mapping(session.out(), record);
      print_sample(session.out(), record);
      print_differences(session.out(), report, record);
    }
    output.fields.assign(import_kind.fields.begin(), import_kind.fields.end() - 5);  // behind those come lists
  }
  if (format == Format::ids && !report.operation) return;  // nothing was kept that has an id
  RecordWriter writer(session.out(), output, import_kind, RecordWriter::Shape::one);
  writer.add(record);
  writer.finish();
}

}  // namespace kundehub::cli

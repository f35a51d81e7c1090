#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "core/model/customer_text.hpp"
#include "core/store/store.hpp"

namespace kundehub::exchange {

enum class ExportFormat { csv, tsv, jsonl, json, vcard };

struct ExportSettings {
  ExportFormat format = ExportFormat::csv;
  ContactsToo contacts = ContactsToo::no;
  bool excel = false;  ///< csv as a Danish Excel opens it: byte order mark, `;`, CRLF
};

/// Receives what is written, in pieces.
using Sink = std::function<void(std::string_view)>;

/// Writes customers one after the other: UTF-8, in constant memory.
class CustomerWriter {
 public:
  virtual ~CustomerWriter() = default;

  virtual void add(const CustomerText& customer) = 0;

  /// Writes what was held back. Must be called once.
  virtual void finish() = 0;
};

/// csv, tsv (RFC 4180, the latter with tabs): a line of headings and a row for each customer; with contacts a row for
/// each contact, or one for a customer without. json, jsonl: an object for each customer, absent values null, tags and
/// modules as arrays, with contacts an array of these. vcard: version 4.0 (RFC 6350), a card for each customer; with
/// contacts one for each contact besides.
std::unique_ptr<CustomerWriter> open_writer(const ExportSettings& settings, Sink sink);

}  // namespace kundehub::exchange

#pragma once

#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/exchange/customer_builder.hpp"
#include "core/exchange/record_reader.hpp"

namespace kundehub::exchange {

/// A record, read and checked.
struct BuiltRow {
  ImportedCustomer customer;
  std::string fault;  ///< all that is wrong with it; empty: `customer` is good
  std::vector<std::string> warnings;
  std::string text;  ///< as it came, if that is kept
};

enum class KeepTexts { no, yes };

/// Reads and checks records in a thread of its own, a few hundred ahead of who takes them.
class RowPipeline {
 public:
  /// Until it is destroyed, nobody else may use `records` and `builder`.
  RowPipeline(RecordReader& records, CustomerBuilder& builder, KeepTexts keep_texts);
  ~RowPipeline();
  RowPipeline(const RowPipeline&) = delete;
  RowPipeline& operator=(const RowPipeline&) = delete;

  /// The next row, valid until the next call; null at the end. Throws what reading has thrown, behind the rows before.
  BuiltRow* next();

 private:
  /// Reused again and again, so that its texts need no new memory.
  struct Batch {
    std::vector<BuiltRow> rows;
    std::size_t size = 0;
    bool is_last = false;
  };

  void work();
  void fill(Batch& batch);
  bool build_next(BuiltRow& row);

  RecordReader& m_records;
  CustomerBuilder& m_builder;
  KeepTexts m_keep_texts;
  ImportRecord m_record;

  std::array<Batch, 4> m_batches;
  std::mutex m_mutex;  // of the following
  std::condition_variable m_changed;
  std::size_t m_filled = 0, m_emptied = 0;  ///< batches, in all
  bool m_stops = false;
  std::exception_ptr m_failure;

  std::size_t m_at = 0;  ///< of the batch that is being taken
  std::thread m_thread;
};

}  // namespace kundehub::exchange

#include "core/exchange/row_pipeline.hpp"

#include "core/exchange/rejects.hpp"

namespace kundehub::exchange {
namespace {

constexpr std::size_t batch_size = 500;

}  // namespace

RowPipeline::RowPipeline(RecordReader& records, CustomerBuilder& builder, KeepTexts keep_texts)
    : m_records(records), m_builder(builder), m_keep_texts(keep_texts) {
  for (Batch& batch : m_batches) batch.rows.resize(batch_size);
  m_thread = std::thread([this] { work(); });
}

RowPipeline::~RowPipeline() {
  {
    const std::lock_guard lock(m_mutex);
    m_stops = true;
  }
  m_changed.notify_all();
  m_thread.join();
}

bool RowPipeline::build_next(BuiltRow& row) {
  if (!m_records.next(m_record)) return false;
  row.warnings.clear();
  row.fault = m_builder.build(m_record, m_records.columns(), row.customer, row.warnings);
  row.text = m_keep_texts == KeepTexts::yes ? rejected_text(m_record, m_records) : std::string();
  return true;
}

void RowPipeline::fill(Batch& batch) {
  batch.size = 0;
  batch.is_last = false;
  try {
    while (batch.size < batch_size && !batch.is_last) {
      if (build_next(batch.rows[batch.size])) {
        ++batch.size;
      } else {
        batch.is_last = true;
      }
    }
  } catch (...) {
    m_failure = std::current_exception();  // read only behind this batch
    batch.is_last = true;
  }
}

void RowPipeline::work() {
  for (bool is_last = false; !is_last;) {
    Batch* batch = nullptr;
    {
      std::unique_lock lock(m_mutex);
      m_changed.wait(lock, [&] { return m_stops || m_filled - m_emptied < m_batches.size(); });
      if (m_stops) return;
      batch = &m_batches[m_filled % m_batches.size()];
    }
    fill(*batch);
    is_last = batch->is_last;
    {
      const std::lock_guard lock(m_mutex);
      ++m_filled;
    }
    m_changed.notify_all();
  }
}

BuiltRow* RowPipeline::next() {
  for (;;) {
    Batch& batch = m_batches[m_emptied % m_batches.size()];
    if (m_at == 0) {
      std::unique_lock lock(m_mutex);
      m_changed.wait(lock, [&] { return m_filled > m_emptied; });
    }
    if (m_at < batch.size) return &batch.rows[m_at++];
    if (batch.is_last) {
      if (m_failure) std::rethrow_exception(m_failure);
      return nullptr;
    }
    {
      const std::lock_guard lock(m_mutex);
      ++m_emptied;
    }
    m_changed.notify_all();
    m_at = 0;
  }
}

}  // namespace kundehub::exchange

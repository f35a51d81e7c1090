#include <map>
#include <utility>

#include "core/store/sqlite/erased_rows.hpp"
#include "core/store/sqlite/errors.hpp"
#include "core/store/sqlite/sqlite_import_stage.hpp"

// What of a stage the real database has already.
namespace kundehub::sqlite {
namespace {

constexpr const char* match_by_number = R"sql(
  INSERT INTO staging.matched (position, customer_id)
  SELECT staged.id, there.id FROM staging.customer AS staged CROSS JOIN main.customer AS there
  WHERE length(there.number) = length(staged.number) AND there.number BETWEEN staged.number AND staged.number
  ORDER BY length(staged.number), staged.number
)sql";

constexpr const char* match_by_cvr = R"sql(
  INSERT OR IGNORE INTO staging.matched (position, customer_id)
  SELECT staged.id, there.id FROM staging.customer AS staged CROSS JOIN main.customer AS there ON there.cvr = staged.cvr
  WHERE staged.cvr IS NOT NULL AND (:all OR (staged.number GLOB '[?]*' AND staged.kind = 'business'))
)sql";

constexpr const char* match_by_email = R"sql(
  INSERT OR IGNORE INTO staging.matched (position, customer_id)
  SELECT staged.id, there.id
  FROM staging.customer AS staged CROSS JOIN main.customer AS there ON there.email_key = staged.email_key
  WHERE staged.email_key IS NOT NULL
    AND (:all OR (staged.number GLOB '[?]*' AND staged.kind = 'private' AND there.kind = 'private'))
)sql";

constexpr const char* select_matched = R"sql(
  SELECT position, customer_id FROM staging.matched WHERE position > :after ORDER BY position, customer_id
)sql";

constexpr const char* select_taken = R"sql(
  SELECT staged.id, there.id FROM staging.customer AS staged CROSS JOIN main.customer AS there
  WHERE length(there.number) = length(staged.number) AND there.number BETWEEN staged.number AND staged.number
    AND staged.id NOT IN (SELECT position FROM staging.matched)
  ORDER BY staged.id
)sql";

constexpr const char* select_double_matches = R"sql(
  SELECT first, position FROM (SELECT position, min(position) OVER (PARTITION BY customer_id) AS first
                               FROM staging.matched)
  WHERE position > first GROUP BY position ORDER BY position
)sql";

// A private customer is their own contact.
constexpr const char* select_staged_addresses = R"sql(
  SELECT customer_id, email_key FROM staging.contact WHERE email_key IS NOT NULL
  UNION ALL SELECT id, email_key FROM staging.customer WHERE email_key IS NOT NULL AND kind = 'business'
)sql";

}  // namespace

void SqliteImportStage::each_erased(const std::function<void(StagedId, const Error& why)>& visit) {
  translated([&] {
    if (!m_hasher || !has_erased(m_database)) return;
    std::map<std::int64_t, Error> found;
    for (Statement statement(m_database, select_staged_addresses); statement.executeStep();) {
      auto refusal = refusal_of_erased(m_database, m_hasher, statement.getColumn(1).getString());
      if (refusal) found.try_emplace(statement.getColumn(0).getInt64(), *std::move(refusal));
    }
    for (const auto& [id, why] : found) visit(StagedId{id}, why);
  });
}

void SqliteImportStage::find_matches(MatchKey key) {
  translated([&] {
    if (store_is_empty()) return;
    if (key == MatchKey::number || key == MatchKey::identity) m_database.exec(match_by_number);
    for (const auto& [own_key, sql] : {std::pair{MatchKey::cvr, match_by_cvr}, {MatchKey::email, match_by_email}}) {
      if (key != own_key && (key != MatchKey::identity || !m_has_unnumbered)) continue;
      Statement statement(m_database, sql);
      statement.bind(":all", key == own_key ? 1 : 0);
      statement.exec();
    }
  });
}

void SqliteImportStage::each_double_match(const std::function<void(StagedId, StagedId)>& visit) {
  translated([&] {
    for (const auto& [first, later] : read_pairs(Statement(m_database, select_double_matches)))
      visit(StagedId{first}, StagedId{later});
  });
}

void SqliteImportStage::each_match(
    const std::function<void(const StagedCustomer&, const std::vector<CustomerId>&)>& visit) {
  translated([&] {
    constexpr std::size_t batch_size = 1000;
    std::int64_t after = 0;
    for (;;) {  // in batches: `visit` changes the tables
      std::vector<std::pair<StagedId, std::vector<CustomerId>>> batch;
      Statement statement(m_database, select_matched);
      statement.bind(":after", after);
      while (statement.executeStep()) {
        const StagedId id{statement.getColumn(0).getInt64()};
        if (batch.empty() || batch.back().first != id) {
          if (batch.size() == batch_size) break;
          batch.emplace_back(id, std::vector<CustomerId>{});
        }
        batch.back().second.push_back(CustomerId{statement.getColumn(1).getInt64()});
      }
      statement.reset();
      for (const auto& [id, customers] : batch) visit(placed_customer(id), customers);
      if (batch.empty()) return;
      after = batch.back().first.value;
    }
  });
}

void SqliteImportStage::each_taken_number(const std::function<void(const StagedCustomer&, CustomerId)>& visit) {
  translated([&] {
    if (store_is_empty()) return;
    for (const auto& [id, holder] : read_pairs(Statement(m_database, select_taken)))
      visit(placed_customer(StagedId{id}), CustomerId{holder});
  });
}

}  // namespace kundehub::sqlite

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/model/ids.hpp"

namespace kundehub {

/// What a word of a command line may name.
enum class NameKind {
  customer_number,
  customer_id,  ///< `id:N` without its `id:`
  customer_cvr,
  customer_email,
  contact_email,
  contact_id,  ///< `contact:N` without its `contact:`
  tag,
  operation_id,  ///< `op:N` without its `op:`
};

/// Which names are wanted: those that begin with `prefix`; addresses without regard to case.
struct NameQuery {
  NameKind kind = NameKind::customer_number;
  std::string prefix;
  std::optional<CustomerId> customer{};  ///< of contacts and tags: only this customer's
  std::size_t limit = 200;               ///< at least 2
};

/// A name that is taken, and whose it is.
struct KnownName {
  std::string name;
  std::string whose;       ///< the customer's or the contact's name; of an operation the command line
  std::string customer{};  ///< of a contact: the customer's name; empty where the address occurs at several

  friend bool operator==(const KnownName&, const KnownName&) = default;
};

}  // namespace kundehub

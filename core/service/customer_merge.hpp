#pragma once

#include <string>
#include <vector>

#include "core/model/customer.hpp"
#include "core/store/operation.hpp"
#include "core/store/store.hpp"

/// Two records of one customer become one.
namespace kundehub {

enum class MergeSide { from, into };

/// A field that both have, and differently.
struct MergeConflict {
  std::string field;  ///< "phone", or of a contact "anna@nordlys.dk: phone"
  std::string from, into;

  bool operator==(const MergeConflict&) const = default;
};

/// Throws Error{conflict} if `from` cannot go into `into` at all: they are one, `into` is archived, a business would go
/// into a private customer; Error{bad_data} if a private customer's person lacks what a business's contact must have.
void check_mergeable(Store& store, const Customer& from, const Customer& into, Time now);

/// Empty if nobody has to choose. Number, kind and name are those of `into`, both notes are kept, and what only one of
/// them has is taken from it.
std::vector<MergeConflict> merge_conflicts(Store& store, const Customer& from, const Customer& into, Time now);

/// Moves contacts with their links, tags, modules and history to `into`, and deletes `from`. `preferred` gives the
/// value of each conflict. Of a person at both the contact with a way in is kept. Nobody gets access by it who had
/// none: whose customer's HUB switch was off, or who was archived, keeps out by the own switch (R15).
void merge_customers(Operation& operation, Store& store, const Customer& from, const Customer& into,
                     MergeSide preferred);

}  // namespace kundehub

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/options.hpp"
#include "cli/session.hpp"
#include "core/model/overview.hpp"
#include "core/store/store.hpp"
#include "core/welcome/send_plan.hpp"

namespace kundehub::cli {

/// TARGET: a CUSTOMER, meaning all of its contacts, or a CONTACT.
struct WelcomeTargets {
  std::vector<std::string> targets;
  std::optional<std::string> customer;  ///< where an address occurs at several
  std::optional<std::string> ids_from;
  FilterOptions filters;  ///< instead of names

  /// True if anybody is named, be it by an empty list.
  [[nodiscard]] bool any() const { return !targets.empty() || ids_from; }

  /// Throws Error{usage} if there are names and filters, or names and `selection`, an option that selects by itself.
  void check(bool selects, std::string_view selection) const;

  /// The same with the names in the list, which is read once.
  [[nodiscard]] WelcomeTargets with_list(Session& session) const;
};

/// `TARGET...`, `--customer`, `--ids-from` and the list filters.
void add_welcome_targets(CLI::App& app, WelcomeTargets& targets);

/// `TARGET` and `--customer`.
void add_welcome_target(CLI::App& app, WelcomeTargets& targets);

/// What a customer without contacts is: nobody to write to, or simply nobody.
enum class EmptyCustomer { refuse, skip };

/// Calls `visit` with each contact of each target, once, in the order given. Throws Error{not_found} for an unknown
/// target, and Error{conflict} for an ambiguous address or, if refused, a customer without contacts; of several targets
/// the others are visited and these errors returned instead.
std::vector<Error> each_target(Session& session, Store& store, const WelcomeTargets& targets,
                               const std::function<void(const ContactOverview&, TargetKind)>& visit,
                               EmptyCustomer empty = EmptyCustomer::refuse);

}  // namespace kundehub::cli

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/session.hpp"
#include "core/model/overview.hpp"
#include "core/store/store.hpp"
#include "core/welcome/send_plan.hpp"

namespace kundehub::cli {

/// TARGET: a CUSTOMER, meaning all of its contacts, or a CONTACT.
struct WelcomeTargets {
  std::vector<std::string> targets;
  std::optional<std::string> customer;  ///< where an address occurs at several
};

void add_welcome_targets(CLI::App& app, WelcomeTargets& targets);

/// What a customer without contacts is: nobody to write to, or simply nobody.
enum class EmptyCustomer { refuse, skip };

/// Calls `visit` with each contact of each target, once, in the order given. Throws Error{not_found} for an unknown
/// target, and Error{conflict} for an ambiguous address or, if refused, a customer without contacts; of several targets
/// the others are visited and these errors returned instead.
std::vector<Error> each_target(Session& session, Store& store, const WelcomeTargets& targets,
                               const std::function<void(const ContactOverview&, TargetKind)>& visit,
                               EmptyCustomer empty = EmptyCustomer::refuse);

}  // namespace kundehub::cli

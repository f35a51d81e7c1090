#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/options.hpp"
#include "cli/records.hpp"
#include "cli/session.hpp"
#include "core/store/store.hpp"

/// What the module commands share.
namespace kundehub::cli {

/// `--da` and `--en`: what people read.
struct ModuleTitles {
  std::optional<std::string> da, en;

  /// Throws Error{bad_data} for an empty title, or one that is no line of text.
  void apply(Module& module) const;
};
void add_module_titles(CLI::App& app, ModuleTitles& titles);

/// Throws Error{not_found} with the nearest known key.
Module find_module(Store& store, const std::string& key);

void print_module(Session& session, const Module& module);

}  // namespace kundehub::cli

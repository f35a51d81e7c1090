#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"

namespace kundehub::cli {
namespace {

struct ModuleListOptions {};

ExitCode run_module_list(const ModuleListOptions&, Session& session) {
  RecordWriter writer(session.out(), session.options().output, module_kind, RecordWriter::Shape::many);
  for (const Module& module : session.store().modules()) writer.add(to_record(module));
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_module_list(CLI::App& parent, Action& chosen) {
  add_verb(parent, "list", "the HUB's modules", std::make_shared<ModuleListOptions>(), run_module_list, chosen);
}

}  // namespace kundehub::cli

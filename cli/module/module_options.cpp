#include "cli/module/module_options.hpp"

#include <algorithm>

#include "core/service/hub_access.hpp"
#include "core/text/plain.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

std::string read_title(const char* option, const std::string& text) {
  constexpr int longest = 100;
  std::string title = text::clean_line(option, text, longest);
  if (title.empty()) throw Error(ErrorKind::bad_data, tr("a module needs a title in both languages"));
  return title;
}

}  // namespace

void ModuleTitles::apply(Module& module) const {
  if (da) module.title_da = read_title("--da", *da);
  if (en) module.title_en = read_title("--en", *en);
}

void add_module_titles(CLI::App& app, ModuleTitles& titles) {
  app.add_option("--da", titles.da, "its Danish title")->type_name("TITLE");
  app.add_option("--en", titles.en, "its English title")->type_name("TITLE");
}

Module find_module(Store& store, const std::string& key) {
  check_modules(store, {key});
  const auto modules = store.modules();
  return *std::ranges::find(modules, key, &Module::key);
}

void print_module(Session& session, const Module& module) {
  RecordWriter writer(session.out(), session.options().output, module_kind, RecordWriter::Shape::one);
  writer.add(to_record(module));
  writer.finish();
}

}  // namespace kundehub::cli

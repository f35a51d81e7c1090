#include <array>

#include "core/form/form.hpp"
#include "core/text/utf8.hpp"
#include "tests/fuzz/property.hpp"

using namespace kundehub;

namespace {

const std::array<FormKey, 4> keys{
    {{"name", FormShape::line}, {"notes", FormShape::block}, {"hub", FormShape::flag}, {"tags", FormShape::list}}};

std::string written(const FormValues& values) {
  std::vector<FormEntry> entries;
  for (const FormKey& key : keys) {
    if (const auto found = values.find(key.name); found != values.end())
      entries.push_back({key, "what it takes", found->second.value});
  }
  return write_form(std::array<std::string, 1>{"a form"}, entries);
}

/// What was read can be written, and is the same when it is read again.
void check_reading(std::string_view toml) {
  try {
    const FormValues values = read_form(toml, keys);
    const FormValues again = read_form(written(values), keys);
    fuzz::require(values.size() == again.size(), "no field is lost");
    for (const auto& [name, value] : values)
      fuzz::require_same(to_toml(again.at(name).value), to_toml(value.value), "a value stays");
  } catch (const FormError& error) {
    fuzz::require(!error.faults().empty(), "a refusal says why");
  }
}

/// Any text comes back from the form just as it was.
void check_writing(std::string_view text) {
  if (!text::is_valid_utf8(text)) return;
  const std::string value(text);
  const FormValues values{{"name", {value}}, {"notes", {value}}, {"tags", {std::vector<std::string>{value, value}}}};
  const FormValues again = read_form(written(values), keys);
  for (const char* name : {"name", "notes"})
    fuzz::require_same(std::get<std::string>(again.at(name).value), value, "a text comes back");
  fuzz::require_same(std::get<std::vector<std::string>>(again.at("tags").value).at(1), value, "a tag comes back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_reading(fuzz::text_of(data, size));
  check_writing(fuzz::text_of(data, size));
  return 0;
}

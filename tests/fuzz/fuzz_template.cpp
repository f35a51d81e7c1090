#include <optional>

#include "core/model/error.hpp"
#include "core/text/template.hpp"
#include "tests/fuzz/property.hpp"

using namespace kundehub;

namespace {

std::optional<std::string> fill(std::string_view source, const std::string& value, text::Escape escape) {
  try {
    return text::fill_template(source, {{"name", value}, {"link", "https://x"}, {"empty", ""}}, escape);
  } catch (const Error& error) {
    fuzz::require(error.kind() == ErrorKind::config, "what is wrong with a template is of its kind");
    return std::nullopt;
  }
}

/// With a value that nothing else holds, the places of the value can be told in the filled text.
void check(std::string_view source, text::Escape escape, std::string_view escaped) {
  constexpr char place = '\x01';
  const auto plain = fill(source, std::string(1, place), escape);
  const auto filled = fill(source, "{{link}}<a href='\"'>&{{{name}}}", escape);
  fuzz::require(plain.has_value() == filled.has_value(), "whether a template is good does not depend on its values");
  if (!plain) return;
  std::string expected;
  for (const char c : *plain) {
    if (c == place) {
      expected += escaped;
    } else {
      expected += c;
    }
  }
  fuzz::require_same(*filled, expected, "a value is inserted as it is, escaped where it has to be");
  if (source.find("{{") == std::string_view::npos)
    fuzz::require_same(*plain, std::string(source), "text without tags stays");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view source = fuzz::text_of(data, size);
  if (source.find('\x01') != std::string_view::npos) return 0;
  check(source, text::Escape::none, "{{link}}<a href='\"'>&{{{name}}}");
  check(source, text::Escape::html, "{{link}}&lt;a href=&#39;&quot;&#39;&gt;&amp;{{{name}}}");
  return 0;
}

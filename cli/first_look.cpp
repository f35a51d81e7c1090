#include "cli/first_look.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

/// The last value that `option` has on the line, as `--option VALUE` or `--option=VALUE`.
std::optional<std::string> value_on_line(std::span<const std::string> args, std::string_view option) {
  std::optional<std::string> value;
  const auto end = std::find(args.begin(), args.end(), "--");
  for (auto arg = args.begin(); arg != end; ++arg) {
    if (*arg == option && arg + 1 != end) value = arg[1];
    if (arg->starts_with(option) && arg->size() > option.size() && (*arg)[option.size()] == '=')
      value = arg->substr(option.size() + 1);
  }
  return value;
}

/// `da` of `da_DK.UTF-8`; everything that there is no catalog for is English.
std::string_view known_language(std::string_view locale) {
  return locale.substr(0, locale.find_first_of("_.@")) == "da" ? "da" : "en";
}

/// In a list such as `sv:da:en` the first counts that there are words for.
std::string_view language_of_environment(const Session& session) {
  std::optional<std::string> locale;
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (!locale) locale = session.environment(variable);
  }
  if (!locale || *locale == "C" || *locale == "POSIX") return "en";
  const std::string list = session.environment("LANGUAGE").value_or(*locale);
  for (std::size_t start = 0; start < list.size();) {
    const std::size_t end = std::min(list.find(':', start), list.size());
    const std::string_view one = std::string_view(list).substr(start, end - start);
    if (one.starts_with("da") || one.starts_with("en")) return known_language(one);
    start = end + 1;
  }
  return "en";
}

std::string format_of(std::span<const std::string> args, const Session& session) {
  return value_on_line(args, "--format").value_or(session.environment("KUNDEHUB_FORMAT").value_or(""));
}

/// What is installed with the program lies beside it, as in the build tree.
std::filesystem::path catalogs() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path() / ".." / "share" / "locale").lexically_normal();
}

}  // namespace

bool wants_json(std::span<const std::string> args, const Session& session) {
  const auto end = std::find(args.begin(), args.end(), "--");
  return std::find(args.begin(), end, "--json") != end || format_of(args, session) == "json";
}

std::string_view ui_language(std::span<const std::string> args, const Session& session) {
  constexpr std::array<std::string_view, 4> data{"json", "jsonl", "csv", "tsv"};
  const std::string format = format_of(args, session);
  if (wants_json(args, session) || std::find(data.begin(), data.end(), format) != data.end()) return "en";
  const auto named = value_on_line(args, "--ui-language");
  return named ? known_language(*named) : language_of_environment(session);
}

void use_ui_language_of(std::span<const std::string> args, const Session& session) {
  const std::string_view language = ui_language(args, session);
  use_ui_language(language, language == "en" ? std::filesystem::path() : catalogs());
}

}  // namespace kundehub::cli

#include "core/text/translate.hpp"

#include <langinfo.h>
#include <libintl.h>

#include <clocale>
#include <cstdlib>
#include <utility>

namespace kundehub {
namespace {

constexpr const char* domain = "kundehub";

bool is_translated = false;  // as the locale itself, the process's

}  // namespace

void use_ui_language(std::string_view language, const std::filesystem::path& catalogs) {
  const bool was_translated = std::exchange(is_translated, language != "en");
  if (!is_translated) {
    if (was_translated) std::setlocale(LC_MESSAGES, "C");
    return;
  }
  // Any locale but C makes gettext look at LANGUAGE; this one is on every machine, da_DK.UTF-8 is not.
  setenv("LANGUAGE", std::string(language).c_str(), 1);
  std::setlocale(LC_MESSAGES, "C.UTF-8");
  if (std::string_view(nl_langinfo(CODESET)) != "UTF-8") std::setlocale(LC_CTYPE, "C.UTF-8");
  bindtextdomain(domain, catalogs.c_str());
  bind_textdomain_codeset(domain, "UTF-8");
}

std::string_view detail::translated(const char* message) noexcept {
  return is_translated && *message ? dgettext(domain, message) : message;
}

std::string_view detail::translated(const char* one, const char* many, unsigned long count) noexcept {
  if (is_translated) return dngettext(domain, one, many, count);
  return count == 1 ? one : many;
}

std::string detail::fill(std::string_view pattern, fmt::string_view original, fmt::format_args values) {
  try {
    return fmt::vformat(pattern, values);
  } catch (const fmt::format_error&) {
    return fmt::vformat(original, values);
  }
}

std::string tr_text(std::string_view text) {
  return std::string(detail::translated(std::string(text).c_str()));
}

}  // namespace kundehub

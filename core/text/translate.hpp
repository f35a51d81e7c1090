#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace kundehub {

/// Makes `language` (`da`, or `en` for the words in the source) the one of tr() from here on, with the GNU gettext
/// catalogs below `catalogs` (`<language>/LC_MESSAGES/kundehub.mo`). A missing catalog leaves the words as they are.
/// Changes the process's locale for messages and, unless it knows UTF-8, for characters: not safe beside running
/// threads.
void use_ui_language(std::string_view language, const std::filesystem::path& catalogs);

namespace detail {

/// What the catalog has for `message`, or itself.
std::string_view translated(const char* message) noexcept;
std::string_view translated(const char* one, const char* many, unsigned long count) noexcept;

/// `pattern` filled in, or `original` if a translator has broken it.
std::string fill(std::string_view pattern, fmt::string_view original, fmt::format_args values);

}  // namespace detail

/// A sentence for people, in their language: `message` (a literal, which xgettext finds) in the catalog's words, filled
/// in as by fmt::format. Never for what a program reads or the database keeps.
template <class... Values>
std::string tr(fmt::format_string<Values...> message, Values&&... values) {
  const fmt::string_view original(message);
  return detail::fill(detail::translated(original.data()), original, fmt::make_format_args(values...));
}

/// The same with the words that `count` asks for: `one` for one, `many` for all others.
template <class... Values>
std::string tr_n(fmt::format_string<Values...> one, fmt::format_string<Values...> many, std::size_t count,
                 Values&&... values) {
  const fmt::string_view single(one), several(many);
  return detail::fill(detail::translated(single.data(), several.data(), count), count == 1 ? single : several,
                      fmt::make_format_args(values...));
}

/// A marked literal (see translatable) in the user's language, filled in with `values`.
template <class... Values>
std::string tr_pattern(const char* message, Values&&... values) {
  return detail::fill(detail::translated(message), message, fmt::make_format_args(values...));
}

/// Marks a literal of a table for xgettext; whoever shows it says tr_text().
constexpr const char* translatable(const char* text) {
  return text;
}

/// A literal that was marked, or the description of an option, in the user's language; nothing is filled in.
std::string tr_text(std::string_view text);

}  // namespace kundehub

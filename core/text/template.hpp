#pragma once

#include <map>
#include <string>
#include <string_view>

namespace kundehub::text {

/// The names a template may use and their values. An empty value makes `{{#name}}…{{/name}}` skip and `{{^name}}` show.
using TemplateValues = std::map<std::string, std::string, std::less<>>;

enum class Escape { none, html };

/// Fills a mustache template once: values are inserted, never expanded again. Throws Error{config} for a malformed
/// template, an unbalanced section, a partial, other delimiters, an unescaped value under Escape::html (`{{{name}}}`,
/// `{{&name}}`), or a name that `values` does not have. Filling a template again is cheap: each thread keeps the last
/// ones it has read.
std::string fill_template(std::string_view source, const TemplateValues& values, Escape escape);

}  // namespace kundehub::text

#include "core/text/template.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include "core/model/error.hpp"
#include "core/text/nearest.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::text {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Walks the tags as the mustache library will and refuses what it would let pass in silence.
class TagCheck {
 public:
  TagCheck(std::string_view source, const TemplateValues& values, Escape escape)
      : m_source(source), m_values(values), m_escape(escape) {}

  void run() {
    while ((m_position = m_source.find("{{", m_position)) != std::string_view::npos) {
      const bool is_triple = m_source.substr(m_position + 2).starts_with('{');
      const std::string_view end = is_triple ? "}}}" : "}}";
      const std::size_t begin = m_position + end.size();
      const std::size_t close = m_source.find(end, begin);
      if (close == std::string_view::npos) refuse(tr("a tag is not closed"));
      const std::string_view content = trim(m_source.substr(begin, close - begin));
      if (is_triple) {
        check_unescaped(content);
      } else {
        check_tag(content);
      }
      m_position = close + end.size();
    }
    m_position = m_source.size();
    if (!m_open.empty()) refuse(tr("the section {} is not closed", text::quoted(m_open.back())));
  }

 private:
  [[noreturn]] void refuse(std::string_view what, std::string hint = {}) const {
    const auto line =
        1 + std::count(m_source.begin(), m_source.begin() + static_cast<std::ptrdiff_t>(m_position), '\n');
    throw Error(ErrorKind::config, tr("template line {}: {}", line, what), std::move(hint));
  }

  void check_tag(std::string_view content) {
    const char sigil = content.empty() ? '\0' : content.front();
    const std::string_view name = content.empty() ? content : trim(content.substr(1));
    switch (sigil) {
      case '!':
        return;
      case '&':
        return check_unescaped(name);
      case '>':
        refuse(tr("the partial {} is not allowed", text::quoted(name)));
      case '=':
        refuse(tr("other delimiters than {{{{ and }}}} are not allowed"));
      case '#':
      case '^':
        check_name(name);
        m_open.push_back(name);
        return;
      case '/':
        return close_section(name);
      default:
        return check_name(content);
    }
  }

  void check_unescaped(std::string_view name) const {
    if (m_escape != Escape::none)
      refuse(tr("the value {} must be escaped", text::quoted(name)), tr("write {{{{{}}}}}", name));
    check_name(name);
  }

  /// The library takes a name with dots apart, so one cannot be looked up as a whole.
  void check_name(std::string_view name) const {
    if (m_values.contains(name) && name.find('.') == std::string_view::npos) return;
    std::vector<std::string_view> known;
    for (const auto& [key, value] : m_values) known.push_back(key);
    const auto meant = nearest(name, known);
    refuse(tr("unknown name {}", text::quoted(name)),
           meant ? tr("did you mean {}", text::quoted(*meant)) : tr("known names: {}", fmt::join(known, ", ")));
  }

  void close_section(std::string_view name) {
    if (m_open.empty()) refuse(tr("the section {} was not opened", text::quoted(name)));
    if (m_open.back() != name) {
      refuse(tr("the section {} ends inside the section {}", text::quoted(name), text::quoted(m_open.back())));
    }
    m_open.pop_back();
  }

  std::string_view m_source;
  const TemplateValues& m_values;
  Escape m_escape;
  std::size_t m_position = 0;
  std::vector<std::string_view> m_open;
};

/// For text and quoted attributes. Numeric for the apostrophe: old mail programs do not know `&apos;`.
std::string escape_html(const std::string& text) {
  std::string escaped;
  escaped.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string keep(const std::string& text) {
  return text;
}

/// `source` read by the library. Reading costs twenty times as much as filling, and a delivery run fills the same few
/// templates for thousands of people, so each thread keeps what it has read.
kainjow::mustache::mustache& parsed(std::string_view source) {
  constexpr std::size_t max_kept = 16;
  thread_local std::map<std::string, kainjow::mustache::mustache, std::less<>> kept;
  if (const auto found = kept.find(source); found != kept.end()) return found->second;

  const std::string text(source);
  kainjow::mustache::mustache engine(text);
  if (!engine.is_valid()) throw Error(ErrorKind::config, tr("template: {}", engine.error_message()));
  if (kept.size() == max_kept) kept.clear();
  return kept.emplace(text, std::move(engine)).first->second;
}

}  // namespace

std::string fill_template(std::string_view source, const TemplateValues& values, Escape escape) {
  TagCheck(source, values, escape).run();
  kainjow::mustache::data data;
  for (const auto& [name, value] : values) {
    // The library takes an empty string for true; only `false` makes it skip a section.
    data.set(name, value.empty() ? kainjow::mustache::data(false) : kainjow::mustache::data(value));
  }
  kainjow::mustache::mustache& engine = parsed(source);
  engine.set_custom_escape(escape == Escape::html ? escape_html : keep);
  return engine.render(data);
}

}  // namespace kundehub::text

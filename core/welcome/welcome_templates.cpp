#include "core/welcome/welcome_templates.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <sodium.h>

#include "core/embedded.hpp"
#include "core/model/error.hpp"
#include "core/text/nearest.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"
#include "core/text/utf8.hpp"
#include "core/welcome/welcome_mail.hpp"

namespace kundehub {
namespace {

constexpr std::uintmax_t largest_file = 256 * 1024;

std::size_t place(Language language, TemplatePart part) {
  return static_cast<std::size_t>(language) * 2 + static_cast<std::size_t>(part);
}

Error unreadable(const std::filesystem::path& file, std::string_view why) {
  return Error(ErrorKind::config, tr("the template {} {}", text::quoted(file.native()), why),
               tr("mend it, or delete it to have the built-in one"));
}

/// A FIFO would hang the reading, so the file is looked at first.
std::string read_source(const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file)) throw unreadable(file, tr("is no regular file"));
  if (std::filesystem::file_size(file) > largest_file) throw unreadable(file, tr("is larger than 256 KiB"));
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.good()) throw unreadable(file, tr("cannot be read"));
  if (!text::is_valid_utf8(bytes)) throw unreadable(file, tr("is not written in UTF-8"));
  std::string source = bytes.starts_with("\xEF\xBB\xBF") ? bytes.substr(3) : bytes;
  for (std::size_t at = 0; (at = source.find("\r\n", at)) != std::string::npos;) source.erase(at, 1);
  return source;
}

std::size_t count(std::string_view text, std::string_view word) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; at += word.size()) ++found;
  return found;
}

/// Whatever a mail program would fetch tells somebody that the mail was read (DELIVERY.md: no remote images).
void refuse_remote(const std::string& html) {
  std::string small;  // without blanks: `src = x` loads too
  for (const char c : html) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f') small += c >= 'A' && c <= 'Z' ? char(c + 32) : c;
  }
  constexpr std::array<std::string_view, 20> loads{
      "src=",   "srcset=", "background=", "poster=", "url(",    "@import", "http-equiv=\"refresh",
      "<link",  "<script", "<base",       "<iframe", "<frame",  "<object", "<embed",
      "<video", "<audio",  "<svg",        "<image",  "<applet", "<form"};
  for (const std::string_view word : loads) {
    if (small.find(word) == std::string::npos) continue;
    throw Error(ErrorKind::config,
                tr("template: {} has no place in a mail: it would load from elsewhere, and tell that the mail "
                   "was opened",
                   text::quoted(word)));
  }
}

/// The subject is seen by every server on the way and on locked screens, and is one line.
void check_subject(const WelcomeTemplate& source) {
  const std::string_view first_line = std::string_view(source.source).substr(0, source.source.find('\n'));
  for (const std::string_view name : {"link", "message"}) {
    for (const std::string_view sigil : {"", "#", "^", "&", "{"}) {
      if (first_line.find(fmt::format("{{{{{}{}", sigil, name)) == std::string_view::npos) continue;
      throw Error(ErrorKind::config, tr("template: the subject must not have {}", text::quoted(name)),
                  tr("write it below the empty line"));
    }
  }
}

/// They have no place in a mail, and some would change what a terminal shows of it.
void refuse_controls(std::string_view source) {
  const auto is_control = [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; };
  const auto found = std::ranges::find_if(source, is_control);
  if (found == source.end()) return;
  throw Error(ErrorKind::config,
              tr("template: line {} has the control character {}", 1 + std::count(source.begin(), found, '\n'),
                 text::quoted(std::string(1, *found))),
              tr("take it out"));
}

/// With every value, and with none but the link: a link that some mails lack is worth nothing.
void check_words(const WelcomeTemplate& source) {
  refuse_controls(source.source);
  for (const bool is_full : {true, false}) {
    text::TemplateValues values;
    for (const auto& [name, example] : template_names()) {
      values.emplace(name, is_full || name == "link" ? example : std::string_view());
    }
    const std::string rendered = render_template_part(source, values);
    const std::string body = source.part == TemplatePart::text ? rendered.substr(rendered.find("\n\n")) : rendered;
    if (rendered.starts_with("Subject: \n"))
      throw Error(ErrorKind::config, tr("template: the subject is empty"),
                  tr("let the first line be Subject: and its words"));
    if (count(body, values.find("link")->second) == 0) {
      throw Error(ErrorKind::config,
                  is_full ? tr("template: the mail that it makes has no link")
                          : tr("template: the mail to somebody of whom little is known has no link"),
                  tr("write {{{{link}}}} outside of every section"));
    }
    if (source.part == TemplatePart::html) refuse_remote(rendered);
  }
  if (source.part == TemplatePart::text) check_subject(source);
}

}  // namespace

std::string WelcomeTemplate::name() const {
  return fmt::format("welcome.{}.{}", to_string(language), part == TemplatePart::text ? "txt" : "html");
}

void check_template(const WelcomeTemplate& source) {
  try {
    check_words(source);
  } catch (const Error& error) {
    const std::string where = source.file.empty() ? source.name() : source.file.native();
    throw Error(ErrorKind::config, fmt::format("{}: {}", text::for_terminal(where), error.what()),
                error.hint().empty() ? fmt::format("kundehub template edit {}", source.name()) : error.hint());
  }
}

std::vector<std::pair<std::string_view, std::string_view>> template_names() {
  return {{"name", "Anna Berg"},
          {"first_name", "Anna"},
          {"address", "anna@nordlys.dk"},
          {"company", "Holm Bogføring"},
          {"customer", "Nordlys ApS"},
          {"link", "https://hub.example.dk/welcome?token=*******************************************"},
          {"expires", "mandag den 30. november 2026 kl. 11.07"},
          {"message", "Tak for i går."},
          {"support", "support@example.dk"}};
}

WelcomeTemplates::WelcomeTemplates() {
  for (const Language language : {Language::da, Language::en}) {
    for (const TemplatePart part : {TemplatePart::text, TemplatePart::html}) {
      WelcomeTemplate& entry = m_templates.at(place(language, part));
      entry = {.language = language, .part = part, .source = {}};
      entry.source = embedded_file(entry.name());
    }
  }
  hash_sources();
}

WelcomeTemplates WelcomeTemplates::read(const std::filesystem::path& folder) {
  WelcomeTemplates templates;
  if (!std::filesystem::is_directory(folder)) return templates;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::filesystem::path& file = entry.path();
    const std::string name = file.filename().native();
    if (name.starts_with('.') || (file.extension() != ".txt" && file.extension() != ".html")) continue;
    const auto known = std::ranges::find(templates.m_templates, name, &WelcomeTemplate::name);
    if (known == templates.m_templates.end()) {
      std::vector<std::string> names;
      for (const WelcomeTemplate& one : templates.m_templates) names.push_back(one.name());
      const auto near = text::nearest(name, std::vector<std::string_view>(names.begin(), names.end()));
      throw Error(ErrorKind::config, tr("{} is no template's name", text::quoted(file.native())),
                  near ? tr("did you mean {}", *near) : tr("the names are {}", fmt::join(names, ", ")));
    }
    known->file = file;
    known->source = read_source(file);
  }
  templates.hash_sources();
  return templates;
}

const WelcomeTemplate& WelcomeTemplates::get(Language language, TemplatePart part) const {
  return m_templates.at(place(language, part));
}

const std::string& WelcomeTemplates::hash(Language language) const {
  return m_hashes.at(static_cast<std::size_t>(language));
}

std::vector<std::string> WelcomeTemplates::not_replaced(Language language) const {
  std::vector<std::string> names;
  if (std::ranges::all_of(m_templates, [](const WelcomeTemplate& one) { return one.file.empty(); })) return names;
  for (const WelcomeTemplate& one : m_templates) {
    if (one.language == language && one.file.empty()) names.push_back(one.name());
  }
  return names;
}

void WelcomeTemplates::hash_sources() {
  for (const Language language : {Language::da, Language::en}) {
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (const TemplatePart part : {TemplatePart::text, TemplatePart::html}) {
      const std::string& source = get(language, part).source;
      crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(source.data()), source.size());
    }
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256_final(&state, digest.data());
    std::string hex;
    for (std::size_t i = 0; i < 8; ++i) hex += fmt::format("{:02x}", digest[i]);
    m_hashes.at(static_cast<std::size_t>(language)) = hex;
  }
}

}  // namespace kundehub

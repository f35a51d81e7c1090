#include "core/welcome/welcome_mail.hpp"

#include <array>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

/// The words of a date, as struct tm counts them: Sunday and January are 0.
struct DateWords {
  std::array<std::string_view, 7> weekdays;
  std::array<std::string_view, 12> months;
};

constexpr DateWords danish{{"søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"},
                           {"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
                            "oktober", "november", "december"}};

constexpr DateWords english{{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
                            {"January", "February", "March", "April", "May", "June", "July", "August", "September",
                             "October", "November", "December"}};

void check_language(std::string_view language) {
  if (language == "da" || language == "en") return;
  throw Error(ErrorKind::config, tr("there is no welcome mail in the language {}", text::quoted(language)),
              tr("the languages are da and en"));
}

struct TextTemplate {
  std::string_view subject, body;
};

/// Takes the `Subject: …` line and the empty line after it from the body.
TextTemplate split_subject(std::string_view source) {
  constexpr std::string_view header = "Subject: ";
  const std::size_t end = source.find("\n\n");
  if (!source.starts_with(header) || end == std::string_view::npos || source.find('\n') != end) {
    throw Error(ErrorKind::config, tr("template: it does not begin with a subject and an empty line"),
                tr("let the first line be Subject: and the words of it, the second empty"));
  }
  return {source.substr(header.size(), end - header.size()), source.substr(end + 2)};
}

/// A line break here would add a header to the mail, so it is refused even though the model lets none in.
std::string fill_subject(std::string_view source, const text::TemplateValues& values) {
  std::string subject = text::fill_template(source, values, text::Escape::none);
  if (text::for_terminal(subject) != subject) {
    throw Error(ErrorKind::bad_data,
                tr("subject {} contains a character that a mail header must not have", text::quoted(subject)));
  }
  return subject;
}

}  // namespace

std::string render_template_part(const WelcomeTemplate& source, const text::TemplateValues& values) {
  if (source.part == TemplatePart::html) return text::fill_template(source.source, values, text::Escape::html);
  const TextTemplate plain = split_subject(source.source);
  fill_subject(plain.subject, values);
  return text::fill_template(source.source, values, text::Escape::none);
}

WelcomeMailText render_welcome_mail(const WelcomeTemplates& templates, Language language,
                                    const text::TemplateValues& values) {
  const TextTemplate plain = split_subject(templates.get(language, TemplatePart::text).source);
  const auto link = values.find("link");
  if (link != values.end() && link->second.empty())
    throw Error(ErrorKind::internal, tr("the welcome mail has no link"));
  return {.subject = fill_subject(plain.subject, values),
          .text = text::fill_template(plain.body, values, text::Escape::none),
          .html = text::fill_template(templates.get(language, TemplatePart::html).source, values, text::Escape::html)};
}

std::string expiry_text(Time expires, std::string_view language) {
  check_language(language);
  const auto local = to_local(expires);
  if (!local) throw Error(ErrorKind::internal, tr("no calendar has the moment {}", to_rfc3339(expires)));
  const bool is_danish = language == "da";
  const DateWords& words = is_danish ? danish : english;
  const std::string_view weekday = words.weekdays[static_cast<std::size_t>(local->tm_wday)];
  const std::string_view month = words.months[static_cast<std::size_t>(local->tm_mon)];
  const int year = local->tm_year + 1900;
  if (is_danish) {
    return fmt::format("{} den {}. {} {} kl. {:02}.{:02}", weekday, local->tm_mday, month, year, local->tm_hour,
                       local->tm_min);
  }
  return fmt::format("{} {} {} {} at {:02}:{:02}", weekday, local->tm_mday, month, year, local->tm_hour, local->tm_min);
}

}  // namespace kundehub

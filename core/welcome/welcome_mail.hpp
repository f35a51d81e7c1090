#pragma once

#include <string>
#include <string_view>

#include "core/model/time.hpp"
#include "core/text/template.hpp"
#include "core/welcome/welcome_templates.hpp"

namespace kundehub {

/// What a welcome mail says. UTF-8 with LF line ends; the MIME layer encodes it.
struct WelcomeMailText {
  std::string subject;  ///< one line
  std::string text, html;
};

/// Fills the templates of `language`. `values` holds each of template_names(); all but `link` may be empty. Throws
/// Error{config} as fill_template, Error{bad_data} if a value would break the subject's line, Error{internal} if the
/// link is empty: a welcome mail without one would let nobody in.
WelcomeMailText render_welcome_mail(const WelcomeTemplates& templates, Language language,
                                    const text::TemplateValues& values);

/// One part of it; of a text with the subject's line before it.
std::string render_template_part(const WelcomeTemplate& source, const text::TemplateValues& values);

/// The moment in the zone of use_time_zone and the words of `language`: `mandag den 30. november 2026 kl. 11.07` or
/// `Monday 30 November 2026 at 11:07`. The process's locale plays no part. Throws Error{config} for another language.
std::string expiry_text(Time expires, std::string_view language);

}  // namespace kundehub

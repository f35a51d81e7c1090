#pragma once

#include <string>
#include <string_view>

#include "core/model/time.hpp"
#include "core/text/template.hpp"

namespace kundehub {

/// What a welcome mail says. UTF-8 with LF line ends; the MIME layer encodes it.
struct WelcomeMailText {
  std::string subject;  ///< one line
  std::string text, html;
};

/// Fills the compiled-in templates of `language` (`da` or `en`). `values` holds `name`, `first_name`, `address`,
/// `company`, `customer`, `link`, `expires`, `message` and `support`; all but `link` may be empty. The link stands once
/// in the text and once in the HTML, and no other. Throws Error{config} for another language or a name that is missing,
/// Error{bad_data} if a value would break the subject's line, Error{internal} if the link is empty: a welcome mail
/// without one would let nobody in.
WelcomeMailText render_welcome_mail(std::string_view language, const text::TemplateValues& values);

/// Tells one wording of the templates from another: the first 16 hex digits of the SHA-256 of their sources (subject
/// and text, then HTML). Throws Error{config} for a language other than `da` and `en`.
std::string welcome_template_hash(std::string_view language);

/// The moment in the zone of use_time_zone and the words of `language`: `mandag den 30. november 2026 kl. 11.07` or
/// `Monday 30 November 2026 at 11:07`. The process's locale plays no part. Throws Error{config} for another language.
std::string expiry_text(Time expires, std::string_view language);

}  // namespace kundehub

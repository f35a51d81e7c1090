#include "core/mail/module/compose.hpp"

#include <algorithm>
#include <iterator>
#include <memory>

#include <fmt/core.h>

#include "core/mail/module/address.hpp"
#include "core/mail/module/gmime_objects.hpp"
#include "core/mail/module/plain_text.hpp"

namespace kundehub::mail {
namespace {

constexpr std::size_t max_line_bytes = 998;        // RFC 5322, 2.1.1
constexpr std::size_t max_message_id_bytes = 200;  // it must fit a file name too, with an escape or two
constexpr std::size_t word_bytes = 45;             // in base64 with its frame 72 of the 75 that RFC 2047, 2 allows

void check_line(std::string_view field, std::string_view value, Blame blame) {
  const std::string_view fault = line_fault(value);
  if (!fault.empty()) throw Unsendable(blame, fmt::format("{} {} {}", field, quoted(value), fault));
}

/// RFC 5322, section 3.6.4, but for quoted and literal forms, which we never make.
void check_message_id(std::string_view id) {
  const std::size_t at = id.find('@');
  const auto is_plain = [](char c) {
    return c > ' ' && c < 0x7F && std::string_view("<>()[]\\,;:\"").find(c) == std::string_view::npos;
  };
  const bool sides =
      at != std::string_view::npos && at > 0 && at + 1 < id.size() && id.find('@', at + 1) == std::string_view::npos;
  if (!sides || id.size() > max_message_id_bytes || !std::all_of(id.begin(), id.end(), is_plain)) {
    throw Unsendable(Blame::settings, fmt::format("message id {} is malformed", quoted(id)));
  }
}

/// `text` as encoded-words in base64 (RFC 2047, section 4.1), none of which splits a character (section 5).
std::string encoded_words(std::string_view text) {
  std::string words;
  while (!text.empty()) {
    const std::size_t size = whole_prefix(text, word_bytes);
    const GString0 base64(g_base64_encode(reinterpret_cast<const guchar*>(text.data()), size));
    words += fmt::format("{}=?utf-8?B?{}?=", words.empty() ? "" : " ", base64.get());
    text.remove_prefix(size);
  }
  return words;
}

/// What GMime is to encode. Text that looks like an encoded-word would pass as it is and be decoded by the reader, and
/// of long text GMime makes words of more than 75 characters (RFC 2047, section 2): both are encoded here.
std::string header_text(const std::string& text) {
  constexpr std::size_t short_enough = 36;
  const bool is_ascii =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const bool looks_encoded = text.find("=?") != std::string::npos;
  return looks_encoded || (!is_ascii && text.size() > short_enough) ? encoded_words(text) : text;
}

void add_mailbox(InternetAddressList* list, std::string_view field, const Mailbox& mailbox, const std::string& address,
                 Blame blame) {
  check_line(fmt::format("{} name", field), mailbox.name, blame);
  const std::string name = header_text(mailbox.name);
  const GObjectPtr<InternetAddress> entry(
      internet_address_mailbox_new(name.empty() ? nullptr : name.c_str(), address.c_str()));
  internet_address_set_charset(entry.get(), "utf-8");
  internet_address_list_add(list, entry.get());
}

/// `text` with LF line ends and one at its end.
std::string clean_body(std::string_view field, std::string_view text) {
  std::string body;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') body += text[i];
  }
  if (const std::string_view fault = body_fault(body); !fault.empty()) {
    throw Unsendable(Blame::this_mail, fmt::format("{} {}", field, fault));
  }
  if (body.empty() || body.back() != '\n') body += '\n';
  return body;
}

/// Quoted-printable (RFC 2045, section 6.7): all ASCII, short lines, and Danish stays legible.
void add_alternative(GMimeMultipart* parts, const char* subtype, const std::string& body) {
  const GObjectPtr<GMimePart> part(g_mime_part_new_with_type("text", subtype));
  g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "charset", "utf-8");
  const GObjectPtr<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(body.data(), body.size()));
  const GObjectPtr<GMimeDataWrapper> content(
      g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
  g_mime_part_set_content(part.get(), content.get());
  g_mime_part_set_content_encoding(part.get(), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  g_mime_multipart_add(parts, GMIME_OBJECT(part.get()));
}

void set_date(GMimeMessage* message, Time time) {
  GDateTime* date = g_date_time_new_from_unix_utc(time.time_since_epoch().count());
  if (date == nullptr) throw Unsendable(Blame::settings, "the date is out of range");
  g_mime_message_set_date(message, date);
  g_date_time_unref(date);
}

void set_headers(GMimeMessage* target, const Message& message, const WireMail& envelope) {
  set_date(target, message.date);
  check_message_id(message.message_id);
  g_mime_message_set_message_id(target, message.message_id.c_str());
  add_mailbox(g_mime_message_get_from(target), "sender", message.from, envelope.sender, Blame::settings);
  add_mailbox(g_mime_message_get_to(target), "recipient", message.to, envelope.recipient, Blame::this_mail);
  if (message.reply_to) {
    const std::string address = envelope_address("reply-to", message.reply_to->address, Blame::settings);
    add_mailbox(g_mime_message_get_reply_to(target), "reply-to", *message.reply_to, address, Blame::settings);
  }
  check_line("subject", message.subject, Blame::this_mail);
  g_mime_message_set_subject(target, header_text(message.subject).c_str(), "utf-8");
  g_mime_object_set_header(GMIME_OBJECT(target), "Auto-Submitted", "auto-generated", nullptr);
}

void set_bodies(GMimeMessage* target, const Message& message) {
  const GObjectPtr<GMimeMultipart> parts(g_mime_multipart_new_with_subtype("alternative"));
  add_alternative(parts.get(), "plain", clean_body("text", message.text));
  add_alternative(parts.get(), "html", clean_body("html text", message.html));
  g_mime_message_set_mime_part(target, GMIME_OBJECT(parts.get()));
}

/// The promise of WireMail::content, checked: a bare LF is how one mail smuggles in another.
bool is_wire_form(std::string_view content) {
  std::size_t start = 0;
  while (start < content.size()) {
    const std::size_t end = content.find_first_of("\r\n", start);
    if (end == std::string_view::npos || end - start > max_line_bytes || content.substr(end, 2) != "\r\n") return false;
    start = end + 2;
  }
  return std::all_of(content.begin(), content.end(), [](char c) { return c > 0; });
}

}  // namespace

std::string WireMail::content_with_lf() const {
  std::string text;
  text.reserve(content.size());
  std::copy_if(content.begin(), content.end(), std::back_inserter(text), [](char c) { return c != '\r'; });
  return text;
}

WireMail compose_mail(const Message& message) {
  initialise_gmime();
  WireMail mail{.sender = envelope_address("sender", message.from.address, Blame::settings),
                .recipient = envelope_address("recipient", message.to.address, Blame::this_mail),
                .content = {}};
  const GObjectPtr<GMimeMessage> target(g_mime_message_new(FALSE));
  set_headers(target.get(), message, mail);
  set_bodies(target.get(), message);
  const Options options(g_mime_format_options_new());
  g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
  const GString0 content(g_mime_object_to_string(GMIME_OBJECT(target.get()), options.get()));
  mail.content = content.get();
  if (!mail.content.ends_with("\r\n")) mail.content += "\r\n";
  if (!is_wire_form(mail.content))
    throw Unsendable(Blame::this_mail, "a header of the mail has a line above 998 bytes");
  return mail;
}

}  // namespace kundehub::mail

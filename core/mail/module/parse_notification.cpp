#include "core/mail/module/parse_notification.hpp"

#include <algorithm>
#include <string>

#include <fmt/core.h>
#include <idn2.h>

#include "core/mail/module/gmime_objects.hpp"
#include "core/mail/module/plain_text.hpp"

namespace kundehub::mail {
namespace {

GObjectPtr<GMimeStream> stream_of(std::string_view text) {
  return GObjectPtr<GMimeStream>(g_mime_stream_mem_new_with_buffer(text.data(), text.size()));
}

/// A part's content, decoded.
std::string content_of(GMimePart* part) {
  GMimeDataWrapper* wrapper = g_mime_part_get_content(part);
  if (wrapper == nullptr) return {};
  const GObjectPtr<GMimeStream> stream(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(wrapper, stream.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

/// A group of fields, as the status part is made of (RFC 3464, section 2.1): for GMime, the headers of a part.
GObjectPtr<GMimeObject> read_fields(std::string_view text) {
  const auto stream = stream_of(text);
  const GObjectPtr<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  return GObjectPtr<GMimeObject>(g_mime_parser_construct_part(parser.get(), nullptr));
}

std::string field(GMimeObject* fields, const char* name) {
  const char* value = fields == nullptr ? nullptr : g_mime_object_get_header(fields, name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return std::string(text.substr(begin, text.find_last_not_of(blanks) + 1 - begin));
}

/// What follows the type of `rfc822;anna@example.dk` or `smtp; 550 unknown` (RFC 3464, section 2.1.2).
std::string without_type(std::string_view value) {
  const std::size_t semicolon = value.find(';');
  return trimmed(semicolon == std::string_view::npos ? value : value.substr(semicolon + 1));
}

std::string without_brackets(std::string text) {
  text = trimmed(text);
  if (text.starts_with('<') && text.ends_with('>')) return text.substr(1, text.size() - 2);
  return text;
}

/// The address with its domain in UTF-8, as addresses are kept.
std::string with_unicode_domain(const std::string& address) {
  const std::size_t at = address.rfind('@');
  if (at == std::string::npos) return address;
  char* unicode = nullptr;
  if (idn2_to_unicode_8z8z(address.c_str() + at + 1, &unicode, 0) != IDN2_OK) return address;
  std::string converted = address.substr(0, at + 1) + unicode;
  idn2_free(unicode);
  return converted;
}

ReportedRecipient read_recipient(GMimeObject* fields) {
  ReportedRecipient recipient;
  const std::string original = without_type(field(fields, "Original-Recipient"));
  const std::string final = without_type(field(fields, "Final-Recipient"));
  recipient.address = printable(with_unicode_domain(without_brackets(original.empty() ? final : original)));
  recipient.action = printable(trimmed(field(fields, "Action")));
  std::transform(recipient.action.begin(), recipient.action.end(), recipient.action.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
  const std::string status = trimmed(field(fields, "Status"));
  const std::string words = without_type(field(fields, "Diagnostic-Code"));
  recipient.text = printable(words.empty() ? status : fmt::format("{} {}", status, words));
  return recipient;
}

/// The groups behind the first, which is about the whole mail.
std::vector<ReportedRecipient> read_recipients(std::string content) {
  content.erase(std::remove(content.begin(), content.end(), '\r'), content.end());
  std::vector<ReportedRecipient> recipients;
  std::string_view rest = content;
  for (bool first = true; !rest.empty(); first = false) {
    rest.remove_prefix(std::min(rest.find_first_not_of('\n'), rest.size()));
    const std::size_t end = std::min(rest.find("\n\n"), rest.size());
    const auto fields = read_fields(fmt::format("{}\n\n", rest.substr(0, end)));
    if (!first && fields && !field(fields.get(), "Action").empty()) recipients.push_back(read_recipient(fields.get()));
    rest.remove_prefix(end);
  }
  return recipients;
}

bool is_type(GMimeObject* part, const char* type, const char* subtype) {
  GMimeContentType* found = g_mime_object_get_content_type(part);
  return found != nullptr && g_mime_content_type_is_type(found, type, subtype) != 0;
}

/// The Message-ID of the mail that came back, whole or with its headers only.
std::string returned_message_id(GMimeObject* part) {
  if (GMIME_IS_MESSAGE_PART(part)) {
    GMimeMessage* message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
    const char* id = message == nullptr ? nullptr : g_mime_message_get_message_id(message);
    return id == nullptr ? std::string() : std::string(id);
  }
  if (!is_type(part, "text", "rfc822-headers") || !GMIME_IS_PART(part)) return {};
  const auto headers = read_fields(content_of(GMIME_PART(part)));
  return without_brackets(field(headers.get(), "Message-ID"));
}

}  // namespace

StatusNotification parse_notification(std::string_view raw) {
  initialise_gmime();
  StatusNotification notification;
  const auto stream = stream_of(raw);
  const GObjectPtr<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const GObjectPtr<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  GMimeObject* report = message ? g_mime_message_get_mime_part(message.get()) : nullptr;
  if (report == nullptr || !GMIME_IS_MULTIPART(report) || !is_type(report, "multipart", "report")) return notification;
  GMimeMultipart* parts = GMIME_MULTIPART(report);
  for (int i = 0; i < g_mime_multipart_get_count(parts); ++i) {
    GMimeObject* part = g_mime_multipart_get_part(parts, i);
    if (is_type(part, "message", "delivery-status") && GMIME_IS_PART(part)) {
      notification.recipients = read_recipients(content_of(GMIME_PART(part)));
    } else if (const std::string id = returned_message_id(part); !id.empty()) {
      notification.message_id = printable(id);
    }
  }
  return notification;
}

}  // namespace kundehub::mail

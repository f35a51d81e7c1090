#include "core/welcome/welcome_message.hpp"

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/plain.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/welcome_mail.hpp"

namespace kundehub {
namespace {

/// Takes `Name <address>` or a bare address apart; the configuration has been checked.
mail::Mailbox read_mailbox(const std::string& text) {
  const std::size_t open = text.rfind('<');
  if (open == std::string::npos) return {"", text};
  std::string name = text::clean_line(translatable("name"), std::string_view(text).substr(0, open));
  if (name.size() > 1 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
  return {name, text.substr(open + 1, text.rfind('>') - open - 1)};
}

void require(const std::string& value, const char* key, const char* example) {
  if (!value.empty()) return;
  throw Error(ErrorKind::config, tr("mail cannot be sent: {} is not set", key),
              fmt::format("kundehub config set {} {}", key, example));
}

}  // namespace

mail::Message write_welcome(const Config& config, const WelcomeTemplates& templates, const WelcomeLetter& letter) {
  const ContactData& contact = letter.contact.contact.data;
  const std::string language(to_string(letter.language));
  const std::string address = contact.email ? contact.email->text() : std::string();
  const std::string company = config.hub.company.empty() ? read_mailbox(config.mail.from).name : config.hub.company;
  const WelcomeMailText text = render_welcome_mail(templates, letter.language,
                                                   {{"name", contact.full_name()},
                                                    {"first_name", contact.first_name},
                                                    {"address", address},
                                                    {"company", company},
                                                    {"customer", letter.contact.customer_name},
                                                    {"link", letter.link},
                                                    {"expires", expiry_text(letter.link_expires_at, language)},
                                                    {"message", letter.message},
                                                    {"support", config.hub.support}});
  return {.message_id = letter.message_id,
          .from = read_mailbox(config.mail.from),
          .to = {contact.full_name(), address},
          .reply_to = config.mail.reply_to.empty() ? std::nullopt : std::optional(read_mailbox(config.mail.reply_to)),
          .subject = text.subject,
          .text = text.text,
          .html = text.html,
          .date = letter.date};
}

std::string parse_personal_message(std::string_view text) {
  return text::clean_block(translatable("message"), text, 2000);
}

void check_mail_settings(const Config& config) {
  require(config.hub.url, "hub.url", "https://hub.example.dk");
  require(config.mail.transport, "mail.transport", "smtp://mail.example.dk");
  require(config.mail.from, "mail.from", "\"Example <hub@example.dk>\"");
}

mail::Mailbox sender_mailbox(const Config& config) {
  return read_mailbox(config.mail.from);
}

std::string mail_domain(const Config& config) {
  const std::string address = read_mailbox(config.mail.from).address;
  return address.substr(address.rfind('@') + 1);
}

}  // namespace kundehub

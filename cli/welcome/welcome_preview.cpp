#include <filesystem>
#include <ostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/contact/contact_options.hpp"
#include "cli/options.hpp"
#include "cli/welcome/personal_message.hpp"
#include "cli/welcome/targets.hpp"
#include "cli/welcome/test_mail.hpp"
#include "core/durable_file.hpp"
#include "core/model/access.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/invitation.hpp"
#include "core/welcome/welcome_message.hpp"

namespace kundehub::cli {
namespace {

struct WelcomePreviewOptions {
  WelcomeTargets targets;
  PersonalMessage message;
  bool raw = false, text = false, html = false, reveal_link = false;
  std::optional<std::string> output, send_to;
};

/// The one contact whose mail is shown: of a customer, the first.
ContactOverview find_reader(const WelcomePreviewOptions& options, Session& session, Store& store) {
  std::optional<ContactOverview> found;
  each_target(session, store, options.targets, [&](const ContactOverview& contact, TargetKind) {
    if (!found || (contact.contact.data.primary && !found->contact.data.primary)) found = contact;
  });
  return *found;
}

/// What the mail's link is shown as: the contact's working one only on request, and a preview makes none.
struct ShownLink {
  std::string token = std::string(43, '*');
  Time expires_at{};
};

ShownLink find_link(const WelcomePreviewOptions& options, Session& session, const ContactOverview& contact) {
  const Time next_expiry = session.now() + session.config().hub.link_ttl;
  if (!options.reveal_link) return {.expires_at = next_expiry};
  const auto operation = session.begin_operation(session.writing_store());  // never committed
  const auto link = operation->live_link(contact.contact.id);
  if (!link || link_fate(*operation, contact, LinkPolicy::keep, session.key()) == LinkFate::renewed) {
    throw Error(ErrorKind::conflict, tr("{} has no link that works: the next mail gets a new one", describe(contact)),
                fmt::format("kundehub welcome resend contact:{}", contact.contact.id.value));
  }
  return {session.key().token(link->contact, link->generation, link->nonce), link->valid_until.value_or(next_expiry)};
}

std::string render(const WelcomePreviewOptions& options, Session& session, const mail::Message& message) {
  if (options.raw) return session.compose(message);
  if (options.html) return message.html;
  if (options.text) return message.text;
  return fmt::format("From: {} <{}>\nTo: {} <{}>\nSubject: {}\n\n{}", message.from.name, message.from.address,
                     message.to.name, message.to.address, message.subject, message.text);
}

/// A file that holds a working link is the owner's alone, whatever an older one of its name was.
void save(const WelcomePreviewOptions& options, Session& session, const std::string& content) {
  const std::filesystem::path file = *options.output;
  session.check_result_file(file);
  if (options.reveal_link && std::filesystem::is_regular_file(file)) std::filesystem::remove(file);
  write_file_durably(file, content);
}

mail::Message write_preview(const WelcomePreviewOptions& options, Session& session) {
  const Config& config = session.config();
  if (config.mail.from.empty() || config.hub.url.empty()) check_mail_settings(config);
  const std::string personal_message = options.message.read(session);
  const ContactOverview contact = find_reader(options, session, session.store());
  const ShownLink link = find_link(options, session, contact);
  return write_welcome(config, session.templates(),
                       {.contact = contact,
                        .language = contact.language(),
                        .message_id = "preview@" + mail_domain(config),
                        .message = personal_message,
                        .link = login_url(config.hub.url, link.token),
                        .link_expires_at = link.expires_at,
                        .date = session.now()});
}

void check_options(const WelcomePreviewOptions& options, const Session& session) {
  if (options.targets.targets.size() != 1)
    throw Error(ErrorKind::usage, tr("name one customer or contact"), "kundehub help welcome preview");
  if (session.is_part() && options.output && *options.output != "-") {
    throw Error(ErrorKind::usage,
                tr("a file that was written cannot be taken back, so it is no part of a batch --atomic"),
                tr("write it before or after the batch"));
  }
  const bool shows = options.raw || options.text || options.html || options.output || options.reveal_link;
  if (options.send_to && shows) {
    throw Error(ErrorKind::usage, tr("--send-to sends the whole mail with a link that does not work"),
                tr("leave out --raw, --text, --html, --output and --reveal-link"));
  }
}

const RecordKind preview_kind{{"from", "to", "subject", "text", "html"},
                              {"from", "to", "subject", "text", "html"},
                              [](const Record& record) { return record.at("to").get<std::string>(); }};

/// A part that is asked for is printed by itself, whatever the format.
bool wants_record(const WelcomePreviewOptions& options, Session& session) {
  const Format format = session.options().output.format.value_or(Format::table);
  return format != Format::table && !options.raw && !options.text && !options.html && !options.output;
}

ExitCode print_record(Session& session, const mail::Message& message) {
  Record record = Record::object();
  record["from"] = message.from.address;
  record["to"] = message.to.address;
  record["subject"] = message.subject;
  record["text"] = message.text;
  record["html"] = message.html;
  RecordWriter writer(session.out(), session.options().output, preview_kind, RecordWriter::Shape::one);
  writer.add(record);
  writer.finish();
  return ExitCode::ok;
}

ExitCode run_welcome_preview(const WelcomePreviewOptions& options, Session& session) {
  check_options(options, session);
  const mail::Message message = write_preview(options, session);
  if (options.send_to) return send_test_mail(session, message, *options.send_to);
  if (wants_record(options, session)) return print_record(session, message);
  const std::string content = render(options, session, message);
  if (options.output && *options.output != "-") {
    save(options, session, content);
  } else {
    session.out() << (options.raw || options.html ? content : text::for_terminal_block(content))
                  << (content.ends_with('\n') ? "" : "\n");
  }
  return ExitCode::ok;
}

}  // namespace

void add_welcome_preview(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<WelcomePreviewOptions>();
  CLI::App* preview =
      add_verb(parent, "preview", "the mail as a contact would read it", options, run_welcome_preview, chosen);
  add_welcome_target(*preview, options->targets);
  CLI::Option* raw = preview->add_flag("--raw", options->raw, "as it goes over the wire");
  CLI::Option* text = preview->add_flag("--text", options->text, "only the text")->excludes(raw);
  preview->add_flag("--html", options->html, "only the HTML")->excludes(raw)->excludes(text);
  preview->add_option("-o,--output", options->output, "into this file; - is stdout")->type_name("FILE");
  add_personal_message(*preview, options->message);
  preview->add_option("--send-to", options->send_to, "send it to this address, with a link that does not work")
      ->type_name("ADDRESS");
  preview->add_flag("--reveal-link", options->reveal_link, "with the contact's working link instead of asterisks");
}

}  // namespace kundehub::cli

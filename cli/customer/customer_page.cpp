#include "cli/customer/customer_page.hpp"

#include <ostream>
#include <utility>

#include <fmt/format.h>

#include "cli/output_style.hpp"
#include "cli/output_values.hpp"
#include "cli/time_text.hpp"
#include "core/service/customers.hpp"
#include "core/service/lookup.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

constexpr int operations_shown = 5, logins_shown = 5;

std::string text_of(const Record& value) {
  return value.is_null() ? std::string() : value.get<std::string>();
}

/// On a terminal with how long ago that is.
std::string local_time(const Record& value, const OutputOptions& look) {
  if (value.is_null()) return {};
  const Time time = parse_date(value.get<std::string>(), look.now);
  return look.screen ? format_both(time, look.now) : format_local(time);
}

/// A value that says how things stand, in its color.
std::string in_color(const Record& record, const char* field, const OutputOptions& look) {
  const Record& value = record.at(field);
  const std::string text = text::for_terminal(to_plain_text(value, Reader::person));
  return colored(look, style_of(field, value), text);
}

void print_line(std::ostream& out, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  out << fmt::format("  {:<10} {}\n", name, text::for_terminal(value));
}

std::string joined(const Record& list) {
  std::string text;
  for (const Record& item : list) text += (text.empty() ? "" : ", ") + item.get<std::string>();
  return text;
}

/// The command as far as it fits a page; `--json` has all of it.
std::string one_line(const std::string& command) {
  constexpr std::size_t longest = 120;
  if (command.size() <= longest) return command;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(command[end]) & 0xC0) == 0x80) --end;
  return command.substr(0, end) + "…";
}

void print_data(std::ostream& out, const Record& page, const OutputOptions& look) {
  out << text::for_terminal(
             fmt::format("{} {}", page.at("number").get<std::string>(), page.at("name").get<std::string>()))
      << '\n';
  print_line(out, "kind", text_of(page.at("kind")));
  for (const char* field : {"cvr", "email", "phone", "address"}) print_line(out, field, text_of(page.at(field)));
  const std::string zip = text_of(page.at("zip")), city = text_of(page.at("city"));
  print_line(out, "city", zip + (zip.empty() || city.empty() ? "" : " ") + city);
  for (const char* field : {"country", "language", "website"}) print_line(out, field, text_of(page.at(field)));
  print_line(out, "tags", joined(page.at("tags")));
  print_line(out, "created", local_time(page.at("created_at"), look));
  print_line(out, "archived", local_time(page.at("archived_at"), look));
  out << "\nHUB\n";
  out << fmt::format("  {:<10} {}\n", "switch",
                     tr("{} since {}", in_color(page, "hub", look), local_time(page.at("hub_changed_at"), look)));
  const std::string modules = joined(page.at("modules"));
  print_line(out, "modules", modules.empty() ? tr("none") : modules);
}

void print_contacts(std::ostream& out, const Record& page, const OutputOptions& look) {
  out << tr("\nContacts ({})\n", page.at("contacts").size());
  if (page.at("contacts").empty())
    out << tr("  none: kundehub contact add {} \"First Last <mail@example.dk>\"\n", text_of(page.at("number")));
  for (const Record& contact : page.at("contacts")) {
    const std::string first = text_of(contact.at("first_name")), last = text_of(contact.at("last_name"));
    const std::string email = text_of(contact.at("email")), title = text_of(contact.at("title"));
    std::string line = fmt::format("  {:<12} {}{}{}", text_of(contact.at("id")), first, last.empty() ? "" : " ", last);
    line += email.empty() ? tr(" (no e-mail address)") : fmt::format(" <{}>", email);
    if (!title.empty()) line += ", " + title;
    if (contact.at("primary").get<bool>()) line += tr(" (primary)");
    out << text::for_terminal(line) << '\n';
    out << tr("               HUB {}, welcome mail: {}, may log in: {}\n", in_color(contact, "hub", look),
              in_color(contact, "welcome", look), in_color(contact, "access", look));
  }
}

void print_page(std::ostream& out, const Record& page, const OutputOptions& look) {
  print_data(out, page, look);
  print_contacts(out, page, look);
  if (!page.at("notes").is_null()) {
    std::string notes = text::for_terminal_block(text_of(page.at("notes")));
    for (std::size_t end = notes.find('\n'); end != std::string::npos; end = notes.find('\n', end + 3))
      notes.insert(end + 1, "  ");
    out << tr("\nNotes\n") << "  " << notes << '\n';
  }
  if (!page.at("logins").empty()) out << tr("\nLatest logins\n");
  for (const Record& login : page.at("logins")) {
    const std::string ip = text_of(login.at("ip"));
    const bool is_admin = login.at("method") == to_string(LoginMethod::open);
    out << text::for_terminal(
               fmt::format("  {}  {}{}", local_time(login.at("at"), look),
                           is_admin ? tr("an admin, as {}", text_of(login.at("name"))) : text_of(login.at("name")),
                           ip.empty() ? "" : tr(" from {}", ip)))
        << '\n';
  }
  out << tr("\nLatest operations\n");
  for (const Record& operation : page.at("operations")) {
    out << text::for_terminal(fmt::format("  {:<8} {}  {}  {}", text_of(operation.at("id")),
                                          local_time(operation.at("at"), look), text_of(operation.at("actor")),
                                          one_line(text_of(operation.at("command")))))
        << '\n';
  }
}

}  // namespace

Record customer_page(Store& store, CustomerId id, Time now) {
  return customer_page(store, find_customer(store, fmt::format("id:{}", id.value)), now);
}

Record customer_page(Store& store, const Customer& customer, Time now) {
  const auto contacts = contacts_of(store, customer.id, now);
  Record page = to_record(overview_of(customer, contacts));
  page["contacts"] = Record::array();
  for (const ContactOverview& contact : contacts) page["contacts"].push_back(to_record(contact, now));
  page["operations"] = Record::array();
  store.each_operation({.customer = customer.id}, operations_shown,
                       [&](const OperationEntry& operation) { page["operations"].push_back(to_record(operation)); });
  page["logins"] = Record::array();
  store.each_login({.customer = customer.id}, logins_shown, [&](const Login& login) {
    if (const auto contact = store.contact(login.contact, now)) page["logins"].push_back(login_record(*contact, login));
  });
  return page;
}

CustomerPages::CustomerPages(Session& session, RecordWriter::Shape shape) : m_session(session) {
  const OutputOptions& output = session.options().output;
  const bool as_pages = output.format.value_or(Format::table) == Format::table && output.fields.empty();
  if (!as_pages) m_records.emplace(session.out(), output, customer_page_kind, shape);
}

void CustomerPages::add(const Record& page) {
  if (m_records) return m_records->add(page);
  if (!std::exchange(m_is_first, false)) m_session.out() << '\n';
  print_page(m_session.out(), page, m_session.options().output);
}

void CustomerPages::finish() {
  if (m_records) m_records->finish();
}

void print_customer_page(Session& session, const Record& page) {
  CustomerPages pages(session, RecordWriter::Shape::one);
  pages.add(page);
  pages.finish();
}

}  // namespace kundehub::cli

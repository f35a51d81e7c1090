#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/person/person_options.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct PersonEraseOptions {
  std::string email;
  bool forget = false;
};

const RecordKind erasure_kind{{"contacts", "customers", "mails", "operations"},
                              {"contacts", "customers", "mails", "operations"},
                              nullptr};  // a record of many ids

void print_ids(Session& session, const std::vector<std::string>& contacts) {
  for (const std::string& id : contacts) session.out() << id << (session.options().output.null_after_id ? '\0' : '\n');
}

void print_erasure(Session& session, const PersonErasure& erasure) {
  Record record = Record::object();
  record["contacts"] = erasure.contacts;
  record["customers"] = erasure.customers;
  record["mails"] = erasure.mails;
  record["operations"] = erasure.operations;
  if (session.options().output.format == Format::ids) return print_ids(session, erasure.contacts);
  RecordWriter writer(session.out(), session.options().output, erasure_kind, RecordWriter::Shape::one);
  writer.add(record);
  writer.finish();
}

/// How much it is, for the question.
std::size_t count_held(Store& store, const EmailAddress& email) {
  std::size_t held = 0;
  store.each_person_record(email, [&](const PersonRecord&) { ++held; });
  return held;
}

ExitCode erase(const EmailAddress& email, Session& session) {
  const std::size_t held = count_held(session.store(), email);
  if (held == 0)
    throw Error(ErrorKind::not_found, tr("nothing is held on {}", text::quoted(email.text())),
                "kundehub customer search");
  session.confirm(tr("Erase {} records of {}? This cannot be undone.", held, email.text()));
  const AddressHash hash = session.key().address_hash(email.key());
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const PersonErasure erasure = operation->erase_person(email, hash);
  session.commit(*operation);
  session.note(tr("backups, exports and the mail server's log that were made before still hold the data"));
  print_erasure(session, erasure);
  return ExitCode::ok;
}

ExitCode forget(const EmailAddress& email, Session& session) {
  const AddressHash hash = session.key().address_hash(email.key());
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  if (!operation->forget_erasure(hash)) {
    throw Error(ErrorKind::not_found, tr("no person with the address {} was erased", text::quoted(email.text())),
                fmt::format("kundehub person show {}", text::shell_word(email.text())));
  }
  session.commit(*operation);
  session.note(tr("{} can be taken again", text::quoted(email.text())));
  return ExitCode::ok;
}

ExitCode run_person_erase(const PersonEraseOptions& options, Session& session) {
  check_fields(session.options().output, erasure_kind);
  const EmailAddress email = EmailAddress::parse(options.email);
  session.log_as(options.forget ? "person erase --forget (erased)" : "person erase (erased)");
  return options.forget ? forget(email, session) : erase(email, session);
}

}  // namespace

void add_person_erase(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<PersonEraseOptions>();
  CLI::App* command = add_verb(parent, "erase", "delete all that is held on a person, for good, and refuse the address",
                               options, run_person_erase, chosen);
  add_person(*command, options->email);
  command->add_flag("--forget", options->forget, "take an erased address again");
}

}  // namespace kundehub::cli

#include <ostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/person/person_options.hpp"
#include "core/durable_file.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct PersonExportOptions {
  std::string email;
  std::optional<std::string> file;
};

using Held = std::vector<PersonRecord>;

Record value(const std::optional<std::string>& text) {
  return text ? Record(*text) : Record(nullptr);
}

/// An array of objects for each kind of what is held.
std::string as_json(const std::string& email, const Held& held) {
  Record document = Record::object();
  document["email"] = email;
  for (const char* kind : {"contact", "customer", "login_link", "login", "mail", "mail_try", "operation"})
    document[kind] = Record::array();
  for (const PersonRecord& one : held) {
    Record record = Record::object();
    for (const auto& [field, text] : one.fields) record[field] = value(text);
    document[one.kind].push_back(std::move(record));
  }
  return document.dump(2, ' ', false, Record::error_handler_t::replace) + '\n';
}

/// For the person: a section for each record, a line for each field that has a value.
std::string as_text(const std::string& email, const Held& held) {
  std::string text = tr("What is held on {}\n", email);
  for (const PersonRecord& one : held) {
    text += fmt::format("\n{}\n", one.kind);
    for (const auto& [field, content] : one.fields) {
      if (content) text += fmt::format("  {:<14} {}\n", field, text::for_terminal(*content));
    }
  }
  return text;
}

ExitCode run_person_export(const PersonExportOptions& options, Session& session) {
  const EmailAddress email = EmailAddress::parse(options.email);
  const Format format = session.options().output.format.value_or(Format::table);
  if (format != Format::table && format != Format::json)
    throw Error(ErrorKind::usage, tr("what is held on a person is no list"),
                tr("--format json, or readable text without it"));
  Held held;
  session.store().each_person_record(email, [&](const PersonRecord& record) { held.push_back(record); });
  if (held.empty())
    throw Error(ErrorKind::not_found, tr("nothing is held on {}", text::quoted(email.text())),
                "kundehub customer search");
  const std::string content = format == Format::json ? as_json(email.text(), held) : as_text(email.text(), held);
  if (!options.file || *options.file == "-") {
    session.out() << content;
  } else if (!session.options().dry_run) {
    session.check_result_file(*options.file);
    write_file_durably(*options.file, content);
    session.note(tr("{} records are in {}", held.size(), text::quoted(*options.file)));
  }
  return ExitCode::ok;
}

}  // namespace

void add_person_export(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<PersonExportOptions>();
  CLI::App* command = add_verb(parent, "export", "all that is held on a person, as readable text or with --json",
                               options, run_person_export, chosen);
  add_person(*command, options->email);
  command
      ->add_option("-o,--output", options->file, "into this file instead of stdout; a new one is for its owner alone")
      ->type_name("FILE");
}

}  // namespace kundehub::cli

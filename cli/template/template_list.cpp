#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/template/template_options.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct TemplateListOptions {};

const RecordKind template_kind{{"name", "language", "part", "origin", "hash", "problem"},
                               {"name", "language", "part", "origin", "hash", "problem"},
                               [](const Record& record) { return record.at("name").get<std::string>(); }};

Record problem_of(const WelcomeTemplate& one) {
  try {
    check_template(one);
    return nullptr;
  } catch (const Error& error) {
    return error.what();
  }
}

ExitCode run_template_list(const TemplateListOptions&, Session& session) {
  RecordWriter writer(session.out(), session.options().output, template_kind, RecordWriter::Shape::many);
  const WelcomeTemplates templates = read_templates(session);
  for (const WelcomeTemplate& one : templates.all()) {
    Record record = Record::object();
    record["name"] = one.name();
    record["language"] = to_string(one.language);
    record["part"] = one.part == TemplatePart::text ? "text" : "html";
    record["origin"] = one.file.empty() ? tr("built in") : one.file.native();
    record["hash"] = templates.hash(one.language);
    record["problem"] = problem_of(one);
    writer.add(record);
  }
  writer.finish();
  return ExitCode::ok;
}

}  // namespace

void add_template_list(CLI::App& parent, Action& chosen) {
  add_verb(parent, "list", "the welcome mails' words: built in, or your own", std::make_shared<TemplateListOptions>(),
           run_template_list, chosen);
}

}  // namespace kundehub::cli

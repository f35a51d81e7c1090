#include "cli/welcome/personal_message.hpp"

#include "cli/input.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/welcome_message.hpp"

namespace kundehub::cli {

std::string PersonalMessage::read(Session& session) const {
  if (!file && !text) return {};
  std::string message = parse_personal_message(file ? read_text(session, *file) : *text);
  if (message.empty())
    throw Error(ErrorKind::bad_data, tr("the message is empty"), tr("write one, or leave out the option"));
  return message;
}

void PersonalMessage::check_beside(const std::optional<std::string>& ids_from) const {
  if (file != "-" || ids_from != "-") return;
  throw Error(ErrorKind::usage, tr("--message-file - and --ids-from - cannot both read stdin"),
              tr("put one of them in a file"));
}

void add_personal_message(CLI::App& app, PersonalMessage& message) {
  CLI::Option* text = app.add_option("--message", message.text, "your own words in the mail, at most 2,000 characters")
                          ->type_name("TEXT");
  app.add_option("--message-file", message.file, "the same from a file; - is stdin")->type_name("FILE")->excludes(text);
}

}  // namespace kundehub::cli

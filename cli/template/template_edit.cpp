#include <string>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/draft.hpp"
#include "cli/editor.hpp"
#include "cli/options.hpp"
#include "cli/template/template_options.hpp"
#include "core/durable_file.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

/// Lets the admin edit until the template is sound, or they give up. Throws what is wrong with it then.
WelcomeTemplate edit_until_sound(Session& session, const WelcomeTemplate& present, const Draft& draft) {
  for (;;) {
    edit_file(session, draft.file());
    try {
      WelcomeTemplate edited = WelcomeTemplates::read(draft.folder()).get(present.language, present.part);
      edited.file.clear();  // a message is to name the template, not the draft
      check_template(edited);
      return edited;
    } catch (const Error& error) {
      if (!session.may_ask()) throw;
      session.warn(error.what(), error.hint());
      if (!session.ask_yes(tr("Edit it again? Otherwise nothing is changed."))) throw;
    }
  }
}

ExitCode edit(Session& session, const WelcomeTemplate& present, const Draft& draft) {
  const WelcomeTemplate edited = edit_until_sound(session, present, draft);
  if (edited.source == present.source) {
    session.note(tr("nothing had to be changed"));
    return ExitCode::ok;
  }
  if (session.options().dry_run) {
    session.note(tr("dry run: nothing was changed"));
    return ExitCode::ok;
  }
  const std::filesystem::path file = session.template_folder() / present.name();
  write_file_durably(file, edited.source);
  session.mark_changed();
  session.note(tr("{} is kept as {}", present.name(), file.native()),
               tr("see what it makes: kundehub welcome preview CUSTOMER"));
  return ExitCode::ok;
}

/// What somebody has written is not thrown away, whatever is wrong with it.
ExitCode run_template_edit(const TemplateName& name, Session& session) {
  const WelcomeTemplates templates = read_templates(session);
  const WelcomeTemplate& present = find_template(session, templates, name);
  Draft draft(present.name(), present.source);
  try {
    return edit(session, present, draft);
  } catch (...) {
    if (draft.differs_from(present.source)) {
      draft.keep();
      session.warn(tr("what you wrote is in {}", draft.file().native()));
    }
    throw;
  }
}

}  // namespace

void add_template_edit(CLI::App& parent, Action& chosen) {
  auto name = std::make_shared<TemplateName>();
  CLI::App* edit = add_verb(parent, "edit", "your own words, in the editor; checked before they are kept", name,
                            run_template_edit, chosen);
  add_template_name(*edit, *name);
}

}  // namespace kundehub::cli

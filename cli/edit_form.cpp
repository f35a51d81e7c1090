#include "cli/edit_form.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "cli/draft.hpp"
#include "cli/editor.hpp"
#include "core/form/form.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

constexpr std::string_view error_mark = "# ERROR: ";

std::vector<FormFault> faults_of(const Error& error) {
  if (const auto* const form = dynamic_cast<const FormError*>(&error)) return form->faults();
  return {{.kind = error.kind(), .message = error.what(), .hint = error.hint()}};
}

/// The comment lines that a fault takes.
std::size_t comment_lines(const FormFault& fault) {
  return 1 + (fault.hint.empty() ? 0 : 1) + (fault.present.empty() ? 0 : 1);
}

/// The faults, their lines counted with the comments that will stand above them.
std::vector<FormFault> below_comments(std::vector<FormFault> faults) {
  std::size_t lines = 0;
  for (const FormFault& fault : faults) lines += comment_lines(fault);
  for (FormFault& fault : faults) {
    if (fault.line > 0) fault.line += lines;
  }
  return faults;
}

std::string told(const FormFault& fault) {
  return fault.line == 0 ? fault.message : tr("line {}: {}", fault.line, fault.message);
}

bool can_be_mended(const Error& error, const Session& session) {
  return !session.has_changed() && (error.kind() == ErrorKind::bad_data || error.kind() == ErrorKind::conflict ||
                                    dynamic_cast<const FormError*>(&error) != nullptr);
}

/// Tells what is wrong, here and in the draft, and asks whether to go on. Throws what is wrong if not.
void ask_to_mend(Session& session, Draft& draft, const Error& error, std::string_view written) {
  draft.write(error_comments(error).append(written));
  const std::vector<FormFault> faults = below_comments(faults_of(error));
  for (const FormFault& fault : faults) session.warn(told(fault), fault.hint);
  if (session.ask_yes(tr("Edit it again? Otherwise nothing is changed."))) return;
  throw Error(error.kind(), told(faults.front()), faults.front().hint);
}

void edit_until_saved(Session& session, Draft& draft, const std::function<void(std::string_view)>& save) {
  for (;;) {
    edit_file(session, draft.file());
    const std::string text = draft.read();
    const std::string_view written = without_error_comments(text);
    try {
      return save(written);
    } catch (const Error& error) {
      if (!can_be_mended(error, session)) throw;
      ask_to_mend(session, draft, error, written);
    }
  }
}

}  // namespace

void edit_form(Session& session, const std::string& name, std::string_view form,
               const std::function<void(std::string_view written)>& save) {
  Draft draft(name, form);
  try {
    edit_until_saved(session, draft, save);
  } catch (...) {
    if (draft.differs_from(form)) {
      draft.keep();
      session.warn(tr("what you wrote is in {}", draft.file().native()));
    }
    throw;
  }
}

std::string error_comments(const Error& error) {
  std::string comments;
  for (const FormFault& fault : below_comments(faults_of(error))) {
    for (const std::string& line : {told(fault), fault.hint, fault.present}) {
      if (!line.empty()) comments += fmt::format("{}{}\n", error_mark, text::for_terminal(line));
    }
  }
  return comments;
}

std::string_view without_error_comments(std::string_view form) {
  while (form.starts_with(error_mark)) form.remove_prefix(std::min(form.find('\n'), form.size() - 1) + 1);
  return form;
}

void refuse_without_change(std::string_view command) {
  throw Error(ErrorKind::usage, tr("nothing to change was given"),
              tr("give the fields as options, such as --phone: kundehub help {}", command));
}

}  // namespace kundehub::cli

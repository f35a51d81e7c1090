#include "cli/run.hpp"

#include <filesystem>
#include <new>
#include <ostream>
#include <system_error>

#include <fmt/format.h>

#include "cli/exit_code.hpp"
#include "cli/first_look.hpp"
#include "cli/parser.hpp"
#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

int report(const Error& error, ExitCode code, Session& session) {
  session.report(error, static_cast<int>(code));
  return static_cast<int>(code);
}

/// Once a change is saved no code but 5 may say that something went wrong behind it.
ExitCode code_of(const Error& error, const Session& session) {
  return session.has_changed() ? ExitCode::partial : exit_code(error.kind());
}

Error in_own_words(const std::filesystem::filesystem_error& error) {
  const bool denied = error.code() == std::errc::permission_denied;
  return Error(denied ? ErrorKind::permission : ErrorKind::config,
               tr("cannot use {}: {}", text::quoted(error.path1().native()), error.code().message()));
}

int finish(ExitCode code, Session& session) {
  try {
    check_written(session.out());
  } catch (const Error& error) {
    if (!session.has_changed()) return report(error, code_of(error, session), session);
    const Error saved(error.kind(), tr("the change is saved, but {}", error.what()), "kundehub log --limit 1");
    return report(saved, code_of(saved, session), session);
  }
  if (code == ExitCode::partial) session.report_partial();
  return static_cast<int>(code);
}

}  // namespace

int run(std::span<const std::string> args, Session& session) noexcept {
  try {
    try {
      session.options().json_errors = wants_json(args, session);
      if (!session.is_line()) use_ui_language_of(args, session);  // a batch speaks one language
      session.set_command_line(args);
      return finish(parse(args, session)(session), session);
    } catch (const Error& error) {
      return report(error, code_of(error, session), session);
    } catch (const std::filesystem::filesystem_error& error) {
      const Error known = in_own_words(error);
      return report(known, code_of(known, session), session);
    } catch (const std::system_error& error) {  // no thread can be started
      const Error known(ErrorKind::temporary, tr("the system is short of something: {}", error.what()),
                        tr("try again later"));
      return report(known, code_of(known, session), session);
    } catch (const std::bad_alloc&) {
      const Error known(ErrorKind::temporary, tr("out of memory"));
      return report(known, code_of(known, session), session);
    } catch (const std::exception& error) {
      const Error known(ErrorKind::internal, tr("unexpected: {}", error.what()));
      return report(known, code_of(known, session), session);
    }
  } catch (const std::bad_alloc&) {  // there is not even the memory to say so as usual
    session.report_no_memory();
    return static_cast<int>(session.has_changed() ? ExitCode::partial : ExitCode::temporary);
  } catch (...) {
    return static_cast<int>(ExitCode::internal);
  }
}

}  // namespace kundehub::cli

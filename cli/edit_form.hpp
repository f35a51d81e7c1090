#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "cli/session.hpp"

namespace kundehub::cli {

/// Opens the editor on a form (core/form) and hands what was written to `save`, which throws if it cannot be kept: what
/// can be mended (FormError, Error{bad_data}, Error{conflict}) is then told, also in the form itself, and the admin may
/// edit it again. Throws that error if they decline, and every other one at once; what was written stays in a file
/// then. Only if may_ask(). `name`: of the file that the editor sees.
void edit_form(Session& session, const std::string& name, std::string_view form,
               const std::function<void(std::string_view written)>& save);

/// What was wrong, as the comments that stand first in a form which is edited again. Lines are counted with these.
std::string error_comments(const Error& error);

/// The form without those comments.
std::string_view without_error_comments(std::string_view form);

/// Throws Error{usage}: a command that changes a record was given nothing to change, and no form can be opened.
[[noreturn]] void refuse_without_change(std::string_view command);

}  // namespace kundehub::cli

#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/exchange/text_source.hpp"

namespace kundehub::cli {

/// What a FILE of the command line holds; `-` is stdin. Throws Error{no_input}.
exchange::ByteReader open_input(Session& session, const std::string& file);

/// All of it as UTF-8, whichever of the encodings of an import it has. Throws Error{no_input}, and Error{bad_data} if
/// it is no text.
std::string read_text(Session& session, const std::string& file);

/// The names of records in a FILE: one a line, or with --null separated by NUL. Blanks around a name and empty lines
/// are passed over. Throws Error{no_input}, and Error{bad_data} if it is no text.
std::vector<std::string> read_ids(Session& session, const std::string& file);

}  // namespace kundehub::cli

#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>

namespace kundehub::cli {

/// Calls `visit` with the path and the content of each mail in a Maildir (`new/` first, then `cur/`), in the order of
/// their names. The folder is left as it is. What is no regular file is passed over; `refuse` is told of a mail that
/// cannot be read or is larger than 16 MiB. Throws Error{no_input} if it is no Maildir.
void each_mail(const std::filesystem::path& maildir,
               const std::function<void(const std::string& path, const std::string& mail)>& visit,
               const std::function<void(const std::string& why)>& refuse);

/// One mail, to the end of the stream. Throws Error{no_input} if it is larger than 16 MiB.
std::string read_mail(std::istream& stream);

}  // namespace kundehub::cli

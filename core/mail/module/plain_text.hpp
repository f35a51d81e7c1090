#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Text from outside: what may enter a mail, and how a server's words are shown. The module has its own, since it must
/// not depend on the code of the executable that loads it.
namespace kundehub::mail {

/// A reply is kept up to this size.
constexpr std::size_t max_reply_bytes = 2048;

/// Why `text` cannot be one line of a header, or empty if it can: it is not UTF-8 (RFC 3629), or it holds a control
/// character (C0, DEL, C1) or a line or paragraph separator (U+2028, U+2029).
std::string_view line_fault(std::string_view text);

/// As line_fault for a body: line feeds and tabs are allowed.
std::string_view body_fault(std::string_view text);

/// `text` as it may be stored and shown: valid UTF-8 without controls, separators or bidirectional overrides. Each byte
/// of one becomes `\x1b`. Cut after `max_bytes`, where `…` then stands.
std::string printable(std::string_view text, std::size_t max_bytes = max_reply_bytes);

/// `"text"` for messages: printable and short.
std::string quoted(std::string_view text);

/// The length of the longest beginning of `text` that has at most `max_bytes` and splits no UTF-8 sequence.
std::size_t whole_prefix(std::string_view text, std::size_t max_bytes);

}  // namespace kundehub::mail

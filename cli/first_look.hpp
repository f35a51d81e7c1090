#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/session.hpp"

/// What is known of a command line before anything is parsed, so that a wrong one is answered in the right form too.
namespace kundehub::cli {

/// True if errors are told as JSON besides: `--json`, `--format json`, or KUNDEHUB_FORMAT.
bool wants_json(std::span<const std::string> args, const Session& session);

/// The language of messages, help and prompts, `da` or `en`: `--ui-language`, or else what the environment asks for
/// (LC_ALL, LC_MESSAGES or LANG, and the list in LANGUAGE, as gettext(3) reads them). What is neither counts as
/// English, and where a program reads the records (json, jsonl, csv,
/// tsv) their texts, and all messages beside them, are English.
std::string_view ui_language(std::span<const std::string> args, const Session& session);

/// Makes it the process's.
void use_ui_language_of(std::span<const std::string> args, const Session& session);

}  // namespace kundehub::cli

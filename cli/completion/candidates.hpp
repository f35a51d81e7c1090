#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/completion/typed_line.hpp"
#include "cli/session.hpp"

namespace kundehub::cli {

struct Candidate {
  std::string word;
  std::string description{};  ///< empty: none
};

/// What the shell may offer of the file system besides.
enum class FilesToo { no, files, folders };

struct Candidates {
  std::vector<Candidate> words;
  FilesToo files = FilesToo::no;
};

/// What may stand where a value of `option` is typed, of which `typed` is there: as the type name in its help tells,
/// `on|off`, `CUSTOMER`, `FILE|-`. Empty for what cannot be known.
Candidates find_values(const CLI::Option& option, std::string_view typed, const TypedLine& line, Session& session);

/// Adds `word` if it begins with `typed`.
void offer(Candidates& candidates, std::string_view typed, std::string_view word, std::string description = {});

}  // namespace kundehub::cli

#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/mail_fixture.hpp"
#include "tests/support/records.hpp"

namespace kundehub::test {

/// The real front end on a store in memory, with a folder of its own that holds a configuration file. Each command line
/// gets a session of its own, as each start of the program does; store, key and folder stay.
class Shell {
 public:
  /// Mail goes to a Maildir in the folder.
  Shell();

  /// Runs one command line, without the program's name; single quotes keep words together. Returns the exit code.
  int operator()(std::string_view line);
  int run(const std::vector<std::string>& args);

  /// Runs it and reads what it prints as JSON (`--json` is added). Absent output is null.
  nlohmann::ordered_json json(const std::string& line);

  /// Results of the last command, and everything else it said.
  std::string out, err;

  /// The text behind `kundehub: `, behind the first `hint: `, and the last line on stderr.
  [[nodiscard]] std::string message() const;
  [[nodiscard]] std::string hint() const;
  [[nodiscard]] std::string last_line() const;

  /// True if the last command said this on stderr.
  [[nodiscard]] bool said(std::string_view text) const { return err.find(text) != std::string::npos; }

  /// Business 1001 with contact:1, Anna Berg <anna@nordlys.dk>, and contact:2, Bo Ek <bo@nordlys.dk>; the HUB is on,
  /// with the module `projects`.
  void add_nordlys();

  /// The next customer: Carl Lund <carl@lund.dk>, a private person with the HUB and the module `projects`.
  void add_lund();

  /// What an admin at a terminal types; without it stdin is empty and no terminal.
  void at_terminal(const std::string& answers);
  void in_script();

  /// What a script pipes into the commands.
  void pipe(const std::string& input);

  /// Sets a line of the configuration file: `mail.transport`, `"maildir:/x"`.
  void configure(const std::string& key, const std::string& value);

  /// The mails in the Maildir, as they came in.
  [[nodiscard]] std::vector<std::string> mails() const;

  /// As if the person had clicked on the link of the mail.
  void use_link(int contact);

  /// The token of the contact's latest link, as the mail has it; and of the link that `hub open` has just printed.
  std::string token_of(int contact);
  [[nodiscard]] std::string printed_token() const;

  /// The store in memory, the clock, the key.
  Records records;
  std::map<std::string, std::string, std::less<>> environment;
  /// The commands open the file that the configuration and the environment name, instead of the store in memory.
  bool on_files = false;

  [[nodiscard]] const std::filesystem::path& folder() const { return m_folder.path(); }

 private:
  mail_test::ScratchDirectory m_folder;
  std::string m_input;
  bool m_terminal = false;
};

/// The words of a line as a shell would split it, with single quotes only.
std::vector<std::string> split_words(std::string_view line);

}  // namespace kundehub::test

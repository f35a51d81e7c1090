#include "tests/support/shell.hpp"

#include <fstream>
#include <sstream>

#include "cli/run.hpp"
#include "core/config.hpp"

namespace kundehub::test {
namespace {

namespace fs = std::filesystem;

std::string text_after(const std::string& text, const std::string& start) {
  const std::size_t found = text.starts_with(start) ? 0 : text.find('\n' + start);
  if (found == std::string::npos) return "";
  const std::size_t begin = text.find(start, found) + start.size();
  return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  bool quoted = false, inside = false;
  for (const char c : line) {
    if (c == ' ' && !quoted) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    if (c == '\'') {
      quoted = !quoted;
    } else {
      words.back() += c;
    }
  }
  return words;
}

Shell::Shell() {
  environment = {{"KUNDEHUB_CONFIG", (folder() / "config.toml").native()},
                 {"KUNDEHUB_DB", (folder() / "kundehub.db").native()},
                 {"KUNDEHUB_ACTOR", "admin"},
                 {"HOME", folder().native()}};
  configure("hub.company", "Eksempel ApS");
  configure("hub.url", "https://hub.example.dk");
  configure("hub.time_zone", "UTC");
  configure("mail.from", "Eksempel <hub@example.dk>");
  configure("mail.transport", "maildir:" + (folder() / "mail").native());
}

int Shell::operator()(std::string_view line) {
  return run(split_words(line));
}

int Shell::run(const std::vector<std::string>& args) {
  std::ostringstream out_stream, err_stream;
  std::istringstream in_stream(m_input);
  cli::Session session({.out = out_stream,
                        .err = err_stream,
                        .in = in_stream,
                        .in_is_terminal = m_terminal,
                        .environment = [this](const char* name) -> std::optional<std::string> {
                          const auto found = environment.find(std::string_view(name));
                          if (found == environment.end() || found->second.empty()) return std::nullopt;
                          return found->second;
                        },
                        .clock = [this] { return records.now; }});
  if (!on_files) session.use(records.store, records.key);
  const int code = cli::run(args, session);
  out = out_stream.str();
  err = err_stream.str();
  return code;
}

nlohmann::ordered_json Shell::json(const std::string& line) {
  std::vector<std::string> words = split_words(line);
  words.emplace_back("--json");
  run(words);
  return out.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json::parse(out);
}

std::string Shell::message() const {
  return text_after(err, "kundehub: ");
}

std::string Shell::hint() const {
  return text_after(err, "hint: ");
}

std::string Shell::last_line() const {
  const std::string text = err.substr(0, err.find_last_not_of('\n') + 1);
  return text.substr(text.rfind('\n') + 1);
}

void Shell::add_nordlys() {
  (*this)(
      "customer add --business 'Nordlys ApS' --hub --module projects --contact 'Anna Berg <anna@nordlys.dk>' "
      "--contact 'Bo Ek <bo@nordlys.dk>' --no-welcome");
}

void Shell::add_lund() {
  (*this)("customer add --private 'Carl Lund' --email carl@lund.dk --hub --module projects --no-welcome");
}

void Shell::at_terminal(const std::string& answers) {
  m_input = answers;
  m_terminal = true;
}

void Shell::in_script() {
  m_input.clear();
  m_terminal = false;
}

void Shell::pipe(const std::string& input) {
  m_input = input;
  m_terminal = false;
}

void Shell::configure(const std::string& key, const std::string& value) {
  const fs::path file = folder() / "config.toml";
  const std::string toml = fs::exists(file) ? mail_test::read_file(file) : std::string();
  std::ofstream(file, std::ios::binary) << set_config_value(toml, key, value);
}

std::vector<std::string> Shell::mails() const {
  std::vector<std::string> mails;
  const fs::path box = folder() / "mail" / "new";
  if (!fs::exists(box)) return mails;
  for (const auto& entry : fs::directory_iterator(box)) mails.push_back(mail_test::read_file(entry.path()));
  return mails;
}

void Shell::use_link(int contact) {
  records.sql("UPDATE login_link SET used_at = " + std::to_string(records.now.time_since_epoch().count()) +
              " WHERE used_at IS NULL AND ended_at IS NULL AND contact_id = " + std::to_string(contact));
}

std::string Shell::token_of(int contact) {
  const std::string of = " FROM login_link WHERE contact_id = " + std::to_string(contact) + " ORDER BY generation DESC";
  const std::string bytes = records.value("SELECT hex(nonce)" + of);
  Nonce nonce{};
  for (std::size_t i = 0; i < nonce.size(); ++i)
    nonce[i] = static_cast<unsigned char>(std::stoi(bytes.substr(2 * i, 2), nullptr, 16));
  return records.key.token(ContactId{contact}, std::stoll(records.value("SELECT generation" + of)), nonce);
}

std::string Shell::printed_token() const {
  constexpr std::size_t token_size = 43;
  return out.substr(out.find("token=") + 6, token_size);
}

}  // namespace kundehub::test

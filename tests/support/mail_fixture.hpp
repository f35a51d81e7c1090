#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/mail/mailer.hpp"

/// What the tests of mail share. All functions throw std::runtime_error if the surroundings (python3, openssl) fail
/// them.
namespace kundehub::mail_test {

/// A directory of its own that goes with its object.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }

 private:
  std::filesystem::path m_path;
};

/// A mail that the server took: see smtp_server.py.
struct StoredMail {
  nlohmann::json envelope;
  std::string content;
};

/// tests/support/smtp_server.py in a process of its own, listening when the constructor returns, killed with the
/// object.
class SmtpServer {
 public:
  /// `script` and further arguments as smtp_server.py takes them.
  explicit SmtpServer(const std::string& script = {}, const std::vector<std::string>& arguments = {});
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;
  ~SmtpServer();

  /// What the server does on the connections from now on.
  void use_script(const std::string& script) const;

  [[nodiscard]] int port() const noexcept { return m_port; }
  /// `smtp://127.0.0.1:PORT`.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::vector<StoredMail> mails() const;
  /// Lines `CONNECTION COMMAND`.
  [[nodiscard]] std::vector<std::string> commands() const;

 private:
  ScratchDirectory m_directory;
  pid_t m_process = -1;
  int m_stdin = -1;  // the server ends with it
  int m_stdout = -1;
  int m_port = 0;
};

/// A key and a certificate signed with itself.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

/// Makes them in `directory` for the host `0.0.0.0`: it leads to the server, and is no loopback address by name.
TlsFiles make_tls_files(const std::filesystem::path& directory);

/// What parse_mail.py sees in a mail.
nlohmann::json parse_mail(const std::string& content);

/// The whole file. Throws std::runtime_error if it cannot be read.
std::string read_file(const std::filesystem::path& path);

/// A welcome mail with Danish letters, from `hub@bureau.dk` to `aase@example.dk`.
mail::Message sample_message();

/// Settings with short timeouts.
mail::TransportSettings settings_for(const std::string& url);

/// A `before_final_dot` that always says yes.
bool go_ahead();

}  // namespace kundehub::mail_test

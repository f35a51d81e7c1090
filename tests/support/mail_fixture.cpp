#include "tests/support/mail_fixture.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <stdexcept>

#include <fmt/core.h>

namespace kundehub::mail_test {
namespace {

namespace fs = std::filesystem;

fs::path support_file(const char* name) {
  return fs::path(KUNDEHUB_TESTS_DIR) / "support" / name;
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  return ends;
}

/// The output of a shell command that must succeed.
std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "re");
  if (pipe == nullptr) throw std::runtime_error(command);
  std::string output;
  std::array<char, 4096> piece{};
  while (const std::size_t size = fread(piece.data(), 1, piece.size(), pipe)) output.append(piece.data(), size);
  if (pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
  return output;
}

[[noreturn]] void become(const std::vector<std::string>& arguments, int input, int output) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  execvp(argv[0], argv.data());
  _exit(127);
}

std::string read_line(int descriptor) {
  std::string line;
  char c = 0;
  while (read(descriptor, &c, 1) == 1 && c != '\n') line += c;
  if (line.empty()) throw std::runtime_error("smtp_server.py does not answer");
  return line;
}

}  // namespace

ScratchDirectory::ScratchDirectory() {
  std::string name = (fs::temp_directory_path() / "kundehub-test-XXXXXX").native();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  m_path = name;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  fs::remove_all(m_path, ignored);
}

SmtpServer::SmtpServer(const std::string& script, const std::vector<std::string>& arguments) {
  signal(SIGPIPE, SIG_IGN);  // as the program does
  std::vector<std::string> words = {
      "python3",  "-I",   "-S",       support_file("smtp_server.py").native(), m_directory.path().native(),
      "--script", script, "--control"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto input = make_pipe();
  const auto output = make_pipe();
  m_process = fork();
  if (m_process == 0) become(words, input[0], output[1]);
  close(input[0]);
  close(output[1]);
  m_stdin = input[1];
  m_stdout = output[0];
  m_port = std::stoi(read_line(m_stdout));
}

SmtpServer::~SmtpServer() {
  close(m_stdin);
  close(m_stdout);
  kill(m_process, SIGKILL);
  waitpid(m_process, nullptr, 0);
}

void SmtpServer::use_script(const std::string& script) const {
  const std::string line = script + "\n";
  if (write(m_stdin, line.data(), line.size()) != static_cast<ssize_t>(line.size())) throw std::runtime_error("write");
  read_line(m_stdout);
}

std::string SmtpServer::url() const {
  return fmt::format("smtp://127.0.0.1:{}", m_port);
}

std::vector<StoredMail> SmtpServer::mails() const {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(m_directory.path())) {
    if (entry.path().extension() == ".eml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<StoredMail> mails;
  for (fs::path file : files) {
    std::string content = read_file(file);
    mails.push_back({nlohmann::json::parse(read_file(file.replace_extension(".json"))), std::move(content)});
  }
  return mails;
}

std::vector<std::string> SmtpServer::commands() const {
  std::istringstream log(read_file(m_directory.path() / "commands.log"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(log, line);) lines.push_back(line);
  return lines;
}

TlsFiles make_tls_files(const fs::path& directory) {
  TlsFiles files{(directory / "cert.pem").native(), (directory / "key.pem").native()};
  output_of(
      fmt::format("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test"
                  " -addext subjectAltName=IP:0.0.0.0 -out '{}' -keyout '{}' 2>/dev/null",
                  files.certificate, files.key));
  return files;
}

nlohmann::json parse_mail(const std::string& content) {
  const ScratchDirectory directory;
  const fs::path file = directory.path() / "mail";
  std::ofstream(file, std::ios::binary) << content;
  return nlohmann::json::parse(
      output_of(fmt::format("python3 '{}' '{}'", support_file("parse_mail.py").native(), file.native())));
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.native());
  return {std::istreambuf_iterator<char>(file), {}};
}

mail::Message sample_message() {
  return {.message_id = "9f3c.welcome@bureau.dk",
          .from = {"Bureauet Å/S", "hub@bureau.dk"},
          .to = {"Åse Bæk Østergård", "aase@example.dk"},
          .reply_to = std::nullopt,
          .subject = "Velkommen til vores kundeområde",
          .text = "Kære Åse\n\n.\n.. klik her: https://hub.bureau.dk/welcome?token=abc=def\n",
          .html = "<p>Kære Åse</p>\n",
          .date = Time(std::chrono::seconds(1763892439))};
}

mail::TransportSettings settings_for(const std::string& url) {
  mail::TransportSettings settings;
  settings.url = url;
  settings.connect_timeout = std::chrono::seconds(5);
  settings.reply_timeout = std::chrono::seconds(5);
  return settings;
}

bool go_ahead() {
  return true;
}

}  // namespace kundehub::mail_test

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/doctor/checks.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/password_file.hpp"
#include "core/welcome/welcome_message.hpp"

namespace kundehub::cli {
namespace {

void examine_config_file(Session& session, Examination& examination) {
  const std::filesystem::path file = session.config_file();
  session.config();
  if (!std::filesystem::exists(file))
    return examination.warn(
        "config.file",
        tr("there is no configuration file {}: every setting has its default", text::quoted(file.native())),
        "kundehub init");
  examination.ok("config.file", file.native());
}

/// Whoever may change the file, or put another in its place, decides where the mails go.
void examine_config_mode(Session& session, Examination& examination) {
  const std::filesystem::path file = session.config_file(), folder = file.parent_path();
  struct stat info {};
  if (stat(file.c_str(), &info) != 0) return;
  if ((info.st_mode & S_IWOTH) != 0)
    return examination.fail("config.mode", tr("every user of this machine may change {}", text::quoted(file.native())),
                            fmt::format("chmod o-w {}", text::shell_word(file.native())));
  if ((info.st_mode & S_IWGRP) != 0)
    return examination.warn("config.mode", tr("a group may change {}", text::quoted(file.native())),
                            fmt::format("chmod g-w {}", text::shell_word(file.native())));
  struct stat above {};
  // Root looks after files that are the service's own.
  if (info.st_uid != 0 && geteuid() != 0 && info.st_uid != geteuid())
    return examination.warn("config.mode",
                            tr("{} belongs to another user, who may change it", text::quoted(file.native())),
                            fmt::format("chown {} {}", geteuid(), text::shell_word(file.native())));
  const bool open_folder = stat(folder.empty() ? "." : folder.c_str(), &above) == 0 && (above.st_mode & S_IWOTH) != 0 &&
                           (above.st_mode & S_ISVTX) == 0;
  if (open_folder)
    return examination.fail("config.mode", tr("every user of this machine may replace {}", text::quoted(file.native())),
                            fmt::format("chmod o-w {}", text::shell_word(folder.native())));
  examination.ok("config.mode", tr("nobody else may change it"));
}

void examine_hub(Session& session, Examination& examination) {
  const std::string& url = session.config().hub.url;
  if (url.empty())
    return examination.fail("config.hub", tr("mail cannot be sent: hub.url is not set"),
                            "kundehub config set hub.url https://hub.example.dk");
  if (!url.starts_with("https://"))
    return examination.warn("config.hub", tr("{} is for trying out: login links work on this machine only", url),
                            "kundehub config set hub.url https://hub.example.dk");
  examination.ok("config.hub", url);
}

void examine_mail_settings(Session& session, Examination& examination) {
  const auto& mail = session.config().mail;
  if (mail.transport.empty())
    return examination.fail("config.mail", tr("mail cannot be sent: mail.transport is not set"),
                            "kundehub config set mail.transport smtp://mail.example.dk");
  if (mail.from.empty())
    return examination.fail("config.mail", tr("mail cannot be sent: mail.from is not set"),
                            "kundehub config set mail.from \"Example <hub@example.dk>\"");
  examination.ok("config.mail", tr("from {} through {}", mail.from, mail.transport));
}

void examine_password(Session& session, Examination& examination) {
  const auto& mail = session.config().mail;
  if (mail.username.empty() && mail.password_file.empty()) return;
  const std::string file = mail.password_file.empty() ? "" : session.from_config(mail.password_file).native();
  const std::string password = read_password(file, session.environment("CREDENTIALS_DIRECTORY"));
  if (password.empty())
    return examination.fail("config.password", tr("mail.username is set, and there is no password for it"),
                            "kundehub config set mail.password_file FILE");
  struct stat info {};
  const bool shared = !file.empty() && stat(file.c_str(), &info) == 0 && (info.st_mode & (S_IRWXG | S_IRWXO)) != 0;
  if (shared)
    return examination.warn("config.password", tr("a group can use the password file {}", text::quoted(file)),
                            fmt::format("chmod 600 {}", text::shell_word(file)));
  if (mail.username.empty())
    return examination.warn("config.password", tr("there is a password, and mail.username is not set"),
                            "kundehub config set mail.username NAME");
  examination.ok("config.password", tr("there is one, and nobody else can read it"));
}

}  // namespace

bool examine_config(Session& session, Examination& examination) {
  examination.guard("config.file", [&] { examine_config_file(session, examination); });
  examination.guard("config.mode", [&] { examine_config_mode(session, examination); });
  if (examination.has_failed("config.file")) return false;
  examine_hub(session, examination);
  examine_mail_settings(session, examination);
  examination.guard("config.password", [&] { examine_password(session, examination); });
  return true;
}

}  // namespace kundehub::cli

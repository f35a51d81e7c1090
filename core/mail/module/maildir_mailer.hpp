#pragma once

#include <string>

#include "core/mail/mailer.hpp"

namespace kundehub::mail {

/// Delivers into a Maildir (D. J. Bernstein, "Using maildir format"): written and synced in tmp/, then renamed into
/// new/. Directories that are missing are made (0700), files are 0600 and have LF line ends, as Maildir readers expect.
///
/// The file's name comes from the Message-ID, so a mail that is already in new/ or cur/ is found and counts as accepted
/// without a second copy. Errors: a full disk, quota or size limit and an I/O error are deferred, since nothing about
/// the mail or the settings is wrong; too few descriptors or memory are our fault and may pass; every other error of
/// the path is our fault and lasts. If new/ cannot be synced after the rename the outcome is uncertain.
class MaildirMailer final : public Mailer {
 public:
  explicit MaildirMailer(std::string path) : m_path(std::move(path)) {}

  SendResult send(const Message& message, const BeforeFinalDot& before_final_dot) noexcept override;

 private:
  SendResult deliver(const Message& message, const BeforeFinalDot& before_final_dot) const;

  std::string m_path;
};

}  // namespace kundehub::mail

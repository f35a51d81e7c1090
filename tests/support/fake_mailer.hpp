#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/mail/mailer.hpp"
#include "core/welcome/delivery.hpp"

namespace kundehub::test {

/// A mail server that does as it is told, behind any number of connections.
class FakeServer {
 public:
  using Answer = std::function<mail::SendResult(const mail::Message&, const mail::BeforeFinalDot&)>;

  /// Accepts everything until told otherwise.
  FakeServer();

  /// What happens to every mail from now on.
  void answer(Answer answer) { m_answer = std::move(answer); }
  void answer(const mail::SendResult& result);

  [[nodiscard]] MailerFactory factory();

  /// The mails that were completed with their final dot, in the order of their completion.
  [[nodiscard]] std::vector<mail::Message> received() const;

  int connections = 0;  ///< opened so far
  int tries = 0;        ///< mails begun

 private:
  friend class FakeMailer;
  mail::SendResult take(const mail::Message& message, const mail::BeforeFinalDot& before_final_dot);

  Answer m_answer;
  mutable std::mutex m_mutex;
  std::vector<mail::Message> m_received;
};

/// `250 ok` after the dot, or abandoned if the dot may not go.
mail::SendResult accept(const mail::Message& message, const mail::BeforeFinalDot& before_final_dot);

mail::SendResult result_of(mail::Outcome outcome, const std::string& reply);

}  // namespace kundehub::test

#include "tests/support/fake_mailer.hpp"

namespace kundehub::test {

class FakeMailer final : public mail::Mailer {
 public:
  explicit FakeMailer(FakeServer& server) : m_server(server) {}

  mail::SendResult send(const mail::Message& message, const mail::BeforeFinalDot& before_final_dot) noexcept override {
    return m_server.take(message, before_final_dot);
  }

 private:
  FakeServer& m_server;
};

FakeServer::FakeServer() : m_answer(accept) {}

void FakeServer::answer(const mail::SendResult& result) {
  m_answer = [result](const mail::Message&, const mail::BeforeFinalDot&) { return result; };
}

MailerFactory FakeServer::factory() {
  return [this](const mail::GiveUp&) -> std::unique_ptr<mail::Mailer> {
    const std::lock_guard lock(m_mutex);
    ++connections;
    return std::make_unique<FakeMailer>(*this);
  };
}

std::vector<mail::Message> FakeServer::received() const {
  const std::lock_guard lock(m_mutex);
  return m_received;
}

mail::SendResult FakeServer::take(const mail::Message& message, const mail::BeforeFinalDot& before_final_dot) {
  {
    const std::lock_guard lock(m_mutex);
    ++tries;
  }
  const mail::SendResult result = m_answer(message, before_final_dot);
  if (result.outcome == mail::Outcome::accepted || result.outcome == mail::Outcome::uncertain) {
    const std::lock_guard lock(m_mutex);
    m_received.push_back(message);
  }
  return result;
}

mail::SendResult accept(const mail::Message&, const mail::BeforeFinalDot& before_final_dot) {
  if (!before_final_dot()) return result_of(mail::Outcome::abandoned, "called back");
  return result_of(mail::Outcome::accepted, "250 2.0.0 queued as 4711");
}

mail::SendResult result_of(mail::Outcome outcome, const std::string& reply) {
  const mail::Stage stage = outcome == mail::Outcome::accepted || outcome == mail::Outcome::uncertain
                                ? mail::Stage::final_dot
                                : mail::Stage::recipient;
  return {.outcome = outcome, .stage = stage, .reply = reply};
}

}  // namespace kundehub::test

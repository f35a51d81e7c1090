#include "core/welcome/claims.hpp"

#include <exception>
#include <iterator>
#include <memory>

namespace kundehub {

std::optional<ClaimedWelcome> Claims::next(int batch) {
  if (m_at_hand.empty()) {
    claim_ahead(batch);
    receive();
  }
  if (m_at_hand.empty()) return std::nullopt;
  ClaimedWelcome mail = std::move(m_at_hand.front());
  m_at_hand.pop_front();
  return mail;
}

void Claims::claim_ahead(int batch) {
  if (!m_at_hand.empty() || m_ahead.valid()) return;
  const auto mails = std::make_shared<std::vector<ClaimedWelcome>>();
  const auto claimed = std::make_shared<std::promise<std::vector<ClaimedWelcome>>>();
  m_ahead = claimed->get_future();
  m_writer.submit([this, batch, mails] { *mails = m_queue.claim(m_clock(), batch, m_only); },
                  [mails, claimed](const std::exception_ptr& error) {
                    error ? claimed->set_exception(error) : claimed->set_value(std::move(*mails));
                  });
}

void Claims::receive() {
  auto mails = m_ahead.get();
  std::move(mails.begin(), mails.end(), std::back_inserter(m_at_hand));
}

void Claims::release() {
  if (m_ahead.valid()) receive();
  if (m_at_hand.empty()) return;
  m_writer.write([this] {
    for (const ClaimedWelcome& mail : m_at_hand) m_queue.release(mail, m_clock());
  });
}

}  // namespace kundehub

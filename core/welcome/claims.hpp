#pragma once

#include <deque>
#include <future>
#include <optional>
#include <vector>

#include "core/store/store.hpp"
#include "core/welcome/group_writer.hpp"

namespace kundehub {

/// The mails that a run has taken on and no connection has yet. They come in batches, so that the connections share a
/// claim's sync, and can be asked for before they are needed. For one thread at a time.
class Claims {
 public:
  /// With `only`, no other mails. All three have to outlive this.
  Claims(WelcomeQueue& queue, GroupWriter& writer, const std::vector<WelcomeId>& only, Clock clock)
      : m_queue(queue), m_writer(writer), m_only(only), m_clock(std::move(clock)) {}

  /// The next mail; absent: none is due. Where none is at hand, up to `batch` are claimed. Throws what that throws.
  std::optional<ClaimedWelcome> next(int batch);

  /// Where none is at hand, claims up to `batch` and does not wait for it.
  void claim_ahead(int batch);

  /// Puts back what nobody has taken. Throws if that cannot be written: the next run recovers them.
  void release();

 private:
  void receive();

  WelcomeQueue& m_queue;
  GroupWriter& m_writer;
  const std::vector<WelcomeId>& m_only;
  Clock m_clock;
  std::deque<ClaimedWelcome> m_at_hand;
  std::future<std::vector<ClaimedWelcome>> m_ahead;  ///< the claim that is on its way, if any
};

}  // namespace kundehub

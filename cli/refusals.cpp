#include "cli/refusals.hpp"

namespace kundehub::cli {

bool is_refusal(const Error& error) {
  return error.kind() == ErrorKind::conflict || error.kind() == ErrorKind::not_found ||
         error.kind() == ErrorKind::bad_data;
}

void Refusals::guard(const std::function<void()>& step) {
  try {
    step();
  } catch (const Error& error) {
    if (!is_refusal(error)) throw;
    refuse(error);
  }
}

void Refusals::refuse(const Error& why) {
  ++m_refused;
  if (m_refused == m_targets) throw why;  // nothing was done: that is no partial success
  m_session.warn_of_refusal(why);
}

}  // namespace kundehub::cli

#include "core/mail/module/gmime_objects.hpp"

#include <mutex>

namespace kundehub::mail {

void initialise_gmime() {
  static std::once_flag once;
  std::call_once(once, g_mime_init);
}

}  // namespace kundehub::mail

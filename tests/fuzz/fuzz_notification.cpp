#include "core/mail/module/parse_notification.hpp"
#include "core/mail/module/plain_text.hpp"
#include "tests/fuzz/property.hpp"

using namespace kundehub;

namespace {

void check_text(const std::string& text) {
  fuzz::require(mail::line_fault(text).empty(), "what a report says may be shown");
  fuzz::require_same(mail::printable(text), text, "what a report says is as printable makes it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const mail::StatusNotification read = mail::parse_notification(fuzz::text_of(data, size));
  check_text(read.message_id);
  for (const mail::ReportedRecipient& recipient : read.recipients) {
    check_text(recipient.address);
    check_text(recipient.action);
    check_text(recipient.text);
    fuzz::require(!recipient.action.empty(), "a recipient without an action is none");
    fuzz::require(recipient.action.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos,
                  "an action is in lower case");
  }
  return 0;
}

#include <string>

#include <doctest/doctest.h>

#include "core/mail/mail_module.hpp"

using namespace kundehub::mail;

namespace {

/// A report as Postfix writes it, about one recipient; `returned` is its third part.
std::string report(const std::string& recipient_fields, const std::string& returned) {
  return "From: MAILER-DAEMON@mx.example.dk\nTo: hub@example.dk\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"
         "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n"
         "--b\nContent-Type: text/plain\n\nSorry.\n\n"
         "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.dk\n"
         "Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0000\n\n" +
         recipient_fields + "\n--b\n" + returned + "\n--b--\n";
}

constexpr const char* returned_mail =
    "Content-Type: message/rfc822\n\nMessage-ID: <kundehub.1@example.dk>\nSubject: x\n\nhi\n";
constexpr const char* unknown_user =
    "Final-Recipient: rfc822; anna@xn--rdgrd-vuad.dk\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <anna@x.dk>:\n    user unknown\n";

}  // namespace

TEST_CASE("a report tells which mail could not reach whom, and why (RFC 3464)") {
  const StatusNotification read = read_notification(report(unknown_user, returned_mail));
  CHECK(read.message_id == "kundehub.1@example.dk");
  REQUIRE(read.recipients.size() == 1);
  CHECK(read.recipients[0].address == "anna@rødgrød.dk");
  CHECK(read.recipients[0].action == "failed");
  CHECK(read.recipients[0].text.starts_with("5.1.1 550 5.1.1 <anna@x.dk>:"));
  CHECK(read.recipients[0].text.ends_with("user unknown"));
}

TEST_CASE("the original recipient comes before the final one, and headers alone name the mail") {
  const StatusNotification read = read_notification(
      report("Original-Recipient: rfc822;bo@nordlys.dk\nFinal-Recipient: rfc822;bo@elsewhere.dk\nAction: Delayed\n"
             "Status: 4.4.1\n\nFinal-Recipient: rfc822;two@nordlys.dk\nAction: failed\nStatus: 5.0.0\n",
             "Content-Type: text/rfc822-headers\n\nMessage-ID: <kundehub.2@example.dk>\nTo: bo@nordlys.dk\n"));
  CHECK(read.message_id == "kundehub.2@example.dk");
  REQUIRE(read.recipients.size() == 2);
  CHECK(read.recipients[0].address == "bo@nordlys.dk");
  CHECK(read.recipients[0].action == "delayed");
  CHECK(read.recipients[1].address == "two@nordlys.dk");
}

TEST_CASE("what is no report has no recipients, whatever it holds") {
  const std::string garbage("\0\xff\xfe--b\r\n\r\n", 10);
  for (const std::string& raw :
       {std::string(), garbage, std::string("Subject: hello\n\nAction: failed\n"),
        std::string("Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n")}) {
    CAPTURE(raw);
    CHECK(read_notification(raw).recipients.empty());
  }
}

TEST_CASE("what a report says reaches no terminal unescaped") {
  const StatusNotification read = read_notification(
      report("Final-Recipient: rfc822;a@b.dk\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; \x1b]52;c;x\n",
             returned_mail));
  REQUIRE(read.recipients.size() == 1);
  CHECK(read.recipients[0].text.find('\x1b') == std::string::npos);
}

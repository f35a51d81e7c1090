#pragma once

#include "cli/doctor/examination.hpp"
#include "core/store/maintenance.hpp"

/// The checks of `kundehub doctor`, in the order in which they are made. None changes anything.
namespace kundehub::cli {

/// The configuration file, who may change it, what sending mail needs. False if it cannot be read: then nothing is
/// known of the database and the mail server.
bool examine_config(Session& session, Examination& examination);

/// The database: its file, who may use it, a quick look at its soundness, the disk, the writers. Absent if it cannot be
/// opened.
std::optional<StoreLook> examine_database(Session& session, Examination& examination);

/// The link key, and whether it belongs to the database.
void examine_key(Session& session, Examination& examination, const std::optional<StoreLook>& look);

/// The clock and the time zone.
void examine_clock(Session& session, Examination& examination, const std::optional<StoreLook>& look);

/// The words of the mails, and the modules of new customers.
void examine_words(Session& session, Examination& examination, const std::optional<StoreLook>& look);

/// What waits to be sent, and who sends it.
void examine_queue(Session& session, Examination& examination, const std::optional<StoreLook>& look);

/// The mail transport: talks to the server, or looks at the program or folder.
void examine_transport(Session& session, Examination& examination);

/// SPF and DMARC of the domain that mails come from.
void examine_sender(Session& session, Examination& examination);

/// Sends a mail without a login link to `address`, unless an error of the configuration or of the mail stands in
/// the way; the server's answer is what is found.
void send_test(Session& session, Examination& examination, const std::string& address);

}  // namespace kundehub::cli

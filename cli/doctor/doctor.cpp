#include "cli/commands.hpp"
#include "cli/doctor/checks.hpp"
#include "cli/options.hpp"
#include "core/model/email_address.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct DoctorOptions {
  std::optional<std::string> send_test;
};

void examine_all(Session& session, Examination& examination) {
  if (!examine_config(session, examination)) {
    for (const char* check : {"database", "key", "templates", "queue", "mail"})
      examination.skip(check, tr("cannot be examined without the configuration"));
    return examine_clock(session, examination, std::nullopt);
  }
  const std::optional<StoreLook> look = examine_database(session, examination);
  examine_key(session, examination, look);
  examine_clock(session, examination, look);
  examine_words(session, examination, look);
  examine_queue(session, examination, look);
  examine_transport(session, examination);
  examine_sender(session, examination);
}

ExitCode run_doctor(const DoctorOptions& options, Session& session) {
  if (options.send_test) EmailAddress::parse(*options.send_test);
  if (options.send_test && session.is_part())
    throw Error(ErrorKind::usage, tr("a test mail cannot be taken back, so it is no part of a batch --atomic"),
                tr("send it before or after the batch"));
  Examination examination(session);
  examine_all(session, examination);
  if (options.send_test) send_test(session, examination, *options.send_test);
  examination.finish();
  return ExitCode::ok;
}

}  // namespace

void add_doctor(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* doctor = add_verb(parent, "doctor", "examine the installation: configuration, database, queue, mail server",
                              options, run_doctor, chosen);
  doctor->add_option("--send-test", options->send_test, "send a mail without a login link to this address")
      ->type_name("ADDRESS");
}

}  // namespace kundehub::cli

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/welcome/delivery.hpp"
#include "tests/support/fake_mailer.hpp"
#include "tests/support/mail_fixture.hpp"
#include "tests/support/records.hpp"

namespace kundehub::test {

/// A queue in a file, so that a test can be another process meanwhile.
struct FileQueue {
  explicit FileQueue(int contacts) : records(folder.path() / "kundehub.db") {
    config.hub.url = "https://hub.example.dk";
    config.mail.from = "hub@example.dk";
    config.mail.connections = 1;
    for (const ContactId id : records.add_contacts(contacts)) mails.push_back(records.invite(id));
  }

  DeliveryReport run() {
    const auto lease = records.store->try_delivery_lease(Seconds(0));
    return deliver(*records.store, *lease,
                   {.config = config,
                    .key = records.key,
                    .templates = records.templates,
                    .clock = [this] { return records.now; },
                    .only = only,
                    .limit = limit,
                    .max_failures = max_failures,
                    .interrupted = interrupted},
                   server.factory(), [this](const DeliveredMail& mail) { progress(mail); });
  }

  std::string states() {
    return records.value("SELECT group_concat(state, ' ') FROM (SELECT state FROM welcome ORDER BY id)");
  }

  mail_test::ScratchDirectory folder;
  Records records;
  Config config;
  FakeServer server;
  std::vector<WelcomeId> mails, only;
  std::optional<int> limit, max_failures;
  std::function<bool()> interrupted;
  std::function<void(const DeliveredMail&)> progress = [](const DeliveredMail&) {};
};

}  // namespace kundehub::test

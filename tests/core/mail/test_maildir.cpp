#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "core/mail/mail_module.hpp"
#include "tests/support/mail_fixture.hpp"

using namespace kundehub;
using namespace kundehub::mail;
using namespace kundehub::mail_test;
namespace fs = std::filesystem;

namespace {

SendResult deliver(const fs::path& maildir, const Message& message, const BeforeFinalDot& before_final_dot = go_ahead) {
  return open_mailer(settings_for("maildir:" + maildir.native()))->send(message, before_final_dot);
}

auto file_count(const fs::path& directory) {
  return std::distance(fs::directory_iterator(directory), fs::directory_iterator());
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

}  // namespace

TEST_CASE("a mail is delivered into a Maildir that is made for it") {
  const ScratchDirectory scratch;
  const fs::path maildir = scratch.path() / "box";
  const SendResult result = deliver(maildir, sample_message());
  const fs::path file = maildir / "new" / "9f3c.welcome@bureau.dk";
  CHECK(result.outcome == Outcome::accepted);
  CHECK(result.reply == "delivered to " + file.native());
  for (const char* name : {"", "tmp", "new", "cur"}) CHECK(mode_of(maildir / name) == 0700);
  CHECK(mode_of(file) == 0600);
  CHECK(file_count(maildir / "tmp") == 0);
  const std::string content = read_file(file);
  CHECK(content.find('\r') == std::string::npos);
  CHECK(parse_mail(content)["text"] == sample_message().text);
}

TEST_CASE("a repeat is found in new/ and in cur/ under any flags, and counts as accepted") {
  const ScratchDirectory scratch;
  const fs::path maildir = scratch.path() / "box";
  const std::string name = "9f3c.welcome@bureau.dk";
  REQUIRE(deliver(maildir, sample_message()).outcome == Outcome::accepted);
  CHECK(deliver(maildir, sample_message()).reply == "delivered to " + (maildir / "new" / name).native());
  CHECK(file_count(maildir / "new") == 1);
  for (const char* flags : {"", ":2,", ":2,RS"}) {
    CAPTURE(flags);
    const fs::path read = maildir / "cur" / (name + flags);
    fs::rename(
        fs::exists(maildir / "new" / name) ? maildir / "new" / name : fs::directory_iterator(maildir / "cur")->path(),
        read);
    const SendResult result = deliver(maildir, sample_message());
    CHECK(result.outcome == Outcome::accepted);
    CHECK(result.reply == "delivered to " + read.native());
    CHECK(file_count(maildir / "new") == 0);
  }
  Message other = sample_message();
  other.message_id = "9f3c.welcome@bureau.d";
  CHECK(deliver(maildir, other).outcome == Outcome::accepted);
  CHECK(file_count(maildir / "new") == 1);
}

TEST_CASE("a no before the final step leaves nothing in the Maildir") {
  const ScratchDirectory scratch;
  const fs::path maildir = scratch.path() / "box";
  const SendResult result = deliver(maildir, sample_message(), [&] {
    CHECK(file_count(maildir / "tmp") == 1);
    CHECK(file_count(maildir / "new") == 0);
    return false;
  });
  CHECK(result.outcome == Outcome::abandoned);
  CHECK(file_count(maildir / "tmp") == 0);
  CHECK(file_count(maildir / "new") == 0);
}

TEST_CASE("the torso of a try that was killed is written anew") {
  const ScratchDirectory scratch;
  const fs::path maildir = scratch.path() / "box";
  fs::create_directories(maildir / "tmp");
  std::ofstream(maildir / "tmp" / "9f3c.welcome@bureau.dk") << "torso";
  CHECK(deliver(maildir, sample_message()).outcome == Outcome::accepted);
  CHECK(parse_mail(read_file(maildir / "new" / "9f3c.welcome@bureau.dk"))["defects"].empty());
  CHECK(file_count(maildir / "tmp") == 0);
}

TEST_CASE("a message id cannot lead out of the Maildir, nor two share a file") {
  const ScratchDirectory scratch;
  const fs::path maildir = scratch.path() / "box";
  for (const char* id : {"../../evil@x.dk", ".evil@x.dk", "a/b@x.dk", "a=2Fb@x.dk"}) {
    Message message = sample_message();
    message.message_id = id;
    CHECK(deliver(maildir, message).outcome == Outcome::accepted);
  }
  CHECK(file_count(maildir / "new") == 4);
  CHECK(file_count(scratch.path()) == 1);
  CHECK(fs::exists(maildir / "new" / "=2Eevil@x.dk"));
}

TEST_CASE("trouble with the path is our fault and names it") {
  const ScratchDirectory scratch;
  const fs::path file = scratch.path() / "file";
  std::ofstream(file) << "x";
  SendResult result = deliver(file, sample_message());
  CHECK(result.outcome == Outcome::our_fault);
  CHECK_FALSE(result.retry_later);
  CHECK(result.reply == "cannot make \"" + (file / "tmp").native() + "\": Not a directory");
  result = deliver(scratch.path() / "no" / "parent", sample_message());
  CHECK(result.outcome == Outcome::our_fault);
  CHECK(result.reply.ends_with(": No such file or directory"));
}

TEST_CASE("a mail for which there is no room is deferred, and leaves nothing behind") {
  const ScratchDirectory scratch;
  const fs::path maildir = scratch.path() / "box";
  const auto mailer = open_mailer(settings_for("maildir:" + maildir.native()));
  rlimit usual{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &usual) == 0);
  signal(SIGXFSZ, SIG_IGN);  // as the program does
  const rlimit tight{100, usual.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &tight) == 0);
  const SendResult result = mailer->send(sample_message(), go_ahead);
  setrlimit(RLIMIT_FSIZE, &usual);
  CHECK(result.outcome == Outcome::deferred);
  CHECK(result.reply.ends_with(": File too large"));
  CHECK(file_count(maildir / "tmp") == 0);
  CHECK(mailer->send(sample_message(), go_ahead).outcome == Outcome::accepted);
}

TEST_CASE("a message id too long for a file name is our fault") {
  const ScratchDirectory scratch;
  Message message = sample_message();
  message.message_id.assign(190, '=').append("@x.dk");
  const SendResult result = deliver(scratch.path() / "box", message);
  CHECK(result.outcome == Outcome::our_fault);
  CHECK(result.reply.ends_with(": File name too long"));
}

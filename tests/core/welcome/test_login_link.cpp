#include "core/welcome/login_link.hpp"

#include <sys/stat.h>

#include <fstream>
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/model/error.hpp"
#include "tests/support/mail_fixture.hpp"

using namespace kundehub;
using kundehub::mail_test::read_file;
using kundehub::mail_test::ScratchDirectory;
namespace fs = std::filesystem;

namespace {

constexpr const char* known_file = "kundehub link key 1\nepoch 1\nkey AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n";

Nonce known_nonce() {
  Nonce nonce{};
  for (std::size_t i = 0; i < nonce.size(); ++i) nonce[i] = static_cast<unsigned char>(0xA0 + i);
  return nonce;
}

void write_file(const fs::path& file, const std::string& content, mode_t mode = 0600) {
  std::ofstream(file, std::ios::binary) << content;
  REQUIRE(chmod(file.c_str(), mode) == 0);
}

LinkKey key_from(const ScratchDirectory& folder, const std::string& content) {
  write_file(folder.path() / "key", content);
  return LinkKey::load(folder.path() / "key");
}

/// What is said about a key file, with the hint behind a slash.
std::string load_refusal(const fs::path& file) {
  try {
    LinkKey::load(file);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::config);
    return error.what() + (" / " + error.hint());
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a token is the HMAC of its length-prefixed fields: other programs and later versions make the same") {
  const ScratchDirectory folder;
  const LinkKey key = key_from(folder, known_file);
  const Nonce nonce = known_nonce();
  CHECK(key.token(ContactId{7}, 1, nonce) == "u1QNLHK8436WaV83OEqoWGDL1yS4TJeuL1awVlvv7YA");
  CHECK(key.token(ContactId{71}, 1, nonce) == "UPTg0MIcVI_kTSuTq0WY_MbuPkQ9srtwOd8wHFsRvfI");
  CHECK(key.token(ContactId{7}, 11, nonce) == "rgLqUlgB2pIdv5Lkzfs9UaHMYT1Tp3wjS-2LlpTOP1o");
  const LinkKey restored = key_from(folder, std::string(known_file).replace(26, 1, "2"));
  CHECK(restored.token(ContactId{7}, 1, nonce) == "IxSbL-G1x270FOungcK06TMuIwSnlwyrH1514ns_oNw");
}

TEST_CASE("the database knows the SHA-256 of a token") {
  const TokenHash hash = token_hash("u1QNLHK8436WaV83OEqoWGDL1yS4TJeuL1awVlvv7YA");
  std::string hex;
  for (const unsigned char byte : hash) hex += fmt::format("{:02x}", byte);
  CHECK(hex == "43685bf5510d7e87c728f09c46d7dc0d7a1791699a14a3ee1e6e2677d26d26b0");
}

TEST_CASE("a link is the HUB's address with the token") {
  CHECK(login_url("https://hub.example.dk", "abc") == "https://hub.example.dk/welcome?token=abc");
}

TEST_CASE("keys and nonces are random, tokens have 43 characters that a URL takes as they are") {
  std::set<std::string> tokens;
  for (int i = 0; i < 50; ++i) {
    const std::string token = LinkKey::generate().token(ContactId{1}, 1, Nonce{});
    CHECK(token.size() == 43);
    CHECK(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
          std::string::npos);
    tokens.insert(token);
  }
  CHECK(tokens.size() == 50);
  CHECK(random_nonce() != random_nonce());
}

TEST_CASE("a key file is made once, private, and gives the same tokens each time it is read") {
  const ScratchDirectory folder;
  const fs::path file = folder.path() / "kundehub.db.key";
  CHECK(LinkKey::create(file));
  struct stat info {};
  REQUIRE(stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 07777) == 0600);
  const std::string content = read_file(file);
  CHECK_FALSE(LinkKey::create(file));
  CHECK(read_file(file) == content);
  CHECK(LinkKey::load(file).token(ContactId{1}, 1, {}) == LinkKey::load(file).token(ContactId{1}, 1, {}));
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a key file is not made in place of a link that leads nowhere, nor in a folder that is missing") {
  const ScratchDirectory folder;
  fs::create_symlink("/nowhere/key", folder.path() / "link");
  CHECK_FALSE(LinkKey::create(folder.path() / "link"));
  try {
    LinkKey::create(folder.path() / "missing" / "key");
    FAIL("made");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::no_output);
  }
}

TEST_CASE("a key file that cannot be used says what to do") {
  const ScratchDirectory folder;
  const fs::path file = folder.path() / "key";
  const std::string name = "the link key \"" + file.native() + "\" ";
  CHECK(load_refusal(file) == name +
                                  "is missing / if there is a copy: kundehub db key import FILE; else kundehub init "
                                  "makes one, and the links that are out end");
  write_file(file, known_file, 0604);
  CHECK(load_refusal(file) == name + "can be read by every user of this machine / chmod 600 " + file.native());
  write_file(file, known_file, 0640);
  CHECK(load_refusal(file) == "accepted");
  fs::remove(file);
  fs::create_directory(file);
  CHECK(load_refusal(file).starts_with(name + "cannot be read"));
  fs::remove(file);
  REQUIRE(mkfifo(file.c_str(), 0600) == 0);
  CHECK(load_refusal(file).starts_with(name + "cannot be read"));
}

TEST_CASE("a malformed key is refused whole") {
  const ScratchDirectory folder;
  const fs::path file = folder.path() / "key";
  const std::string good = known_file;
  for (const std::string& bad :
       {std::string(), good.substr(0, 40), good.substr(0, good.size() - 3) + "\n", "x" + good, good.substr(20),
        std::string("kundehub link key 1\nepoch x\nkey AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n"),
        std::string("kundehub link key 1\nepoch 1\nkey AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AA\n"),
        std::string("kundehub link key 1\nepoch 1\nkey AAEC!wQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n"),
        std::string(5000, 'x')}) {
    CAPTURE(bad);
    write_file(file, bad);
    CHECK(load_refusal(file).find("is malformed / if there is a copy: kundehub db key import FILE") !=
          std::string::npos);
  }
}

TEST_CASE("a token that a server quotes is not kept") {
  const std::string token(43, 'a');
  CHECK(without_tokens("554 blocked https://hub.example.dk/welcome?token=" + token + " now") ==
        "554 blocked https://hub.example.dk/welcome?token=" + std::string(43, '*') + " now");
  CHECK(without_tokens("token=3D" + token + "/token=" + token).find('a') == std::string::npos);
  CHECK(without_tokens("250 2.0.0 queued") == "250 2.0.0 queued");
  CHECK(without_tokens("token=") == "token=");
}

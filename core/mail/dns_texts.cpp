#include "core/mail/dns_texts.hpp"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace kundehub::mail {
namespace {

constexpr std::size_t max_records = 64, max_text = 8 * 1024;
constexpr std::size_t answer_count_at = 6;  // RFC 1035, section 4.1.1
constexpr int seconds_a_try = 2, tries = 2;
constexpr std::chrono::seconds patience{10};

/// Takes a DNS message apart from its beginning on (RFC 1035, section 4.1). Unsound once anything was wanted that is
/// not there; then numbers are 0 and stretches empty.
class Reader {
 public:
  explicit Reader(std::span<const unsigned char> rest) : m_rest(rest) {}

  [[nodiscard]] bool is_sound() const { return m_is_sound; }

  std::span<const unsigned char> bytes(std::size_t size) {
    m_is_sound = m_is_sound && size <= m_rest.size();
    if (!m_is_sound) return {};
    const auto taken = m_rest.first(size);
    m_rest = m_rest.subspan(size);
    return taken;
  }

  void skip(std::size_t size) { bytes(size); }

  std::size_t number() {
    const auto both = bytes(2);
    return both.empty() ? 0 : both[0] * 256u + both[1];
  }

  /// Labels up to the empty one, or to a pointer, which is not followed: no name matters here.
  void skip_name() {
    constexpr unsigned pointer = 0xc0;
    for (;;) {
      const auto length = bytes(1);
      if (length.empty() || length[0] == 0) return;
      if ((length[0] & pointer) == pointer) return skip(1);
      skip(length[0]);
    }
  }

 private:
  std::span<const unsigned char> m_rest;
  bool m_is_sound = true;
};

/// The character-strings of one record, joined. The last one ends with the record, whatever its length says.
std::string join_strings(std::span<const unsigned char> data) {
  std::string text;
  while (!data.empty()) {
    const std::size_t size = std::min<std::size_t>(data.front(), data.size() - 1);
    for (const unsigned char byte : data.subspan(1, size)) {
      const bool is_plain = byte >= 0x20 && byte < 0x7f;
      if (text.size() < max_text) text += is_plain ? static_cast<char>(byte) : '?';
    }
    data = data.subspan(1 + size);
  }
  return text;
}

/// A state of libc's resolver that ends with its scope.
class Resolver {
 public:
  Resolver() : m_is_ready(res_ninit(&m_state) == 0) {
    m_state.retrans = seconds_a_try;
    m_state.retry = tries;
    m_state.options |= RES_USE_EDNS0;  // most answers then need no second question by TCP
  }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  ~Resolver() {
    if (m_is_ready) res_nclose(&m_state);
  }

  DnsTexts ask(const std::string& name) {
    if (!m_is_ready) return {};
    std::vector<unsigned char> message(NS_MAXMSG);
    const int size =
        res_nquery(&m_state, name.c_str(), ns_c_in, ns_t_txt, message.data(), static_cast<int>(message.size()));
    if (size < 0) {
      const bool none = m_state.res_h_errno == HOST_NOT_FOUND || m_state.res_h_errno == NO_DATA;
      return {.answer = none ? DnsTexts::Answer::none : DnsTexts::Answer::no_answer};
    }
    message.resize(std::min(message.size(), static_cast<std::size_t>(size)));
    std::vector<std::string> texts = read_dns_texts(message);
    const bool is_cut_off = texts.empty() && message.size() > answer_count_at + 1 &&
                            (message[answer_count_at] != 0 || message[answer_count_at + 1] != 0);
    if (is_cut_off) return {.answer = DnsTexts::Answer::no_answer};  // what there was could not be read
    if (texts.empty()) return {.answer = DnsTexts::Answer::none};
    return {.answer = DnsTexts::Answer::given, .texts = std::move(texts)};
  }

 private:
  struct __res_state m_state {};
  bool m_is_ready;
};

/// A question that is being asked by a thread of its own: libc may wait for minutes when it connects by TCP.
class Question : public std::enable_shared_from_this<Question> {
 public:
  explicit Question(std::string name) : m_name(std::move(name)) {}

  DnsTexts ask() {
    std::thread([self = shared_from_this()] { self->work(); }).detach();
    std::unique_lock lock(m_mutex);
    m_change.wait_for(lock, patience, [this] { return m_result.has_value(); });
    return m_result.value_or(DnsTexts{});
  }

 private:
  void work() noexcept {
    DnsTexts result;
    try {
      result = Resolver().ask(m_name);
    } catch (const std::exception&) {  // no memory: as if nobody had answered
    }
    const std::lock_guard lock(m_mutex);
    m_result = std::move(result);
    m_change.notify_one();
  }

  std::string m_name;
  std::mutex m_mutex;
  std::condition_variable m_change;
  std::optional<DnsTexts> m_result;
};

}  // namespace

std::vector<std::string> read_dns_texts(std::span<const unsigned char> message) {
  std::vector<std::string> texts;
  Reader reader(message);
  reader.skip(4);  // id and flags
  const std::size_t questions = reader.number(), answers = reader.number();
  reader.skip(4);  // the other sections' counts
  for (std::size_t i = 0; i < questions && reader.is_sound(); ++i) {
    reader.skip_name();
    reader.skip(4);
  }
  for (std::size_t i = 0; i < answers && texts.size() < max_records; ++i) {
    reader.skip_name();
    const std::size_t type = reader.number(), of_class = reader.number();
    reader.skip(4);  // time to live
    const auto data = reader.bytes(reader.number());
    if (!reader.is_sound()) break;
    if (type == ns_t_txt && of_class == ns_c_in) texts.push_back(join_strings(data));
  }
  return texts;
}

DnsTexts look_up_texts(const std::string& name) {
  try {
    return std::make_shared<Question>(name)->ask();
  } catch (const std::system_error&) {  // no thread can be started
    return {};
  }
}

}  // namespace kundehub::mail

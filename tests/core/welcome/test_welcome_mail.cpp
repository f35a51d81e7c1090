#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "core/embedded.hpp"
#include "core/model/error.hpp"
#include "core/welcome/welcome_mail.hpp"

using namespace kundehub;
using namespace std::string_literals;

namespace {

/// Sets the process's zone for one test.
class Zone {
 public:
  explicit Zone(const char* name) {
    if (const char* old = std::getenv("TZ")) m_old = old;
    set(name);
  }
  ~Zone() { set(m_old ? m_old->c_str() : nullptr); }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;

 private:
  static void set(const char* name) {
    name ? setenv("TZ", name, 1) : unsetenv("TZ");
    tzset();
  }
  std::optional<std::string> m_old;
};

const std::string sample_link = "https://hub.example.dk/welcome?token=dGhpcyBpcyBub3QgYSByZWFsIHRva2VuLCBidXQgNDM";

text::TemplateValues sample() {
  return {{"name", "Anna Berg"},
          {"first_name", "Anna"},
          {"address", "anna@nordlys.example"},
          {"company", "Berg & Holm"},
          {"customer", "Nordlys ApS"},
          {"link", sample_link},
          {"expires", "mandag den 30. november 2026 kl. 11.07"},
          {"message", "Vi glæder os til samarbejdet."},
          {"support", "hjaelp@bergholm.example"}};
}

std::size_t count(std::string_view text, std::string_view piece) {
  std::size_t found = 0;
  for (std::size_t at = text.find(piece); at != std::string_view::npos; at = text.find(piece, at + piece.size()))
    ++found;
  return found;
}

bool contains(std::string_view text, std::string_view piece) {
  return text.find(piece) != std::string_view::npos;
}

std::size_t longest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

constexpr Time at(std::int64_t seconds) {
  return Time(std::chrono::seconds(seconds));
}

WelcomeMailText render(std::string_view language, const text::TemplateValues& values) {
  return render_welcome_mail(WelcomeTemplates(), parse_language(language), values);
}

}  // namespace

TEST_CASE("a welcome mail says who, what, until when, and has its link once in each part") {
  for (const char* language : {"da", "en"}) {
    const WelcomeMailText mail = render(language, sample());
    CAPTURE(mail.text);
    CHECK(count(mail.text, sample_link) == 1);
    CHECK(count(mail.text, "://") == 1);
    CHECK(contains(mail.text, "\n\n" + sample_link + "\n\n"));
    CHECK(count(mail.html, sample_link) == 1);
    CHECK(count(mail.html, "://") == 1);
    CHECK(count(mail.html, "href=\"" + sample_link + "\"") == 1);
    CHECK(count(mail.html, "href=") == 1);
    for (const std::string& body : {mail.text, mail.html}) {
      for (const char* piece : {"Anna Berg", "anna@nordlys.example", "Nordlys ApS", "30. november 2026 kl. 11.07",
                                "Vi glæder os til samarbejdet.", "hjaelp@bergholm.example"}) {
        CHECK(contains(body, piece));
      }
      CHECK_FALSE(contains(body, "{{"));
    }
    CHECK(contains(mail.text, "Berg & Holm"));
    CHECK(contains(mail.html, "Berg &amp; Holm"));
  }
}

TEST_CASE("the subjects and the words are of the language that was asked for") {
  CHECK(render("da", sample()).subject == "Din adgang til kundeportalen hos Berg & Holm");
  CHECK(render("en", sample()).subject == "Your access to the Berg & Holm customer portal");
  CHECK(contains(render("da", sample()).text, "Linket kan bruges én gang og gælder til mandag"));
  CHECK(contains(render("en", sample()).text, "The link can be used once and is valid until "));
  CHECK(contains(render("da", sample()).html, "<html lang=\"da\">"));
  CHECK(contains(render("en", sample()).html, "<html lang=\"en\">"));
}

TEST_CASE("a mail loads nothing, tracks nothing and asks for no password") {
  for (const char* language : {"da", "en"}) {
    const WelcomeMailText mail = render(language, sample());
    for (const char* piece : {"<img", "src=", "url(", "@import", "<link", "<script", "<form", "<iframe", "http://"}) {
      CHECK_FALSE(contains(mail.html, piece));
    }
    for (const char* piece : {"password", "Password", "adgangskode", "Adgangskode", "kodeord"}) {
      CHECK_FALSE(contains(mail.text + mail.html, piece));
    }
    CHECK(longest_line(mail.html) < 900);
    CHECK(longest_line(mail.text) < 900);
  }
}

TEST_CASE("values that may be empty leave no hole") {
  text::TemplateValues values = sample();
  for (const char* name : {"first_name", "company", "message", "support"}) values[name].clear();
  for (const char* language : {"da", "en"}) {
    const WelcomeMailText mail = render(language, values);
    CAPTURE(mail.text);
    for (const char* hole : {"\n\n\n", "  \n", " \n", " ,", " .", "hos .", "class=\"note"}) {
      CHECK_FALSE(contains(mail.text, hole));
    }
    CHECK_FALSE(contains(mail.html, "class=\"note"));
    CHECK(count(mail.text, sample_link) == 1);
  }
  CHECK(render("da", values).subject == "Din adgang til kundeportalen");
  CHECK(render("en", values).subject == "Your access to the customer portal");
  CHECK(render("da", values).text.starts_with("Hej\n\n"));
  CHECK(render("en", values).text.starts_with("Hello,\n\n"));
}

TEST_CASE("paragraphs of the text are one empty line apart, with the admin's line and without") {
  for (const char* language : {"da", "en"}) {
    CHECK_FALSE(contains(render(language, sample()).text, "\n\n\n"));
    CHECK(contains(render(language, sample()).text, ".\n\nVi glæder os til samarbejdet.\n\n"));
  }
}

TEST_CASE("hostile names come out literally in the text and escaped in the HTML") {
  for (const std::string hostile : {"{{link}}", "{{{link}}}", "%s%n", "${HOME}", "<script>alert(1)</script>",
                                    "\"><img src=x>", "{{#link}}", "<a href='https://evil.example'>"}) {
    text::TemplateValues values = sample();
    for (const char* name : {"name", "first_name", "customer", "message", "company", "support", "address"})
      values[name] = hostile;
    const WelcomeMailText mail = render("da", values);
    CHECK(contains(mail.text, hostile));
    CHECK(contains(mail.subject, hostile));
    CHECK(count(mail.text, sample_link) == 1);
    CHECK(count(mail.html, sample_link) == 1);
    CHECK_FALSE(contains(mail.html, "<script"));
    CHECK_FALSE(contains(mail.html, "<img"));
    CHECK(count(mail.html, "<a ") == 1);
  }
}

TEST_CASE("a subject is one line whatever a value holds") {
  for (const std::string& hostile :
       {"A\r\nBcc: x@y.example"s, "A\nB"s, "A\u2028B"s, "A\u0085B"s, "A\x1B[31m"s, "A\0B"s, "\u202Efdp.exe"s}) {
    text::TemplateValues values = sample();
    values["company"] = hostile;
    CHECK_THROWS_AS(render("da", values), Error);
  }
}

TEST_CASE("a welcome mail without a link, a value or a language is not made") {
  text::TemplateValues values = sample();
  values["link"].clear();
  CHECK_THROWS_WITH_AS(render("da", values), "the welcome mail has no link", Error);
  for (const auto& [name, value] : sample()) {
    text::TemplateValues incomplete = sample();
    incomplete.erase(name);
    CHECK_THROWS_AS(render("en", incomplete), Error);
  }
  CHECK_THROWS_AS(expiry_text(at(0), ""), Error);
}

TEST_CASE("the expiry is told in the zone of the process and the words of the customer") {
  const Time winter = at(1796033220);  // 2026-11-30T10:07:00Z
  {
    const Zone zone("Europe/Copenhagen");
    CHECK(expiry_text(winter, "da") == "mandag den 30. november 2026 kl. 11.07");
    CHECK(expiry_text(winter, "en") == "Monday 30 November 2026 at 11:07");
    CHECK(expiry_text(at(1783286580), "da") == "søndag den 5. juli 2026 kl. 23.23");
    CHECK(expiry_text(at(1783288800), "en") == "Monday 6 July 2026 at 00:00");
  }
  {
    const Zone zone("America/New_York");
    CHECK(expiry_text(winter, "en") == "Monday 30 November 2026 at 05:07");
  }
  const Zone zone("UTC");
  CHECK(expiry_text(winter, "da") == "mandag den 30. november 2026 kl. 10.07");
}

TEST_CASE("every weekday and month has its name in both languages") {
  const Zone zone("UTC");
  constexpr std::int64_t day = 86400;
  const char* danish[] = {"torsdag den 1. januar 1970",  "søndag den 1. februar 1970",  "søndag den 1. marts 1970",
                          "onsdag den 1. april 1970",    "fredag den 1. maj 1970",      "mandag den 1. juni 1970",
                          "onsdag den 1. juli 1970",     "lørdag den 1. august 1970",   "tirsdag den 1. september 1970",
                          "torsdag den 1. oktober 1970", "søndag den 1. november 1970", "tirsdag den 1. december 1970"};
  const char* english[] = {"Thursday 1 January 1970", "Sunday 1 February 1970", "Sunday 1 March 1970",
                           "Wednesday 1 April 1970",  "Friday 1 May 1970",      "Monday 1 June 1970",
                           "Wednesday 1 July 1970",   "Saturday 1 August 1970", "Tuesday 1 September 1970",
                           "Thursday 1 October 1970", "Sunday 1 November 1970", "Tuesday 1 December 1970"};
  const int first_days[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  for (std::size_t month = 0; month < 12; ++month) {
    CHECK(expiry_text(at(first_days[month] * day), "da") == danish[month] + " kl. 00.00"s);
    CHECK(expiry_text(at(first_days[month] * day), "en") == english[month] + " at 00:00"s);
  }
}

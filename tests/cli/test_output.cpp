#include "cli/output.hpp"

#include <algorithm>
#include <clocale>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "core/model/time.hpp"
#include "core/text/display_width.hpp"

using namespace kundehub;
using namespace kundehub::cli;
using Shape = RecordWriter::Shape;

namespace {

const RecordKind customers{{"number", "name", "city", "hub", "modules", "notes"},
                           {"number", "name", "hub"},
                           [](const Record& record) { return record["number"].get<std::string>(); }};

const Record baker{{"number", "1042"},
                   {"name", "Åse Bæk"},
                   {"city", "Ærøskøbing"},
                   {"hub", true},
                   {"modules", {"timesheets", "invoices"}},
                   {"notes", nullptr}};
const Record smith{{"number", "7"}, {"name", "Smith, \"Joe\""},   {"city", ""},
                   {"hub", false},  {"modules", Record::array()}, {"notes", "a\tb\nc\\d"}};

OutputOptions without_header() {
  OutputOptions options;
  options.header = false;
  return options;
}

std::string print(Shape shape, const OutputOptions& options, const std::vector<Record>& records) {
  std::ostringstream out;
  RecordWriter writer(out, options, customers, shape);
  for (const Record& record : records) writer.add(record);
  writer.finish();
  return out.str();
}

std::string print_list(Format format, const std::vector<Record>& records, std::vector<std::string> fields = {}) {
  return print(Shape::many, {.format = format, .fields = std::move(fields)}, records);
}

std::string print_one(Format format, const Record& record, std::vector<std::string> fields = {}) {
  return print(Shape::one, {.format = format, .fields = std::move(fields)}, {record});
}

std::string field_in(Format format, const Record& value) {
  return print(Shape::many, {.format = format, .fields = {"number", "notes"}, .header = false},
               {Record{{"number", "1"}, {"notes", value}}});
}

/// The table has to come out the same whatever locale the process is in.
struct InLocale {
  explicit InLocale(const char* name) : before(std::setlocale(LC_CTYPE, nullptr)) { std::setlocale(LC_CTYPE, name); }
  InLocale(const InLocale&) = delete;
  InLocale& operator=(const InLocale&) = delete;
  ~InLocale() { std::setlocale(LC_CTYPE, before.c_str()); }

  std::string before;
};

}  // namespace

TEST_CASE("a list is a table unless another format is wanted") {
  const InLocale cron("C");
  CHECK(print(Shape::many, {}, {baker, smith}) ==
        "NUMBER  NAME          HUB\n"
        "1042    Åse Bæk       yes\n"
        "7       Smith, \"Joe\"  no\n");
  CHECK(print(Shape::many, without_header(), {baker}) == "1042  Åse Bæk  yes\n");
  CHECK(print(Shape::many, {}, {}) == "");
}

TEST_CASE("a table shows the fields that were asked for, in that order") {
  CHECK(print_list(Format::table, {baker, smith}, {"modules", "notes", "number", "city"}) ==
        "MODULES              NOTES            NUMBER  CITY\n"
        "timesheets,invoices                   1042    Ærøskøbing\n"
        "                     a\\u{9}b\\u{A}c\\d  7\n");
}

TEST_CASE("a table counts columns as a terminal does and cuts nothing off") {
  const Record wide{{"number", "日本"}, {"name", "e\u0301e"}, {"hub", "x"}};
  const Record long_name{{"number", "1"}, {"name", std::string(500, 'n')}, {"hub", "x"}};
  CHECK(print(Shape::many, without_header(), {wide, long_name}) ==
        "日本  e\u0301e" + std::string(498, ' ') + "  x\n1     " + std::string(500, 'n') + "  x\n");
}

TEST_CASE("a table of very many rows is printed in steps, with one heading") {
  const std::string table = print(Shape::many, {}, std::vector<Record>(25'000, smith));
  CHECK(std::ranges::count(table, '\n') == 25'001);
  CHECK(table.starts_with("NUMBER  NAME"));
  CHECK(table.find("NUMBER", 1) == std::string::npos);
  const std::string wide = print(Shape::many, {}, [] {
    std::vector<Record> records(20'000, smith);
    records.front() = baker;
    records.front()["name"] = "A name that is longer than all the others";
    return records;
  }());
  const std::size_t column = wide.find("HUB");
  CHECK(wide.substr(wide.rfind("7 "), column).size() == column);
  CHECK(wide.substr(wide.rfind("7 ") + column).starts_with("no"));
}

TEST_CASE("nothing that a terminal obeys reaches it in a table or in text") {
  const Record evil{{"number", "1\x1b[2J"},
                    {"name",
                     "a\xc2\x9b"
                     "b\r\xff"},
                    {"hub", "\u202Ex\\x41"}};
  CHECK(print(Shape::many, without_header(), {evil}) == "1\\u{1B}[2J  a\\u{9B}b\\u{D}\\xFF  \\u{202E}x\\x41\n");
  CHECK(print_one(Format::table, evil) ==
        "number  1\\u{1B}[2J\nname    a\\u{9B}b\\u{D}\\xFF\nhub     \\u{202E}x\\x41\n");
}

TEST_CASE("one record is aligned text without its empty values") {
  CHECK(print_one(Format::table, baker) ==
        "number   1042\n"
        "name     Åse Bæk\n"
        "city     Ærøskøbing\n"
        "hub      yes\n"
        "modules  timesheets,invoices\n");
  CHECK(print_one(Format::table, smith, {"hub", "notes"}) == "hub    no\nnotes  a\tb\n       c\\d\n");
  CHECK(print(Shape::one, {}, {baker, smith}).find("invoices\n\nnumber  ") != std::string::npos);
}

TEST_CASE("one record in JSON is an object, several are an array, none is an empty array") {
  CHECK(print_one(Format::json, smith) ==
        "{\n  \"number\": \"7\",\n  \"name\": \"Smith, \\\"Joe\\\"\",\n  \"city\": \"\",\n  \"hub\": false,\n"
        "  \"modules\": [],\n  \"notes\": \"a\\tb\\nc\\\\d\"\n}\n");
  CHECK(print_list(Format::json, {baker, smith}, {"number", "hub"}) ==
        "[\n  {\n    \"number\": \"1042\",\n    \"hub\": true\n  },\n  {\n    \"number\": \"7\",\n    \"hub\": false\n "
        " }\n]\n");
  CHECK(print_list(Format::json, {}) == "[]\n");
  CHECK(Record::parse(print_list(Format::json, {baker, smith})) == Record::array({baker, smith}));
  CHECK(Record::parse(print_list(Format::json, {baker})) == Record::array({baker}));
}

TEST_CASE("JSON lines hold one compact object each") {
  CHECK(print_list(Format::jsonl, {baker, smith}, {"name", "modules", "notes"}) ==
        "{\"name\":\"Åse Bæk\",\"modules\":[\"timesheets\",\"invoices\"],\"notes\":null}\n"
        "{\"name\":\"Smith, \\\"Joe\\\"\",\"modules\":[],\"notes\":\"a\\tb\\nc\\\\d\"}\n");
  CHECK(print_one(Format::jsonl, baker, {"number"}) == "{\"number\":\"1042\"}\n");
  CHECK(print_list(Format::jsonl, {}) == "");
}

TEST_CASE("JSON stays valid when a text is not UTF-8, and a field that is missing is null") {
  CHECK(print_list(Format::jsonl, {Record{{"number", "S\xF8ren"}}}, {"number", "city"}) ==
        "{\"number\":\"S\uFFFDren\",\"city\":null}\n");
}

TEST_CASE("CSV has a header and quotes what needs it") {
  CHECK(print_list(Format::csv, {baker, smith}) ==
        "number,name,city,hub,modules,notes\n"
        "1042,Åse Bæk,Ærøskøbing,true,\"timesheets,invoices\",\n"
        "7,\"Smith, \"\"Joe\"\"\",,false,,\"a\tb\nc\\d\"\n");
  CHECK(print(Shape::many, {.format = Format::csv, .fields = {"number"}, .header = false}, {baker}) == "1042\n");
  CHECK(field_in(Format::csv, "a\rb") == "1,\"a\rb\"\n");
  CHECK(field_in(Format::csv, " a") == "1,\" a\"\n");
  CHECK(print_list(Format::csv, {smith}, {"city"}) == "city\n\"\"\n");
  CHECK(print_list(Format::csv, {}) == "");
  CHECK(print_one(Format::csv, baker, {"number", "hub"}) == "number,hub\n1042,true\n");
}

TEST_CASE("TSV escapes what would break its lines") {
  CHECK(print_list(Format::tsv, {baker, smith}, {"number", "name", "notes"}) ==
        "number\tname\tnotes\n1042\tÅse Bæk\t\n7\tSmith, \"Joe\"\ta\\tb\\nc\\\\d\n");
  CHECK(field_in(Format::tsv, "a\r\n") == "1\ta\\r\\n\n");
}

TEST_CASE("nested values are flat where there is one cell for them") {
  CHECK(field_in(Format::tsv, {"a", 2, true, nullptr}) == "1\ta,2,true,\n");
  CHECK(field_in(Format::tsv, Record{{"da", "Timer"}, {"en", "Hours"}}) == "1\tda=Timer,en=Hours\n");
  CHECK(field_in(Format::tsv, Record{{"da", {1, 2}}}) == "1\t{\"da\":[1,2]}\n");
  CHECK(field_in(Format::tsv, Record::array({Record{{"id", 1}}})) == "1\t[{\"id\":1}]\n");
  CHECK(field_in(Format::table, Record{{"on", true}}) == "1  on=yes\n");
  CHECK(field_in(Format::tsv, -5) == "1\t-5\n");
  CHECK(field_in(Format::tsv, false) == "1\tfalse\n");
}

TEST_CASE("ids and count are for scripts") {
  CHECK(print_list(Format::ids, {baker, smith}) == "1042\n7\n");
  CHECK(print(Shape::many, {.format = Format::ids, .fields = {}, .null_after_id = true}, {baker, smith}) ==
        std::string("1042\0007\0", 7));
  CHECK(print_list(Format::ids, {}) == "");
  CHECK(print_list(Format::count, {baker, smith}) == "2\n");
  CHECK(print_list(Format::count, {}) == "0\n");
}

TEST_CASE("an unknown format or field answers with the nearest known one") {
  CHECK(parse_format("jsonl") == Format::jsonl);
  CHECK(parse_format("count") == Format::count);
  const auto refusal = [](const auto& action) -> std::string {
    try {
      action();
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::usage);
      return error.what() + (" / " + error.hint());
    }
    return "accepted";
  };
  CHECK(refusal([] { parse_format("tabel"); }) == "unknown format \"tabel\" / did you mean table");
  CHECK(refusal([] { parse_format("yaml"); }) ==
        "unknown format \"yaml\" / known: table, json, jsonl, csv, tsv, ids, count, vcard");
  CHECK(refusal([] {
          print_list(Format::count, {}, {"number", "nmae"});
        }) == "unknown field \"nmae\" / did you mean name");
  CHECK(refusal([] { print_list(Format::json, {}, {"zzzzzz"}); }) ==
        "unknown field \"zzzzzz\" / known: number, name, city, hub, modules, notes");
}

TEST_CASE("a table fits the screen, by what its characters take of it") {
  const std::string wide = "日本語日本語日本語日本語", combined = "A\u030Aa\u030A";
  Record record = baker;
  record["name"] = wide;
  record["notes"] = std::string(60, 'n');
  Record other = smith;
  other["name"] = combined;
  other["notes"] = "short";
  const OutputOptions on_screen{
      .format = Format::table, .fields = {"number", "name", "notes"}, .screen = Screen{40, 24}};
  const std::string table = print(Shape::many, on_screen, {record, other});
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) CHECK(kundehub::text::display_width(line) <= 40);
  CHECK(table.find("日本語日本語日…") != std::string::npos);
  CHECK(table.find("nnn…") != std::string::npos);
  CHECK(table.find(combined + std::string(12, ' ')) != std::string::npos);
  CHECK(print(Shape::many, {.format = Format::table, .fields = {"notes"}}, {record}).find("…") == std::string::npos);
}

TEST_CASE("a time is local for people, with how long ago on a terminal, and RFC 3339 in data") {
  const kundehub::Time now = kundehub::parse_date("2026-11-26T12:00:00Z", {});
  const auto shown = [&](const char* at, std::optional<Screen> screen, Format format = Format::table) {
    const kundehub::cli::RecordKind kind{{"sent_at"}, {"sent_at"}, [](const Record&) { return std::string(); }};
    std::ostringstream out;
    RecordWriter writer(out, {.format = format, .fields = {}, .header = false, .screen = screen, .now = now}, kind,
                        Shape::many);
    writer.add({{"sent_at", at}});
    writer.finish();
    return out.str();
  };
  kundehub::use_time_zone("Europe/Copenhagen");
  CHECK(shown("2026-11-24T11:00:00Z", std::nullopt) == "2026-11-24 12:00\n");
  CHECK(shown("2026-11-24T11:00:00Z", std::nullopt, Format::tsv) == "2026-11-24T11:00:00Z\n");
  CHECK(shown("2026-11-24T11:00:00Z", Screen{}) == "2 days ago\n");
  CHECK(shown("2026-11-26T11:00:00Z", Screen{}) == "1 hour ago\n");
  CHECK(shown("2026-11-26T11:01:00Z", Screen{}) == "59 minutes ago\n");
  CHECK(shown("2026-11-26T12:00:30Z", Screen{}) == "now\n");
  CHECK(shown("2026-11-29T12:00:00Z", Screen{}) == "in 3 days\n");
  CHECK(shown("2026-08-24T11:00:00Z", Screen{}) == "2026-08-24 13:00\n");
  kundehub::use_time_zone("");
}

TEST_CASE("how things stand is colored, in a table that stays aligned, and in nothing that programs read") {
  const kundehub::cli::RecordKind kind{
      {"state", "name"}, {"state", "name"}, [](const Record&) { return std::string(); }};
  const auto shown = [&](Format format, bool color) {
    std::ostringstream out;
    RecordWriter writer(out, {.format = format, .fields = {}, .color = color}, kind, Shape::many);
    writer.add({{"state", "sent"}, {"name", "failed"}});
    writer.add({{"state", "failed"}, {"name", "b"}});
    writer.finish();
    return out.str();
  };
  CHECK(shown(Format::table, true) == "STATE   NAME\n\x1b[32msent\x1b[0m    failed\n\x1b[31mfailed\x1b[0m  b\n");
  CHECK(shown(Format::table, false) == "STATE   NAME\nsent    failed\nfailed  b\n");
  for (const Format format : {Format::json, Format::jsonl, Format::csv, Format::tsv, Format::ids, Format::count})
    CHECK(shown(format, true) == shown(format, false));
}

TEST_CASE("a full disk is noticed") {
  std::ofstream full("/dev/full");
  full << "x";
  CHECK_THROWS_WITH_AS(check_written(full), "standard output cannot be written", Error);
  std::ostringstream fine;
  CHECK_NOTHROW(check_written(fine));
}

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

struct Exporting : Shell {
  Exporting() {
    add_nordlys();
    add_lund();
  }

  std::string file(const char* name) {
    std::ifstream stream(folder() / name);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
};

}  // namespace

TEST_CASE("customer export writes csv with all that was entered, and nothing of what came of it") {
  Exporting kundehub;
  CHECK(kundehub("customer export") == 0);
  CHECK(kundehub.out.starts_with("number,kind,name,"));
  CHECK(kundehub.out.find("\n1001,business,") != std::string::npos);
  CHECK(kundehub.out.find("\n1002,private,") != std::string::npos);
  CHECK(kundehub.out.find("created_at") == std::string::npos);
}

TEST_CASE("customer export has the format that is asked for") {
  Exporting kundehub;
  CHECK(kundehub("customer export --json --with-contacts") == 0);
  const auto customers = ordered_json::parse(kundehub.out);
  REQUIRE(customers.size() == 2);
  CHECK(customers[0]["contacts"].size() == 2);
  CHECK(customers[0]["contacts"][0]["email"] == "anna@nordlys.dk");
  CHECK(customers[1]["contacts"].empty());
  CHECK(kundehub("customer export --format vcard") == 0);
  CHECK(kundehub.out.starts_with("BEGIN:VCARD"));
  for (const char* format : {"table", "ids", "count"}) {
    CHECK(kundehub(std::string("customer export --format ") + format) == 2);
  }
  CHECK(kundehub("customer export --format tsv --excel") == 2);
  CHECK(kundehub("customer export --fields name") == 2);
  CHECK(kundehub("customer export --no-header") == 2);
  CHECK(kundehub("customer list --format vcard") == 2);
  CHECK(kundehub.hint() == "kundehub customer export --format vcard");
}

TEST_CASE("customer export chooses with the filters of lists, and leaves archived customers out") {
  Exporting kundehub;
  const auto numbers = [&](const std::string& filters) {
    CHECK(kundehub("customer export --json " + filters) == 0);
    std::string found;
    for (const auto& customer : ordered_json::parse(kundehub.out)) found += customer["number"].get<std::string>() + ' ';
    return found;
  };
  CHECK(numbers("") == "1001 1002 ");
  CHECK(numbers("--kind private") == "1002 ");
  CHECK(numbers("--where number=1001") == "1001 ");
  kundehub.records.sql("UPDATE customer SET archived_at = 1 WHERE number = '1001'");
  CHECK(numbers("") == "1002 ");
  CHECK(numbers("--archived") == "1001 ");
  CHECK(numbers("--all") == "1001 1002 ");
}

TEST_CASE("customer export pages through more customers than it reads at once") {
  Shell kundehub;
  kundehub.records.sql(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1203) INSERT INTO customer "
      "(number, kind, name, country, language, hub, hub_changed_at, created_at, updated_at) "
      "SELECT i * 7, 'private', 'N' || i, 'DK', 'da', 0, 1, 1, 1 FROM n");
  CHECK(kundehub("customer export --format jsonl") == 0);
  std::int64_t lines = 0, before = 0;
  std::istringstream stream(kundehub.out);
  for (std::string line; std::getline(stream, line); ++lines) {
    const auto number = std::stoll(ordered_json::parse(line)["number"].get<std::string>());
    CHECK(number == before + 7);
    before = number;
  }
  CHECK(lines == 1203);
}

TEST_CASE("customer export replaces a file in one step, for its owner only") {
  Exporting kundehub;
  const fs::path file = kundehub.folder() / "out.csv";
  CHECK(kundehub("customer export --output " + file.native()) == 0);
  CHECK(kundehub.out.empty());
  CHECK(kundehub.said("2 customers exported to \"" + file.native() + "\""));
  CHECK(kundehub.file("out.csv").starts_with("number,"));
  CHECK((fs::status(file).permissions() & fs::perms::all) == (fs::perms::owner_read | fs::perms::owner_write));
  const std::string before = kundehub.file("out.csv");
  kundehub("customer add --private Ny");
  CHECK(kundehub("customer export --dry-run --output " + file.native()) == 0);
  CHECK(kundehub.file("out.csv") == before);
  CHECK(kundehub("customer export --dry-run --output " + (kundehub.folder() / "new" / "x").native()) == 0);
  CHECK_FALSE(fs::exists(kundehub.folder() / "new"));
  CHECK(kundehub("customer export --output /dev/null") == 73);
  CHECK(kundehub.hint() == "name a file that may be replaced");
  CHECK(kundehub("customer export --output=") == 2);
  CHECK(kundehub("customer export --output " + (kundehub.folder() / "out.csv" / "x").native()) == 73);
  kundehub.records.sql("DROP TABLE customer_tag");
  CHECK(kundehub("customer export --output " + file.native()) != 0);
  CHECK(kundehub.file("out.csv") == before);
  CHECK(std::distance(fs::directory_iterator(kundehub.folder()), {}) >= 1);
  for (const auto& entry : fs::directory_iterator(kundehub.folder()))
    CHECK_FALSE(entry.path().filename().native().starts_with(".out.csv"));
}

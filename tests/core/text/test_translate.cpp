#include "core/text/translate.hpp"

#include <filesystem>

#include <doctest/doctest.h>

using namespace kundehub;

namespace {

/// Danish for a scope: the catalog lies beside the tests as beside the program.
class InDanish {
 public:
  InDanish() {
    use_ui_language("da", std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../share/locale");
  }
  InDanish(const InDanish&) = delete;
  InDanish& operator=(const InDanish&) = delete;
  ~InDanish() { use_ui_language("en", {}); }
};

}  // namespace

TEST_CASE("a message is filled in, in the language of the moment") {
  CHECK(tr("no customer {}", 77) == "no customer 77");
  {
    const InDanish danish;
    CHECK(tr("no customer {}", 77) == "kunden 77 findes ikke");
    CHECK(tr("this stands in no catalog: {}", 1) == "this stands in no catalog: 1");
    CHECK(tr_text("change a contact; without a field, in the editor on a terminal").starts_with("ret en kontakt"));
    CHECK(tr_text("").empty());
  }
  CHECK(tr("no customer {}", 77) == "no customer 77");
}

TEST_CASE("one and many have their own words") {
  CHECK(tr_n("{} customer", "{} customers", 1, 1) == "1 customer");
  CHECK(tr_n("{} customer", "{} customers", 0, 0) == "0 customers");
  const InDanish danish;
  CHECK(tr_n("{} customer", "{} customers", 1, 1) == "1 kunde");
  CHECK(tr_n("{} customer", "{} customers", 2, 2) == "2 kunder");
}

TEST_CASE("a translation that cannot be filled in is left for the original") {
  CHECK(detail::fill("{} {}", "only {}", fmt::make_format_args(1)) == "only 1");
  CHECK(detail::fill("{", "only {}", fmt::make_format_args(1)) == "only 1");
}

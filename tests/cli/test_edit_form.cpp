#include "cli/edit_form.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/form/form.hpp"

using namespace kundehub;

TEST_CASE("the errors of a form stand above it, with the lines that the file then has") {
  const FormError error({{.line = 3, .message = "a is wrong", .hint = "try b"},
                         {.kind = ErrorKind::conflict, .line = 9, .message = "c\x1b[2J", .present = "c = \"x\\ny\""}});
  CHECK(cli::error_comments(error) ==
        "# ERROR: line 7: a is wrong\n# ERROR: try b\n# ERROR: line 13: c\\u{1B}[2J\n# ERROR: c = \"x\\ny\"\n");
  CHECK(cli::error_comments(Error(ErrorKind::conflict, "taken")) == "# ERROR: taken\n");
}

TEST_CASE("of a form that comes back only the errors above it are taken away") {
  const std::string form = "# head\nnotes = \"\"\"\n# ERROR: not ours\n\"\"\"\n";
  const FormError error({{.line = 2, .message = "x", .hint = "y"}});
  CHECK(cli::without_error_comments(cli::error_comments(error) + form) == form);
  CHECK(cli::without_error_comments(form) == form);
  CHECK(cli::without_error_comments("# ERROR: x\r\n" + form) == form);
  CHECK(cli::without_error_comments("# ERROR: x").empty());
  CHECK(cli::without_error_comments("").empty());
}

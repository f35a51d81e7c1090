#include <functional>
#include <string>

#include <doctest/doctest.h>

#include "core/model/error.hpp"
#include "core/text/template.hpp"

using namespace kundehub;
using namespace kundehub::text;
using namespace std::string_literals;

namespace {

const TemplateValues values{{"name", "Åse & <b>Bæk</b>"}, {"link", "https://x.dk/?a=1&b=\"2'"}, {"message", ""}};

std::string plain(std::string_view source) {
  return fill_template(source, values, Escape::none);
}
std::string html(std::string_view source) {
  return fill_template(source, values, Escape::html);
}

struct Refusal {
  std::string message, hint;
};

Refusal refusal(std::string_view source, Escape escape = Escape::none) {
  try {
    fill_template(source, values, escape);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::config);
    return {error.what(), error.hint()};
  }
  return {"accepted", ""};
}

}  // namespace

TEST_CASE("a template is filled once, escaped or not as asked") {
  CHECK(plain("Hej {{name}}!") == "Hej Åse & <b>Bæk</b>!");
  CHECK(html("<p>{{name}}</p>") == "<p>Åse &amp; &lt;b&gt;Bæk&lt;/b&gt;</p>");
  CHECK(html("<a href=\"{{ link }}\">") == "<a href=\"https://x.dk/?a=1&amp;b=&quot;2&#39;\">");
  CHECK(plain("{{{link}}} {{&link}}") == "https://x.dk/?a=1&b=\"2' https://x.dk/?a=1&b=\"2'");
  CHECK(plain("") == "");
  CHECK(plain("no tag, { one } brace\n") == "no tag, { one } brace\n");
  CHECK(plain("a{{! a remark with anything, even {{ in it }}b") == "ab");
}

TEST_CASE("a value is never expanded again") {
  for (const std::string hostile : {"{{link}}", "{{#name}}x{{/name}}", "{{>x}}", "{{=<% %>=}}", "%s%n", "${HOME}", "{}",
                                    "{{{link}}}", "\\1", "}}"}) {
    const TemplateValues evil{{"name", hostile}, {"link", "secret"}};
    CHECK(fill_template("<{{name}}|{{link}}>", evil, Escape::none) == "<" + hostile + "|secret>");
  }
  const TemplateValues script{{"name", "<script>alert('x')</script>"}};
  CHECK(fill_template("{{name}}", script, Escape::html) == "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
}

TEST_CASE("sections show for a value and for its absence") {
  CHECK(plain("{{#name}}yes{{/name}}{{^name}}no{{/name}}") == "yes");
  CHECK(plain("{{#message}}yes{{/message}}{{^message}}no{{/message}}") == "no");
  CHECK(plain("a{{#name}} {{# link }}{{name}}{{/ link }}{{/name}}") == "a Åse & <b>Bæk</b>");
  CHECK(plain("{{message}}") == "");
}

TEST_CASE("an unknown name is an error with the line and the nearest known name, not an empty place") {
  CHECK(refusal("a\nb {{naem}}").message == "template line 2: unknown name \"naem\"");
  CHECK(refusal("a\nb {{naem}}").hint == "did you mean \"name\"");
  CHECK(refusal("{{zzzzzz}}").hint == "known names: link, message, name");
  CHECK(refusal("{{#nmae}}x{{/nmae}}").message == "template line 1: unknown name \"nmae\"");
  CHECK(refusal("{{^zip}}x{{/zip}}").message == "template line 1: unknown name \"zip\"");
  CHECK(refusal("{{{zip}}}").message == "template line 1: unknown name \"zip\"");
  CHECK(refusal("{{#message}}{{zip}}{{/message}}").message == "template line 1: unknown name \"zip\"");
  CHECK(refusal("{{.}}").message == "template line 1: unknown name \".\"");
  CHECK(refusal("{{name.first}}").message == "template line 1: unknown name \"name.first\"");
  CHECK(refusal("{{}}").message == "template line 1: unknown name \"\"");
  CHECK(refusal("{{ \x1B[2J }}").message == "template line 1: unknown name \"\\u{1B}[2J\"");
  CHECK(refusal("{{n{{name}}").message == "template line 1: unknown name \"n{{name\"");
}

TEST_CASE("malformed and unbalanced templates are refused") {
  CHECK(refusal("a\n{{name").message == "template line 2: a tag is not closed");
  CHECK(refusal("{{{name}}").message == "template line 1: a tag is not closed");
  CHECK(refusal("{{").message == "template line 1: a tag is not closed");
  CHECK(refusal("{{{").message == "template line 1: a tag is not closed");
  CHECK(refusal("{{#name}}x").message == "template line 1: the section \"name\" is not closed");
  CHECK(refusal("x{{/name}}").message == "template line 1: the section \"name\" was not opened");
  CHECK(refusal("{{#name}}{{#link}}{{/name}}{{/link}}").message ==
        "template line 1: the section \"name\" ends inside the section \"link\"");
}

TEST_CASE("partials, other delimiters and unescaped HTML are refused") {
  CHECK(refusal("{{>name}}").message == "template line 1: the partial \"name\" is not allowed");
  CHECK(refusal("{{=<% %>=}}<%zip%>").message == "template line 1: other delimiters than {{ and }} are not allowed");
  CHECK(refusal("{{{=<% %>=}}}").message != "accepted");
  CHECK(refusal("{{{name}}}", Escape::html).message == "template line 1: the value \"name\" must be escaped");
  CHECK(refusal("{{& name}}", Escape::html).hint == "write {{name}}");
}

TEST_CASE("a template that was filled before is filled anew with other values, and checked anew") {
  const TemplateValues anna{{"name", "Anna <1>"}}, bo{{"name", "Bo <2>"}}, nobody{{"title", ""}};
  CHECK(fill_template("Hej {{name}}", anna, Escape::none) == "Hej Anna <1>");
  CHECK(fill_template("Hej {{name}}", bo, Escape::html) == "Hej Bo &lt;2&gt;");
  CHECK(fill_template("Hej {{name}}", anna, Escape::none) == "Hej Anna <1>");
  CHECK_THROWS_AS(fill_template("Hej {{name}}", nobody, Escape::none), Error);
  for (int i = 0; i < 50; ++i) {
    const std::string source = std::to_string(i) + " {{name}}";
    CHECK(fill_template(source, bo, Escape::none) == std::to_string(i) + " Bo <2>");
  }
}

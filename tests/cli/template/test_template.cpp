#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/shell.hpp"

using namespace kundehub::test;
using nlohmann::ordered_json;

namespace {

struct Templates : Shell {
  Templates() { add_nordlys(); }

  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return folder() / "templates" / name; }

  void write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories(folder() / "templates");
    std::ofstream(file(name), std::ios::binary) << content;
  }

  /// The exit code of a mail to Anna with this template in place.
  int send_with(const std::string& name, const std::string& content) {
    write(name, content);
    return (*this)("welcome send contact:1");
  }

  /// What the last command said it has kept; takes it away.
  [[nodiscard]] std::string take_draft() const {
    constexpr std::string_view before = "what you wrote is in ";
    const std::size_t at = err.find(before);
    if (at == std::string::npos) return "none";
    const std::size_t begin = at + before.size();
    const std::filesystem::path draft = err.substr(begin, err.find('\n', begin) - begin);
    std::ifstream stream(draft, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    std::filesystem::remove_all(draft.parent_path());
    return text;
  }

  /// An editor that does this to the file it is given, which it knows as "$1".
  void use_editor(const std::string& commands) {
    const auto editor = folder() / "editor";
    std::ofstream(editor) << "#!/bin/sh\n" << commands << '\n';
    std::filesystem::permissions(editor, std::filesystem::perms::owner_all);
    environment["EDITOR"] = editor.native();
  }
};

constexpr const char* good_text = "Subject: Adgang til {{customer}}\n\nHej {{first_name}}\n\n{{message}}\n{{link}}\n";

}  // namespace

TEST_CASE("template list tells where each template comes from") {
  Templates kundehub;
  ordered_json list = kundehub.json("template list");
  REQUIRE(list.size() == 4);
  CHECK(list[0]["name"] == "welcome.da.txt");
  CHECK(list[0]["origin"] == "built in");
  CHECK(list[0]["problem"].is_null());
  kundehub.write("welcome.da.txt", good_text);
  kundehub.write("welcome.en.html", "{{nonsense}}");
  list = kundehub.json("template list");
  CHECK(list[0]["origin"] == kundehub.file("welcome.da.txt").native());
  CHECK(list[3]["problem"].get<std::string>().find("unknown name \"nonsense\"") != std::string::npos);
  CHECK(kundehub("template path") == 0);
  CHECK(kundehub.out == (kundehub.folder() / "templates").native() + "\n");
}

TEST_CASE("template show prints the template in force") {
  Templates kundehub;
  CHECK(kundehub("template show welcome.da.txt") == 0);
  CHECK(kundehub.out.starts_with("Subject: Din adgang"));
  CHECK(kundehub("template show welcome.txt --language en") == 0);
  CHECK(kundehub.out.starts_with("Subject: Your access"));
  CHECK(kundehub("template show welcome.html") == 0);
  CHECK(kundehub.out.find("<html lang=\"da\">") != std::string::npos);
  kundehub.write("welcome.da.txt", good_text);
  CHECK(kundehub("template show welcome") == 0);
  CHECK(kundehub.out == good_text);
  CHECK(kundehub("template show welcome.de.txt") == 3);
  CHECK_FALSE(kundehub.hint().empty());
}

TEST_CASE("mails are written with the admin's own template, and with a warning where there is none beside it") {
  Templates kundehub;
  CHECK(kundehub.send_with("welcome.da.txt", good_text) == 0);
  CHECK(kundehub.said("warning: there is no welcome.da.html of your own beside the other templates"));
  const std::string mail = kundehub.mails().at(0);
  CHECK(mail.find("Subject: Adgang til Nordlys ApS") != std::string::npos);
  const std::string hash = kundehub.json("welcome status contact:1")[0]["template"];
  CHECK(hash == kundehub.json("template list")[0]["hash"]);
  std::filesystem::remove(kundehub.file("welcome.da.txt"));
  CHECK(kundehub.json("template list")[0]["hash"] != hash);
}

TEST_CASE("a template that would make no welcome mail is refused, and nothing is sent or queued") {
  for (const auto& [name, content, problem] : {
           std::tuple{"welcome.da.txt", "Subject: A\n\nHej {{fornavn}} {{link}}\n", "unknown name \"fornavn\""},
           {"welcome.da.txt", "Subject: A\n\n{{#message}}{{link}}\n", "the section \"message\" is not closed"},
           {"welcome.da.txt", "Subject: A\n\nHej {{name}}\n", "has no link"},
           {"welcome.da.txt", "Subject: A\n\n{{#support}}{{link}}{{/support}}\n", "has no link"},
           {"welcome.da.txt", "Hej {{name}} {{link}}\n", "does not begin with a subject"},
           {"welcome.da.txt", "Subject: A\n\n{{link\n", "a tag is not closed"},
           {"welcome.da.html", "<a href=\"{{link}}\">x</a><img src=\"https://x.dk/p.gif\">", "src="},
           {"welcome.da.html", "<a href=\"{{link}}\">x</a><p style=\"background: URL(x)\">", "url("},
           {"welcome.da.html", "<p>{{{name}}}</p>{{link}}", "must be escaped"},
           {"welcome.da.txt", "Subject: A\n\n{{link}} \xff\n", "UTF-8"},
           {"welcome.da.txt", "Subject: {{link}}\n\nHej\n", "has no link"},
           {"welcome.da.txt", "Subject: {{link}}\n\n{{link}}\n", "subject must not have \"link\""},
           {"welcome.da.txt", "Subject: A{{#message}}: {{message}}{{/message}}\n\n{{link}}\n", "subject must not have"},
           {"welcome.da.txt", "Subject: \n\n{{link}}\n", "subject is empty"},
           {"welcome.da.txt", "Subject: {{support}}\n\n{{link}}\n", "subject is empty"},
           {"welcome.da.html", "<a href='{{link}}'>x</a><IMG\nSRC\n= 'https://x.dk/p.gif'>", "src="},
           {"welcome.da.html", "<a href='{{link}}'>x</a><video poster=x>", "poster="},
           {"welcome.dk.txt", good_text, "is no template's name"},
           {"Welcome.da.txt", good_text, "is no template's name"},
       }) {
    CAPTURE(content);
    Templates kundehub;
    CHECK(kundehub.send_with(name, content) == 78);
    CHECK(kundehub.message().find(problem) != std::string::npos);
    CHECK(kundehub.message().find(name) != std::string::npos);
    CHECK_FALSE(kundehub.hint().empty());
    CHECK(kundehub.mails().empty());
    CHECK(kundehub.json("welcome status").empty());
    CHECK(kundehub("template check") == 78);
    CHECK(kundehub("hub grant 1001") == 0);
  }
}

TEST_CASE("a template that is a folder, or much too large, is refused") {
  Templates kundehub;
  std::filesystem::create_directories(kundehub.file("welcome.da.txt"));
  CHECK(kundehub("welcome send contact:1") == 78);
  std::filesystem::remove(kundehub.file("welcome.da.txt"));
  kundehub.write("welcome.da.txt", good_text + std::string(300'000, 'x'));
  CHECK(kundehub("welcome send contact:1") == 78);
}

TEST_CASE("what an editor leaves beside a template is passed over, and Windows line ends and a BOM are taken") {
  Templates kundehub;
  kundehub.write("welcome.da.txt~", "x");
  kundehub.write(".welcome.da.txt.swp", "x");
  kundehub.write("welcome.da.txt", "\xEF\xBB\xBFSubject: Adgang\r\n\r\nHej\r\n{{link}}\r\n");
  CHECK(kundehub("template check") == 0);
  CHECK(kundehub("welcome send contact:1") == 0);
}

TEST_CASE("template check tells of one template, or of all") {
  Templates kundehub;
  CHECK(kundehub("template check") == 0);
  CHECK(kundehub.said("the templates are in order"));
  kundehub.write("welcome.da.txt", "Subject: A\n\nHej\n");
  kundehub.write("welcome.en.txt", "Subject: A\n\n{{x}}\n");
  CHECK(kundehub("template check welcome.da.html") == 0);
  CHECK(kundehub("template check welcome.da.txt") == 78);
  CHECK(kundehub("template check") == 78);
  CHECK(kundehub.said("welcome.da.txt"));
  CHECK(kundehub.said("welcome.en.txt"));
}

TEST_CASE("a template holds no control characters") {
  Templates kundehub;
  CHECK(kundehub.send_with("welcome.da.txt", std::string(good_text) + "\x1b[2J") == 78);
  CHECK(kundehub.said("line 7 has the control character"));
  CHECK(kundehub.mails().empty());
}

TEST_CASE("template edit keeps what the editor made of it") {
  Templates kundehub;
  kundehub.use_editor("sed -i 's/^Hej/Goddag/' \"$1\"");
  CHECK(kundehub("template edit welcome.da.txt --dry-run") == 0);
  CHECK_FALSE(std::filesystem::exists(kundehub.file("welcome.da.txt")));
  CHECK(kundehub("template edit welcome.da.txt") == 0);
  CHECK(kundehub.said("welcome.da.txt is kept as "));
  CHECK(kundehub("template show welcome.da.txt") == 0);
  CHECK(kundehub.out.find("\nGoddag") != std::string::npos);
  CHECK(kundehub("template edit welcome.da.txt") == 0);
  CHECK(kundehub.said("nothing had to be changed"));
}

TEST_CASE("template edit keeps nothing that is not sound in force, and throws away nothing that was written") {
  Templates kundehub;
  kundehub.use_editor("echo nonsense >\"$1\"");
  CHECK(kundehub("template edit welcome.da.txt") == 78);
  CHECK_FALSE(std::filesystem::exists(kundehub.file("welcome.da.txt")));
  CHECK(kundehub.take_draft() == "nonsense\n");
  kundehub.at_terminal("n\n");
  CHECK(kundehub("template edit welcome.da.txt") == 78);
  CHECK(kundehub.said("Edit it again?"));
  CHECK(kundehub.take_draft() == "nonsense\n");
  kundehub.use_editor("if [ -e tried ]; then exit 1; fi; exit 3");
  CHECK(kundehub("template edit welcome.da.txt") == 6);
  CHECK_FALSE(kundehub.said("what you wrote"));
  kundehub.environment["EDITOR"] = "/nonexistent/editor";
  CHECK(kundehub("template edit welcome.da.txt") == 2);
  kundehub.in_script();
  kundehub.environment.erase("EDITOR");
  CHECK(kundehub("template edit welcome.da.txt") == 2);
  CHECK(kundehub.hint() == "set EDITOR");
}

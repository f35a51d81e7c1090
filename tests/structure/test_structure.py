"""The tree keeps its rules (rules.py), and each rule can be broken."""

import pathlib
import subprocess
import tempfile
import unittest

import rules

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def tracked_files():
    """What git has, or would take; without git (an unpacked archive) all that is there but builds."""
    try:
        listed = subprocess.run(["git", "-c", f"safe.directory={ROOT}", "ls-files", "-co", "--exclude-standard"], cwd=ROOT,
                                capture_output=True, check=True, text=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        listed = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
        listed = [file for file in listed if not file.startswith(("build", ".git/")) and "__pycache__" not in file]
    return [file for file in listed if (ROOT / file).exists()]


class Tree(unittest.TestCase):
    def test_tree_keeps_the_rules(self):
        files = tracked_files()
        self.assertIn("CMakeLists.txt", files)
        self.assertGreater(len(rules.sources(ROOT, "core")), 50, "the sources were not found")
        self.assertEqual(rules.faults(ROOT, files), [])

    def test_exceptions_are_needed(self):
        """A file that may name what others may not, and does not, has lost the reason for its exception."""
        for place, users in rules.ONLY_BY.items():
            for user in users:
                files = rules.sources(ROOT, user) if (ROOT / user).is_dir() else [ROOT / user]
                named = {path for file in files if file.is_file() for _, path in rules.includes(file.read_text("utf-8"))}
                self.assertTrue(any(rules.is_below(path, [place]) for path in named), f"{user} does not include {place}")


class Rules(unittest.TestCase):
    def faults(self, files):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return rules.faults(root, list(files))

    def test_wrong_arrows_are_found(self):
        wrong = {
            "core/model/a.cpp": '#include "core/config.hpp"\n',
            "core/text/a.cpp": '#include "core/model/customer.hpp"\n',
            "core/b.cpp": '#include "cli/run.hpp"\n',
            "core/store/c.hpp": '#include "core/text/utf8.hpp"\n',
            "core/service/d.cpp": '#include "core/store/sqlite/values.hpp"\n',
            "core/service/e.cpp": "#include <sqlite3.h>\n",
            "core/store/f.cpp": "  #  include <SQLiteCpp/SQLiteCpp.h>\n",
            "core/mail/g.cpp": "#include <curl/curl.h>\n",
            "core/welcome/h.cpp": "#include <gmime/gmime.h>\n",
            "core/model/i.cpp": "#include <idn2.h>\n",
            "core/welcome/j.cpp": '#include "core/mail/mail_module.hpp"\n',
            "cli/k.cpp": '#include "core/mail/module/compose.hpp"\n',
            "cli/l.cpp": '#include "core/store/sqlite/sqlite_store.hpp"\n',
            "core/m.cpp": "#include <CLI/CLI.hpp>\n",
            "core/n.cpp": "#include <iostream>\n",
            "cli/o.cpp": '#include "tests/support/mail_fixture.hpp"\n',
            "cli/p.cpp": '#include "run.hpp"\n',
        }
        there = {path: "" for text in wrong.values() for quoted, path in rules.includes(text) if quoted}
        found = self.faults({**there, **wrong})
        self.assertEqual({fault.split(":")[0] for fault in found}, {*wrong, "run.hpp"})

    def test_core_does_not_print_or_exit(self):
        for code in ("std::exit(1);", "exit(1);", "std::cout << 1;", 'printf("");', "_exit(0);", 'std::cerr << "x";'):
            self.assertEqual(len(self.faults({"core/a.cpp": f"void f() {{ {code} }}\n"})), 1, code)
        for code in ("snprintf(a, 1, b);", "call.exit();", "// exit(1)", 'f("exit(1)");', "at_exit();"):
            self.assertEqual(self.faults({"core/a.cpp": f"void f() {{ {code}\n }}\n"}), [], code)

    def test_records_begin_whole(self):
        code = "Record f() {\n  Record record%s;\n  // Said.\n  if (a) record[b] = 1;\n  return record;\n}\n"
        for begin in ("", "{}"):
            self.assertEqual(len(self.faults({"cli/a.cpp": code % begin})), 1, begin)
        self.assertEqual(len(self.faults({"cli/a.cpp": (code % "").replace("[b] = 1", ".push_back(1)")})), 1)
        self.assertEqual(self.faults({"cli/a.cpp": code % " = Record::object()"}), [])
        self.assertEqual(self.faults({"cli/a.cpp": (code % "").replace("record[b]", "other[b]")}), [])

    def test_size_and_place(self):
        self.assertEqual(self.faults({"core/a.cpp": "\n" * rules.MAX_LINES}), [])
        self.assertEqual(len(self.faults({"core/a.cpp": "\n" * (rules.MAX_LINES + 1)})), 1)
        self.assertEqual(len(self.faults({"tests/a.py": "\n" * (rules.MAX_LINES + 1)})), 1)
        self.assertEqual(len(self.faults({"notes.md": ""})), 1)
        self.assertEqual(self.faults({".editorconfig": ""}), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)

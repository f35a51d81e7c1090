"""What the built program is: which libraries it loads at start, and which symbols its mail module shows."""

import os
import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("KUNDEHUB_BINARY", ROOT / "build/bin/kundehub"))
MODULE = BINARY.parent.parent / "lib/kundehub/kundehub_mail.so"
KEPT_OUT = ("libcurl", "libglib", "libgmime", "libidn2", "libsmartcols", "libsqlite3", "libstdc++", "libgcc_s")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Binary(unittest.TestCase):
    def test_only_light_libraries_at_start(self):
        loaded = output("ldd", BINARY)
        self.assertIn("libc.so", loaded)
        for library in KEPT_OUT:
            self.assertNotIn(library, loaded)

    def test_module_brings_the_mail_libraries(self):
        loaded = output("ldd", MODULE)
        for library in ("libcurl", "libgmime", "libidn2"):
            self.assertIn(library, loaded)
        self.assertNotIn("libstdc++", loaded)
        self.assertNotIn("not found", loaded)

    def test_module_shows_its_entry_only(self):
        shown = [line.split()[-1] for line in output("nm", "-D", "--defined-only", MODULE).splitlines()]
        self.assertEqual(shown, ["kundehub_mail_module"])

    def test_starts_without_the_module(self):
        """Most commands send no mail, and none of them may depend on the module."""
        files = subprocess.run([BINARY, "--version"], env={"LD_DEBUG": "files"}, check=True, capture_output=True,
                               text=True).stderr
        self.assertIn("libc.so", files)
        self.assertNotIn("kundehub_mail", files)


if __name__ == "__main__":
    unittest.main(verbosity=2)

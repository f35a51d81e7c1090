"""What a cold start opens: no file and no library that the command does not need."""

import re
import subprocess

from hub import BINARY, HubTest, main, require_strace

OPENED = re.compile(r'open(?:at)?\((?:AT_FDCWD, )?"([^"]+)".*\) = \d')
LOADER = {"ld.so.cache", "libc.so.6", "libm.so.6"}  # what starts any program


class Start(HubTest):
    def setUp(self):
        super().setUp()
        require_strace()
        self.hub.run("customer", "add", "--business", "Nordlys", "--hub",
                     "--contact=Anna Berg <anna@nordlys.example>")

    def opened(self, *command):
        """The names of the files that the command opens besides the loader's."""
        trace = self.hub.directory / "trace"
        subprocess.run(["strace", "-f", "-qq", "-e", "trace=open,openat", "-o", trace, BINARY, *command], check=True,
                       env=self.hub.environment, stdin=subprocess.DEVNULL, capture_output=True)
        files = {path.rsplit("/", 1)[-1] for path in OPENED.findall(trace.read_text())}
        self.assertLessEqual({"libc.so.6"}, files)
        return files - LOADER

    def test_version_and_help_open_nothing(self):
        for command in (["--version"], ["--help"], ["help", "customer", "add"]):
            self.assertEqual(self.opened(*command), set(), command)

    def test_a_query_opens_configuration_and_database(self):
        for command in (["customer", "show", "1001", "--json"], ["customer", "list", "--format", "ids"],
                        ["contact", "list", "--format", "tsv"], ["hub", "status", "--format", "jsonl"]):
            self.assertEqual(self.opened(*command), {"config.toml", "hub.db"}, command)

    def test_a_page_knows_the_time_zone_and_a_table_the_library_for_it(self):
        self.hub.environment["TZ"] = "Europe/Copenhagen"
        self.assertEqual(self.opened("customer", "show", "1001"), {"config.toml", "hub.db", "Copenhagen"})
        locale = {"C.utf8", "LC_CTYPE", "gconv-modules.cache", "locale-archive", "locale.alias"}
        self.assertEqual(self.opened("customer", "list") - locale, {"config.toml", "hub.db", "libsmartcols.so.1"})

    def test_completion_opens_the_database_alone_and_only_for_records(self):
        self.assertEqual(self.opened("__complete", "customer", "show", "10"), {"hub.db"})
        self.assertEqual(self.opened("__complete", "customer", "list", "--so"), set())

    def test_danish_opens_its_catalog_and_nothing_else(self):
        for command in (["customer", "show", "1001", "--json"], ["customer", "list", "--format", "tsv"]):
            self.assertEqual(self.opened(*command, "--ui-language", "da"), {"config.toml", "hub.db"}, command)
        # The note of a dry run needs a word of it, and besides only what it needs in English too.
        edit = ("customer", "edit", "1001", "--city", "Odense", "--dry-run")
        english, danish = self.opened(*edit), self.opened(*edit, "--ui-language", "da")
        locale = {"C.utf8", "LC_CTYPE", "LC_MESSAGES", "SYS_LC_MESSAGES", "gconv-modules.cache", "locale-archive",
                  "locale.alias"}
        self.assertEqual(danish - english - locale, {"kundehub.mo"})

    def test_only_a_command_that_sends_loads_the_mail_module(self):
        changed = self.opened("contact", "add", "1001", "Bo Ek <bo@nordlys.example>")
        self.assertLessEqual({"hub.db.write", "hub.db-journal"}, changed)
        self.assertFalse({name for name in changed if ".so" in name}, changed)
        sent = self.opened("welcome", "send", "1001")
        self.assertIn("kundehub_mail.so", sent)


if __name__ == "__main__":
    main()

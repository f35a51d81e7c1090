"""The examples that the help of each command shows: every one of them runs.

They speak of one small office: 1001 Smedjen ApS with Anna Berg (contact:1), who has a login link; 1002 Ida Holm, a
private person; 1003 Bogholderiet ApS with Bo Ek (contact:3), tagged vip; 1004 Lukket ApS, archived.
"""

import re
import shutil
import subprocess
import tempfile

from hub import LIMIT, TOKEN, HubTest, main


def example_lines(text):
    """The lines below the heading Examples."""
    part = re.search(r"^Examples:\n((?:  .*\n)+)", text, re.M)
    return [line.strip() for line in part[1].splitlines()] if part else []


class Examples(HubTest):
    def setUp(self):
        super().setUp()
        run = self.must
        run("customer", "add", "--business", "Smedjen ApS", "--contact", "Anna Berg <anna@smedjen.example>", "--hub",
            "--module", "projects", "--welcome", "--tag", "vip")
        run("customer", "add", "--private", "Ida Holm", "--email", "ida@holm.example", "--hub")
        run("customer", "add", "--business", "Bogholderiet ApS", "--contact", "Bo Ek <bo@bogholderi.example>", "--tag",
            "vip", "--hub")
        run("customer", "add", "--business", "Lukket ApS")
        run("customer", "archive", "1004")
        run("config", "set", "hub.link_ttl", "9d")
        run("customer", "edit", "1001", "--website", "https://smedjen.example")
        run("db", "backup", "older.db")
        home = self.hub.directory
        (home / "customers.csv").write_text("Kundenummer;Firmanavn;E-mail\n2001;Møllen ApS;mail@moellen.example\n")
        (home / "changes.txt").write_text("customer edit 1001 --city Odense\n")
        for folder in ("new", "cur"):
            (home / "bounces" / folder).mkdir(parents=True)
        (home / ".config/fish/completions").mkdir(parents=True)
        mail = next(iter(self.hub.mails().values()))[0]
        self.hub.environment["token"] = TOKEN.search(mail.get_body(("plain",)).get_content())[1]
        self.hub.environment["EDITOR"] = "true"
        self.hub.put_into_path()

    def must(self, *args):
        result = self.hub.run(*args)
        self.assertEqual(result.code, 0, result)
        return result

    def commands(self):
        listed = re.findall(r"^  ([a-z]+(?: [a-z]+)?)  +\S", self.must("help").out, re.M)
        self.assertGreater(len(listed), 60)
        return listed

    def run_in_copy(self, line):
        """The line in bash, in a copy of the office, with yes for every question."""
        with tempfile.TemporaryDirectory() as scratch:
            office = f"{scratch}/office"
            shutil.copytree(self.hub.directory, office, symlinks=True)
            environment = {name: value.replace(str(self.hub.directory), office)
                           for name, value in self.hub.environment.items()}
            if line.startswith("kundehub init"):  # it makes an office
                environment |= {"KUNDEHUB_CONFIG": f"{scratch}/config.toml", "KUNDEHUB_DB": f"{scratch}/hub.db"}
            if line.startswith("kundehub ") and " | " not in line:
                line = line.replace("kundehub ", "kundehub --yes ", 1)
            return subprocess.run(["bash", "-euc", line], cwd=office, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=LIMIT)

    def test_every_command_has_examples_that_run(self):
        for command in self.commands():
            lines = example_lines(self.must("help", *command.split()).out)
            self.assertTrue(lines, command)
            for line in lines:
                with self.subTest(line):
                    self.assertIn(f"kundehub {command}", line)
                    done = self.run_in_copy(line)
                    self.assertEqual(done.returncode, 0, f"{line}\n{done.stdout}\n{done.stderr}")


if __name__ == "__main__":
    main()

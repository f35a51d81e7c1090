"""The completion scripts in the shells themselves: bash, zsh and fish at a terminal of tmux, with nobody's settings."""

import os
import pathlib
import shutil
import sqlite3
import subprocess
import time

from hub import BINARY, LIMIT, HubTest, main
from tmux import Screen, require

PROMPT = "ready> "
BASH_COMPLETION = pathlib.Path("/usr/share/bash-completion/bash_completion")
HOSTILE = "$(touch {0}/obeyed)`touch {0}/obeyed`'\"\\;\n\x1b]0;x\x07"
START = {
    "bash": ["bash", "--noprofile", "--rcfile", "{home}/start", "-i"],
    "zsh": ["zsh", "-o", "NO_GLOBAL_RCS", "-i"],
    "fish": ["fish", "--no-config", "--private", "--init-command", "source {home}/start"],
}
FIRST_LINES = {
    "bash": f"PS1='{PROMPT}'\nbind 'set bell-style none'\nsource {{script}}\n",
    "zsh": f"PS1='{PROMPT}'\nunsetopt BEEP\nPROMPT_EOL_MARK=\nautoload -Uz compinit\ncompinit -D\nsource {{script}}\n",
    "fish": f"function fish_prompt; printf '{PROMPT}'; end\nfunction fish_right_prompt; end\nset -g fish_greeting\n"
            "set -g fish_autosuggestion_enabled 0\nsource {script}\n",
}


class CompletingShell(Screen):
    """A shell that completes, with a short prompt."""

    def __init__(self, shell, home, environment, first_lines=None):
        script = home / f"kundehub.{shell}"
        script.write_bytes(subprocess.run([BINARY, "completion", shell], stdout=subprocess.PIPE, check=True).stdout)
        start = home / (".zshrc" if shell == "zsh" else "start")
        start.write_text((first_lines or FIRST_LINES[shell]).replace("{script}", str(script)))
        folders = dict.fromkeys(("ZDOTDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"), str(home))
        super().__init__(home, {**environment, **folders}, [word.replace("{home}", str(home)) for word in START[shell]])
        self.wait(lambda screen: screen.endswith(PROMPT.strip()), "a prompt")

    def try_to_complete(self, keys):
        """Types the keys behind an empty prompt, and a tab."""
        self.press("C-u", "C-l")
        self.wait(lambda screen: screen == PROMPT.strip(), "empty prompt")
        self.type(keys)
        self.wait(lambda screen: keys.rstrip() in screen, f"typed {keys!r}")
        self.press("Tab")

    def completes(self, keys, line):
        """Waits for `keys` to become `line` by a tab; what follows is typed at its end, so a blank there counts."""
        self.try_to_complete(keys)
        self.wait(lambda screen: f"{PROMPT}{line.rstrip()}" in screen, f"line {line!r}")
        self.type("^")
        self.wait(lambda screen: f"{PROMPT}{line}^" in screen, f"line {line!r}, and ^ right behind it")

    def lists(self, keys, *words):
        """Waits for the words below the line. How many tabs make a list is the shell's affair."""
        self.try_to_complete(keys)
        end, next_tab = time.monotonic() + LIMIT, time.monotonic() + 1
        while not all(word in (screen := self.text("-J")) for word in words):
            if time.monotonic() > end:
                raise AssertionError(f"no list of {words} on the screen:\n{screen}")
            if time.monotonic() > next_tab:
                self.press("Tab")
                next_tab += 1
            time.sleep(0.02)


class Completion(HubTest):
    def setUp(self):
        super().setUp()
        self.add_business("--contact", "Anna Berg <anna@nordlys.dk>", "--contact", "Bo Ek <bo@ek.dk>",
                          "--tag", "Rød grød", "--tag", "vip", "--cvr", "10000009", name="Nordlys ApS")
        self.ok("customer", "add", "--private", "Carl Lund", "--email", "carl@lund.dk")
        self.ok("module", "add", "archive", "--da", "Arkiv", "--en", "The archive")
        (self.hub.directory / "list of customers.csv").touch()
        (self.hub.directory / "letters").mkdir()

    def screen(self, shell, first_lines=None):
        require("tmux", shell)
        home = self.hub.directory / "home"
        home.mkdir()
        for path in (self.hub.directory / "list of customers.csv", self.hub.directory / "letters"):
            shutil.move(path, home)
        screen = CompletingShell(shell, home, self.hub.environment, first_lines)
        self.addCleanup(screen.stop)
        return screen

    def check_words(self, screen):
        """What is the same in every shell."""
        screen.completes("kundehub cu", "kundehub customer ")
        screen.completes("kundehub customer unarc", "kundehub customer unarchive ")
        screen.completes("kundehub customer show 1001 10", "kundehub customer show 1001 1002 ")
        screen.completes("kundehub contact show an", "kundehub contact show anna@nordlys.dk ")
        screen.completes("kundehub contact show anna@", "kundehub contact show anna@nordlys.dk ")
        screen.completes("kundehub contact show contact:3", "kundehub contact show contact:3 ")
        screen.completes("kundehub contact show --customer 1002 contact:",
                         "kundehub contact show --customer 1002 contact:3 ")
        screen.completes("kundehub customer show cvr:1", "kundehub customer show cvr:10000009 ")
        screen.completes("kundehub customer show i", "kundehub customer show id:")
        screen.completes("kundehub customer list --arch", "kundehub customer list --archived ")
        screen.completes("kundehub customer list --hub=o", "kundehub customer list --hub=o")
        screen.completes("kundehub customer list --hub=of", "kundehub customer list --hub=off ")
        screen.completes("kundehub customer list --module arc", "kundehub customer list --module archive ")
        screen.completes("kundehub customer list --tag v", "kundehub customer list --tag vip ")
        screen.completes("kundehub customer list --tag R", "kundehub customer list --tag Rød\\ grød ")
        screen.completes("kundehub customer list --tag=R", "kundehub customer list --tag=Rød\\ grød ")
        screen.completes("kundehub customer list --welcome unc", "kundehub customer list --welcome uncertain ")
        screen.completes("kundehub customer list --format jsonl --fields number,na",
                         "kundehub customer list --format jsonl --fields number,name ")
        screen.completes("kundehub config get mail.tra", "kundehub config get mail.transport ")
        screen.completes("kundehub help cust", "kundehub help customer ")
        screen.completes("kundehub welcome bounces l", "kundehub welcome bounces letters/")
        screen.lists("kundehub customer list --welcome s", "sending", "sent")
        screen.lists("kundehub customer show 10", "1001", "1002")

    def check_quotes(self, screen):
        screen.completes("kundehub customer list --tag 'Rø", "kundehub customer list --tag 'Rød grød' ")
        screen.completes("kundehub customer list --tag \"Rø", "kundehub customer list --tag \"Rød grød\" ")

    def check_files(self, screen):
        for start in ("kundehub customer import ", "kundehub customer export --output="):
            screen.completes(f"{start}li", f"{start}list\\ of\\ customers.csv ")

    def check_hostile(self, screen):
        """What is called like a command is quoted, what holds a control character is left out."""
        home, marker = screen.home, screen.home / "obeyed"
        connection = sqlite3.connect(self.hub.database)
        with connection:
            connection.execute("UPDATE customer SET name = ? WHERE id = 1", [HOSTILE.format(home)])
            for tag in (f"x$(touch {home}/obeyed)", "y;touch obeyed", "y\x1b[2Jz", "z\nz", "w'\"`touch obeyed`"):
                connection.execute("INSERT INTO customer_tag VALUES (1, ?)", [tag])
        connection.close()
        screen.lists("kundehub customer show 10", "1001", "1002")
        for start in ("x", "y", "w", "'x", '"x', "'w", '"y'):
            screen.try_to_complete(f"kundehub customer list --format count --tag {start}")
            screen.wait(lambda screen: "touch" in screen, "tag")
            screen.press("Enter")
            screen.wait(lambda screen: screen.rstrip().endswith("1\n" + PROMPT.strip()), "count of 1")
        self.assertFalse(marker.exists())
        self.assertFalse((self.hub.directory / "obeyed").exists())

    def test_bash(self):
        screen = self.screen("bash")
        self.check_words(screen)
        self.check_quotes(screen)
        self.check_files(screen)
        screen.completes("kundehub customer list >li", "kundehub customer list >list\\ of\\ customers.csv ")
        screen.completes("true; kundehub customer unarc", "true; kundehub customer unarchive ")
        self.check_hostile(screen)

    def test_bash_completion_finds_an_installed_script(self):
        if not BASH_COMPLETION.exists():
            self.skipTest("bash-completion is not there: run tests/install_dependencies.sh")
        folder = self.hub.directory / "bash"
        (folder / "completions").mkdir(parents=True)
        (folder / "completions/kundehub").write_bytes(self.ok("completion", "bash").raw_out)
        first_lines = FIRST_LINES["bash"].replace("{script}", str(BASH_COMPLETION))
        screen = self.screen("bash", f"BASH_COMPLETION_USER_DIR={folder}\n{first_lines}")
        screen.completes("kundehub cu", "kundehub customer ")
        screen.completes("kundehub contact show anna@", "kundehub contact show anna@nordlys.dk ")
        screen.completes("kundehub contact show contact:3", "kundehub contact show contact:3 ")
        screen.completes("kundehub customer list --hub=of", "kundehub customer list --hub=off ")
        screen.completes("sudo kundehub customer unarc", "sudo kundehub customer unarchive ")

    def test_zsh(self):
        screen = self.screen("zsh")
        self.check_words(screen)
        self.check_quotes(screen)
        self.check_files(screen)
        screen.lists("kundehub customer show 10", "1001  -- Nordlys ApS", "1002  -- Carl Lund")
        self.check_hostile(screen)

    def test_zsh_finds_an_installed_script(self):
        functions = self.hub.directory / "functions"
        functions.mkdir()
        (functions / "_kundehub").write_bytes(self.ok("completion", "zsh").raw_out)
        first_lines = FIRST_LINES["zsh"].replace("source {script}\n", "")
        screen = self.screen("zsh", f"fpath=({functions} $fpath)\n{first_lines}")
        screen.completes("kundehub cu", "kundehub customer ")
        screen.completes("kundehub contact show an", "kundehub contact show anna@nordlys.dk ")

    def test_fish(self):
        screen = self.screen("fish")
        self.check_words(screen)
        self.check_quotes(screen)
        self.check_files(screen)
        screen.lists("kundehub customer show 10", "1001  (Nordlys ApS)", "1002  (Carl Lund)")
        self.check_hostile(screen)

    def test_a_lock_or_a_broken_database_means_no_words_at_once(self):
        words = ("__complete", "customer", "show", "10")
        self.assertEqual(self.ok(*words).out, ":words\n1001\tNordlys ApS\n1002\tCarl Lund\n")
        before = self.hub.database.read_bytes()
        connection = sqlite3.connect(self.hub.database, isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        result = self.hub.run(*words, limit=5)
        self.assertEqual((result.code, result.out, result.err), (0, ":words\n", ""))
        connection.close()
        self.assertEqual(self.hub.database.read_bytes(), before)
        for content in (b"", b"no database", before[:5000]):
            self.hub.database.write_bytes(content)
            result = self.hub.run(*words)
            self.assertEqual((result.code, result.out, result.err), (0, ":words\n", ""))
            self.assertEqual(self.hub.database.read_bytes(), content)
        os.unlink(self.hub.database)
        self.assertEqual(self.hub.run(*words).out, ":words\n")
        self.assertFalse(self.hub.database.exists())

    def test_the_fields_are_those_that_the_command_prints(self):
        self.ok("hub", "grant", "1001")
        self.ok("welcome", "send", "1001")
        self.ok("portal", "login", "contact:1")
        for command in ("customer list", "customer show 1001 1002", "contact list", "module list", "hub status", "log",
                        "hub logins", "welcome status", "db status", "person show anna@nordlys.dk"):
            offered = self.ok("__complete", *command.split(), "--fields", "").out.splitlines()[1:]
            record = self.ok(*command.split(), "--json").json()
            record = record[0] if isinstance(record, list) else record
            with self.subTest(command):
                self.assertEqual(offered, list(record))

    def test_the_configuration_names_the_database(self):
        environment = {"KUNDEHUB_DB": "", "KUNDEHUB_CONFIG": ""}
        words = ("customer", "show", "10")
        for options in (("--db", "hub.db"), ("--db=hub.db",)):
            self.assertIn("1001\t", self.hub.run("__complete", *options, *words, env=environment).out)
        self.ok("config", "set", "database.path", "hub.db")
        self.assertIn("1001\t", self.hub.run("__complete", "--config", "config.toml", *words, env=environment).out)
        self.assertEqual(self.hub.run("__complete", *words, env=environment).out, ":words\n")


if __name__ == "__main__":
    main()

"""The files for systemd and cron, as an admin would install them: understood, and each line does its work in silence."""

import os
import re
import shlex
import shutil
import subprocess

from hub import BINARY, HubTest, LIMIT, SOURCE, Result, main, require_strace
from servers import free_port
from test_bounces import postfix

UNITS = sorted(file for file in (SOURCE / "data/systemd").iterdir() if file.suffix in (".service", ".timer"))
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
CRON = SOURCE / "data/cron/kundehub"
ADDRESS = "aase@smedjen.example.dk"
EXPOSURE = 20  # of systemd's 0 to 100: what the word "OK" ends at
# Only root changes a journal's owner; the units run as another user.
OF_ROOT = {"fchown", "chown"}


class Schedule(HubTest):
    def setUp(self):
        super().setUp()
        self.add_business("--hub", "--module", "invoices", "--contact", f"Åse Ærø <{ADDRESS}>")
        self.ok("welcome", "send", ADDRESS, "--queue")

    def at_this_hub(self, command):
        """The words of a line, with this hub's paths in place of an installation's."""
        places = {"/usr/bin/kundehub": BINARY, "/etc/kundehub/config.toml": str(self.hub.config),
                  "/var/lib/kundehub/kundehub.db": str(self.hub.database),
                  "/var/lib/kundehub/bounces": str(self.hub.directory / "bounces")}
        for place, here in places.items():
            command = command.replace(place, shlex.quote(here))
        return command

    def reminder_is_due(self):
        self.hub.change("UPDATE welcome SET sent_at = sent_at - 864000, queued_at = queued_at - 864000, "
                        "changed_at = changed_at - 864000, link_expires_at = link_expires_at - 864000, "
                        "link_out_until = link_out_until - 864000")


class Systemd(Schedule):
    def setUp(self):
        super().setUp()
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not there: run tests/install_dependencies.sh")

    def run_service(self, name, *tracer):
        """What the unit would start, with systemd's empty environment."""
        (line,) = re.findall(r"^ExecStart=(.*)$", (SOURCE / "data/systemd" / f"kundehub-{name}.service").read_text(), re.M)
        done = subprocess.run([*tracer, *shlex.split(self.at_this_hub(line))], env={"PATH": os.environ["PATH"]},
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=LIMIT, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    def test_units_are_understood(self):
        folder = self.hub.directory / "units"
        folder.mkdir()
        for unit in UNITS:
            (folder / unit.name).write_text(unit.read_text().replace("/usr/bin/kundehub", BINARY))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", *map(str, sorted(folder.iterdir()))],
                              capture_output=True, text=True, timeout=LIMIT, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_services_may_do_little(self):
        for unit in SERVICES:
            done = subprocess.run(["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", str(unit)],
                                  capture_output=True, text=True, timeout=LIMIT, check=False)
            self.assertEqual(done.returncode, 0, done.stdout[-300:])

    def test_services_do_their_work(self):
        self.expect(0, self.run_service("deliver"))
        self.assertEqual(len(self.hub.mails()[ADDRESS]), 1)
        self.expect(0, self.run_service("resend"))
        self.assertEqual(len(self.hub.mails()[ADDRESS]), 1, "it is too early for a reminder")
        self.reminder_is_due()
        self.expect(0, self.run_service("resend"))
        self.expect(0, self.run_service("resend"))
        self.assertEqual(len(self.hub.mails()[ADDRESS]), 2)

    def test_a_server_that_is_down_is_no_failure(self):
        self.hub.use_transport(f"smtp://127.0.0.1:{free_port()}")
        result = self.run_service("deliver")
        for unit in SERVICES:
            self.assertIn(f"SuccessExitStatus={result.code}\n", unit.read_text(), result)

    def allowed(self):
        """The system calls that the services' filters leave."""
        sets = {}
        for line in subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager"], capture_output=True, text=True,
                                   check=True).stdout.splitlines():
            if line.startswith("@"):
                members = sets.setdefault(line.strip(), set())
            elif line.strip() and not line.strip().startswith("#"):
                members.add(line.strip())

        def expand(word):
            return set().union(*(expand(member) for member in sets[word])) if word in sets else {word}

        (filters,) = {tuple(re.findall(r"^SystemCallFilter=(.*)$", unit.read_text(), re.M)) for unit in SERVICES}
        calls = set()
        for words in filters:
            named = set().union(*(expand(word) for word in words.lstrip("~").split()))
            calls = calls - named if words.startswith("~") else calls | named
        return calls

    def test_filter_leaves_what_is_needed(self):
        require_strace()
        allowed = self.allowed()
        self.assertNotIn("reboot", allowed)
        sendmail = self.hub.directory / "sendmail"
        sendmail.write_text("#!/bin/sh\ncat >/dev/null\n")
        sendmail.chmod(0o755)
        trace = self.hub.directory / "trace"
        for transport in (f"sendmail:{sendmail}", f"smtp://localhost:{free_port()}", f"maildir:{self.hub.maildir}"):
            with self.subTest(transport):
                self.hub.use_transport(transport)
                self.ok("welcome", "resend", ADDRESS, "--queue")
                self.run_service("deliver", "strace", "-f", "-qq", "-o", str(trace))
                self.assertIn(self.welcome_of(ADDRESS)[0]["state"], ("sent", "deferred"), "it was tried")
                used = set(re.findall(r"^\d+ +(\w+)\(", trace.read_text(), re.M))
                self.assertGreater(len(used), 20)
                self.assertEqual(used - allowed - OF_ROOT, set())


class Cron(Schedule):
    def lines(self):
        """Each job's schedule, user and command; and the settings above them."""
        text = CRON.read_text().replace("\n#47 ", "\n47 ")  # the line for whoever has such a Maildir
        words = [line for line in text.splitlines() if line and not line.startswith("#")]
        settings = dict(line.split("=", 1) for line in words if re.match(r"[A-Z_]+=", line))
        return settings, [re.fullmatch(r"((?:\S+ +){5})(\S+) +(.*)", line).groups()
                          for line in words if not re.match(r"[A-Z_]+=", line)]

    def run_line(self, name):
        """As cron does: with /bin/sh, hardly an environment, no terminal; what it prints would be mailed."""
        settings, jobs = self.lines()
        (command,) = (command for _, _, command in jobs if f" {name} " in command)
        self.assertNotIn("%", command, "cron ends the line there")
        program = self.hub.directory / "bin"
        program.mkdir(exist_ok=True)
        if not (program / "kundehub").exists():
            (program / "kundehub").symlink_to(BINARY)
        settings = {name: self.at_this_hub(value) for name, value in settings.items()}
        environment = {"HOME": "/", "LOGNAME": "kundehub", "SHELL": "/bin/sh", **settings,
                       "PATH": f"{program}:{settings['PATH']}"}
        done = subprocess.run(["/bin/sh", "-c", self.at_this_hub(command)], env=environment, cwd=self.hub.directory,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=LIMIT, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    def assert_silent(self, result):
        self.assertEqual((result.code, result.out, result.err), (0, "", ""))

    def test_file_is_as_cron_wants_it(self):
        text = CRON.read_text()
        self.assertTrue(text.endswith("\n"), "cron takes no last line without an end")
        self.assertNotRegex(CRON.name, r"[^A-Za-z0-9_-]", "cron passes over such a file")
        _, jobs = self.lines()
        self.assertEqual({user for _, user, _ in jobs}, {"kundehub"})
        for schedule, _, _ in jobs:
            for field, highest in zip(schedule.split(), (59, 23, 31, 12, 7)):
                self.assertRegex(field, r"^(\*(/\d+)?|\d+(-\d+)?)$")
                self.assertTrue(all(int(number) <= highest for number in re.findall(r"\d+", field)))

    def test_lines_do_their_work_in_silence(self):
        self.assert_silent(self.run_line("deliver"))
        self.assert_silent(self.run_line("resend"))
        self.assertEqual(len(self.hub.mails()[ADDRESS]), 1)
        self.reminder_is_due()
        self.assert_silent(self.run_line("resend"))
        self.assert_silent(self.run_line("resend"))
        message_id = f"<{self.welcome_of(ADDRESS)[0]['message_id']}>"
        self.assertEqual(len(self.hub.mails()[ADDRESS]), 2)
        (reminder,) = (mail for mail in self.hub.mails()[ADDRESS] if mail["Message-ID"] == message_id)
        for name in ("cur", "new"):
            (self.hub.directory / "bounces" / name).mkdir(parents=True)
        (self.hub.directory / "bounces/new/1.2.host").write_bytes(postfix(reminder.as_bytes(), ADDRESS))
        result = self.expect(0, self.run_line("bounces"))
        self.assertIn(ADDRESS, result.out, "who could not be reached is something to know")
        self.assert_silent(self.run_line("bounces"))
        self.assertIn("bounced", [mail["state"] for mail in self.welcome_of(ADDRESS)])
        self.reminder_is_due()
        self.assert_silent(self.run_line("resend"))
        self.assertEqual(len(self.hub.mails()[ADDRESS]), 2, "nobody is reminded at an address that bounced")

    def test_what_goes_wrong_is_told(self):
        self.run_line("deliver")
        self.reminder_is_due()
        self.hub.use_transport(f"maildir:{self.hub.directory / 'file'}")
        (self.hub.directory / "file").write_text("")
        for name in ("resend", "deliver"):
            result = self.run_line(name)
            self.assertNotEqual(result.code, 0, result)
            self.assertNotEqual(result.err, "")


if __name__ == "__main__":
    main()

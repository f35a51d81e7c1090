"""kundehub doctor with real servers, real files and a clock that is wrong."""

import fcntl
import glob
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import unittest

from hub import BINARY, HubTest, Result, main
from servers import ScriptedServer, free_port

USER, PASSWORD = "hub", "hemmelig-4711"
HERE = pathlib.Path(__file__).resolve().parent


class DoctorTest(HubTest):
    def examine(self, code, *options):
        """The findings by their checks."""
        result = self.expect(code, self.hub.run("doctor", "--json", *options))
        self.last = result
        findings = result.json()
        names = [finding["check"] for finding in findings]
        self.assertEqual(len(names), len(set(names)), "each check has one line")
        for finding in findings:
            self.assertIn(finding["state"], ("ok", "warning", "error", "skipped"))
            if finding["state"] == "error":
                self.assertTrue(finding["remedy"] or finding["check"] == "mail.test", finding)
        return {finding["check"]: finding for finding in findings}

    def states(self, code, *options):
        return {check: finding["state"] for check, finding in self.examine(code, *options).items()}

    def configure(self, key, value):
        self.ok("config", "set", key, value)


class Installation(DoctorTest):
    def test_lines_for_people_and_records_for_programs(self):
        lines = self.ok("doctor").out.splitlines()
        self.assertRegex(lines[0], r"^ok       config\.file        /")
        self.assertTrue(any(line.startswith("warning  mail.folder") for line in lines), lines)
        self.assertTrue(any(line.lstrip().startswith("hint: kundehub config set") for line in lines), lines)
        records = self.ok("doctor", "--json").json()
        self.assertEqual({tuple(record) for record in records}, {("check", "state", "text", "remedy")})
        if shutil.which("jq"):
            checks = subprocess.run(["jq", "-r", '.[] | select(.state == "warning") | .check'], check=True, text=True,
                                    input=json.dumps(records), capture_output=True).stdout
            self.assertEqual(checks, "mail.folder\n")

    def test_the_key_of_another_database(self):
        """Neither doctor nor db check calls it sound: the links that are out do not work with it."""
        self.ok("customer", "add", "--private", "Ida", "--email", "ida@holm.example", "--hub", "--welcome")
        key, other = self.hub.directory / "hub.db.key", self.hub.directory / "other.db"
        right = key.read_bytes()
        self.ok("--db", str(other), "init")
        key.write_bytes((self.hub.directory / "other.db.key").read_bytes())
        self.assertEqual(self.states(78)["key.match"], "error")
        found = self.hub.run("db", "check", "--json")
        self.assertEqual((found.code, [one["check"] for one in found.json()]), (78, ["key"]), found)
        self.assertIn("kundehub db key import", found.json()[0]["remedy"])
        key.write_bytes(right)
        self.assertEqual(self.ok("db", "check", "--json").json(), [])

    def test_an_error_ends_with_its_code_and_with_json(self):
        self.hub.database.unlink()
        states = self.states(78)
        self.assertEqual((states["database.file"], states["database.integrity"], states["key.match"], states["config.file"]),
                         ("error", "skipped", "skipped", "ok"))
        self.assertEqual(self.last.error()["exit"], 78)
        self.assertIn("database.file", self.last.error()["message"])
        self.assertIn("kundehub init", self.last.error()["hint"])

    def test_a_newer_schema(self):
        self.hub.change("PRAGMA user_version = 99")
        finding = self.examine(78)["database.file"]
        self.assertEqual(finding["state"], "error")
        self.assertIn("schema 99", finding["text"])

    def test_a_damaged_database(self):
        self.add_business("--contact", "Anna Berg <anna@firma.dk>")
        content = bytearray(self.hub.database.read_bytes())
        for place in range(4096 * 3, len(content), 4096):
            content[place:place + 400] = b"\xee" * 400
        self.hub.database.write_bytes(content)
        states = self.states(78)
        self.assertIn("error", (states["database.file"], states.get("database.integrity")))

    def test_who_may_not_write(self):
        if os.geteuid() != 0:
            raise unittest.SkipTest("needs root, to be another user")
        os.chmod(self.hub.config, 0o644)
        os.chmod(self.hub.database, 0o644)
        self.hub.user = 65534
        states = self.states(77)
        self.assertEqual((states["database.access"], states["database.mode"], states["key.file"]), ("error",) * 3)

    def test_a_writer_that_does_not_end(self):
        with open(f"{self.hub.database}.write", "ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            finding = self.examine(0)["database.lock"]
        self.assertEqual(finding["state"], "warning")
        self.assertIn(str(os.getpid()), finding["remedy"])

    def test_a_deliverer_that_hangs(self):
        with open(f"{self.hub.database}.send", "ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertEqual(self.examine(0)["queue.delivery"]["state"], "ok")
            os.utime(lock.name, (time.time() - 3600,) * 2)
            finding = self.examine(0)["queue.delivery"]
        self.assertEqual(finding["state"], "warning")
        self.assertIn(f"kill {os.getpid()}", finding["remedy"])

    def test_it_keeps_no_delivery_out_and_makes_no_file(self):
        before = {path: path.stat().st_mtime_ns for path in self.hub.directory.iterdir()}
        self.examine(0)
        self.assertEqual({path: path.stat().st_mtime_ns for path in self.hub.directory.iterdir()}, before)

    def test_a_clock_that_was_set_back(self):
        library = next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), None)
        if not library:
            raise unittest.SkipTest("libfaketime is not there: run tests/install_dependencies.sh")
        self.add_business()
        self.hub.environment.update({"LD_PRELOAD": library, "DONT_FAKE_MONOTONIC": "1", "FAKETIME": "-3d"})
        finding = self.examine(78)["clock.time"]
        self.assertIn("set back", finding["text"])
        self.hub.environment["FAKETIME"] = "@1999-12-31 23:00:00"
        self.assertIn("1999", self.examine(78)["clock.time"]["text"])

    def test_time_zones(self):
        self.hub.environment["TZ"] = "Europe/Kopenhagen"
        self.assertEqual(self.examine(0)["clock.zone"]["state"], "warning")
        self.hub.environment["TZ"] = "CET-1CEST,M3.5.0,M10.5.0/3"
        self.assertEqual(self.examine(0)["clock.zone"]["state"], "ok")

    def test_a_template_that_makes_no_mail(self):
        folder = self.hub.directory / "templates"
        folder.mkdir()
        (folder / "welcome.da.txt").write_text("Subject: x\n\nno link\n")
        finding = self.examine(78)["templates"]
        self.assertEqual(finding["state"], "error")


class MailServer(DoctorTest):
    def setUp(self):
        super().setUp()
        self.configure("mail.reply_timeout", "2s")
        self.configure("mail.connect_timeout", "5s")

    def serve(self, script="", *options, scheme="smtp", host="127.0.0.1"):
        server = ScriptedServer(self.hub.directory / f"server{time.monotonic_ns()}", script, *options)
        self.addCleanup(server.close)
        self.port = server.url.rsplit(":", 1)[1]
        self.hub.use_transport(f"{scheme}://{host}:{self.port}")
        return server

    def certificate(self, subject="IP:0.0.0.0", days="30"):
        """A certificate signed with itself; 0.0.0.0 leads to this machine and does not count as loopback."""
        files = [self.hub.directory / name for name in ("cert.pem", "key.pem")]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        days, "-subj", "/CN=test", "-addext", f"subjectAltName={subject}", "-out", files[0], "-keyout",
                        files[1]], check=True, stderr=subprocess.DEVNULL)
        return ["--tls", *map(str, files)]

    def log_in(self, password=PASSWORD, mode=0o600):
        file = self.hub.directory / "password"
        file.write_text(password + "\n")
        file.chmod(mode)
        self.configure("mail.username", USER)
        self.configure("mail.password_file", str(file))

    def assert_nothing_sent(self, server):
        self.assertEqual(server.mails(), [])
        self.assertFalse([line for line in server.commands() if line.upper().startswith(("MAIL", "RCPT", "DATA"))])

    def test_a_good_server(self):
        server = self.serve("", *self.certificate(), "--auth", f"{USER}:{PASSWORD}", host="0.0.0.0")
        self.configure("mail.ca_file", str(self.hub.directory / "cert.pem"))
        self.log_in()
        findings = self.examine(0)
        self.assertEqual([findings[f"mail.{part}"]["state"] for part in ("server", "tls", "login")], ["ok"] * 3)
        self.assertIn("250 2.0.0 ok", findings["mail.server"]["text"])
        self.assertIn("valid until", findings["mail.tls"]["text"])
        verbs = [line.split(" ")[0] for line in server.commands()]
        self.assertEqual(verbs[:4], ["EHLO", "STARTTLS", "EHLO", "AUTH"])
        self.assertIn("NOOP", verbs)
        self.assert_nothing_sent(server)

    def test_a_certificate_that_ends_soon(self):
        self.serve("", *self.certificate(days="10"), host="0.0.0.0")
        self.configure("mail.ca_file", str(self.hub.directory / "cert.pem"))
        self.assertEqual(self.examine(0)["mail.tls"]["state"], "warning")

    def test_a_certificate_that_is_not_trusted_or_of_another_host(self):
        for scheme, more in (("smtp", []), ("smtps", ["--implicit-tls"])):
            with self.subTest(scheme):
                server = self.serve("", *self.certificate("DNS:other.test"), *more, scheme=scheme, host="0.0.0.0")
                for file in (None, "cert.pem"):
                    if file:
                        self.configure("mail.ca_file", str(self.hub.directory / file))
                    states = self.states(78)
                    self.assertEqual((states["mail.tls"], states["mail.login"]), ("error", "skipped"))
                self.ok("config", "unset", "mail.ca_file")
                self.assert_nothing_sent(server)

    def test_a_server_without_tls(self):
        server = self.serve(host="0.0.0.0")
        self.log_in()
        self.assertEqual(self.states(78)["mail.tls"], "error")
        self.assertNotIn("AUTH", " ".join(server.commands()))
        for key in ("username", "password_file"):
            self.ok("config", "unset", f"mail.{key}")
        self.configure("mail.tls", "none")
        self.assertEqual(self.examine(0)["mail.tls"]["state"], "warning")

    def test_a_refused_login(self):
        self.serve("", "--auth", f"{USER}:{PASSWORD}")
        self.log_in("other")
        finding = self.examine(78)["mail.login"]
        self.assertEqual(finding["state"], "error")
        self.assertIn("535 5.7.8 wrong credentials", finding["text"])
        self.serve("AUTH=454 4.7.0 later", "--auth", f"{USER}:{PASSWORD}")
        self.assertEqual(self.states(75)["mail.login"], "error")

    def test_a_server_that_offers_no_login(self):
        self.serve()
        self.log_in()
        self.assertIn("no AUTH", self.examine(78)["mail.login"]["text"])

    def test_a_server_that_is_down_hangs_or_talks_nonsense(self):
        self.hub.use_transport(f"smtp://127.0.0.1:{free_port()}")
        states = self.states(75)
        self.assertEqual((states["mail.server"], states["mail.tls"], states["mail.login"]), ("error", "skipped", "skipped"))
        for script in ("greeting=hang", "EHLO=hang", "greeting=garbage", "greeting=endless 220", "EHLO=drop",
                       "greeting=421 4.3.2 \\x1b[31mlater"):
            with self.subTest(script):
                self.serve(script)
                begun = time.monotonic()
                finding = self.examine(75)["mail.server"]
                self.assertEqual(finding["state"], "error")
                self.assertNotIn("\x1b", finding["text"])
                self.assertLess(time.monotonic() - begun, 20)
        self.serve("greeting=554 5.7.1 not you")
        self.assertIn("not you", self.examine(78)["mail.server"]["text"])

    def test_a_host_without_an_address(self):
        self.hub.use_transport("smtp://no-such-host.invalid")
        self.assertEqual(self.states(75)["mail.server"], "error")

    def test_a_password_that_others_can_read(self):
        self.serve("", "--auth", f"{USER}:{PASSWORD}")
        self.log_in(mode=0o644)
        findings = self.examine(78)
        self.assertEqual((findings["config.password"]["state"], findings["mail.server"]["state"]), ("error", "skipped"))
        self.assertIn("chmod 600", findings["config.password"]["remedy"])
        self.log_in(mode=0o640)
        self.assertEqual(self.examine(0)["config.password"]["state"], "warning")

    def test_no_secret_is_printed(self):
        firm = self.add_business("--hub", "--contact", "Anna Berg <anna@firma.dk>")
        self.serve("", "--auth", f"{USER}:{PASSWORD}")
        self.log_in()
        self.ok("welcome", "send", firm)
        (key,) = re.findall(r"(?m)^key (\S{43})$", (self.hub.directory / "hub.db.key").read_text())
        for options in ([], ["--json"], ["--verbose"], ["--send-test", "me@firma.dk"], ["--format", "csv"]):
            result = self.ok("doctor", *options)
            for secret in (PASSWORD, key, "token="):
                self.assertNotIn(secret, result.out + result.err)

    def test_a_test_mail(self):
        server = self.serve("dot=250 2.0.0 taken as 4711")
        self.assertEqual(self.examine(0, "--send-test", "me@firma.dk", "--dry-run")["mail.test"]["state"], "skipped")
        self.assert_nothing_sent(server)
        finding = self.examine(0, "--send-test", "me@firma.dk")["mail.test"]
        self.assertIn("250 2.0.0 taken as 4711", finding["text"])
        ((envelope, raw),) = server.mails()
        self.assertEqual((envelope["from"], envelope["to"]), ("hub@example.dk", ["me@firma.dk"]))
        self.assertNotIn(b"token=", raw)
        self.assertEqual(self.hub.sql("SELECT count(*) FROM welcome"), [(0,)])

    def test_a_test_mail_that_does_not_leave_is_not_called_sent(self):
        for script, code in (("RCPT=550 5.1.1 unknown", 69), ("RCPT=450 4.2.1 later", 75), ("dot=drop", 75),
                             ("MAIL=550 5.7.1 not from you", 78)):
            with self.subTest(script):
                self.serve(script)
                finding = self.examine(code, "--send-test", "me@firma.dk")["mail.test"]
                self.assertEqual(finding["state"], "error")
                self.assertFalse(finding["text"].startswith("sent"), finding)
        server = self.serve("greeting=554 5.7.1 no")
        self.assertEqual(self.examine(78, "--send-test", "me@firma.dk")["mail.test"]["state"], "skipped")
        self.assert_nothing_sent(server)


class SenderDomain(DoctorTest):
    def setUp(self):
        super().setUp()
        unshare = ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
        if not shutil.which("unshare") or not os.path.exists("/etc/resolv.conf") or \
                subprocess.run([*unshare, "true"], check=False, stderr=subprocess.DEVNULL).returncode != 0:
            raise unittest.SkipTest("this machine gives no network of one's own")
        self.unshare = unshare
        program = self.hub.directory / "sendmail"
        program.write_text("#!/bin/sh\nexit 0\n")
        program.chmod(0o755)
        self.hub.use_transport(f"sendmail:{program}")
        self.configure("mail.from", "Rødgrød <hub@post.firma.dk>")

    def ask(self, code, **zone):
        """What is found where the DNS has these records, by name with `_` for a dot (and `DMARC` for `_dmarc`)."""
        file = self.hub.directory / "zone.json"
        names = {name.replace("_", ".").replace("DMARC", "_dmarc"): texts for name, texts in zone.items()}
        file.write_text(json.dumps(names))
        begun = time.monotonic()
        process = subprocess.run([*self.unshare, sys.executable, "-I", "-S", HERE / "dns_server.py", file, BINARY, "doctor",
                                  "--json"], env=self.hub.environment, cwd=self.hub.directory, capture_output=True,
                                 stdin=subprocess.DEVNULL, timeout=60, check=False)
        self.assertLess(time.monotonic() - begun, 15)
        result = self.expect(code, Result(process.returncode, process.stdout, process.stderr))
        return {finding["check"]: finding for finding in result.json() if finding["check"].startswith("mail.")}

    def test_both_records(self):
        findings = self.ask(0, post_firma_dk=["v=spf1 mx -all", "x=y"], DMARC_firma_dk=["v=DMARC1; p=none"])
        self.assertEqual((findings["mail.spf"]["state"], findings["mail.spf"]["text"]), ("ok", "v=spf1 mx -all"))
        self.assertEqual(findings["mail.dmarc"]["text"], "v=DMARC1; p=none")

    def test_missing_records(self):
        findings = self.ask(0, firma_dk=["v=spf1 mx -all"])
        self.assertEqual((findings["mail.spf"]["state"], findings["mail.dmarc"]["state"]), ("warning", "warning"))
        self.assertIn("v=spf1", findings["mail.spf"]["remedy"])
        self.assertIn("_dmarc.post.firma.dk", findings["mail.dmarc"]["remedy"])

    def test_two_spf_records(self):
        findings = self.ask(78, post_firma_dk=["v=spf1 mx -all", "v=spf1 a"])
        self.assertEqual(findings["mail.spf"]["state"], "error")

    def test_a_long_answer(self):
        texts = [f"filler={number}{'x' * 200}" for number in range(30)] + ["v=spf1 mx -all"]
        self.assertEqual(self.ask(0, post_firma_dk=texts)["mail.spf"]["state"], "ok")

    def test_no_answer(self):
        for zone in ({"": "none"}, {"post_firma_dk": "silent"}, {"post_firma_dk": "servfail"}):
            with self.subTest(zone):
                findings = self.ask(0, **zone)
                self.assertEqual((findings["mail.dns"]["state"], findings["mail.dns"]["text"]),
                                 ("skipped", "no resolver answered"))
                self.assertNotIn("mail.spf", findings)

    def test_hostile_answers(self):
        for answer in ("hex:", "hex:c00c0010000100000000ffff05", "hex:c00cc00cc00c", "hex:" + "ff" * 4000,
                       "hex:c00c001000010000003c000bff763d73706631206d78"):
            with self.subTest(answer):
                self.assertIn(self.ask(0, post_firma_dk=answer).get("mail.spf", {"state": "skipped"})["state"],
                              ("warning", "skipped", "ok"))
        finding = self.ask(0, post_firma_dk=["v=spf1 \x1b]0;owned\x07 \xff mx"])["mail.spf"]
        self.assertEqual(finding["text"], "v=spf1 ?]0;owned? ? mx")

    def test_a_domain_that_mails_do_not_come_from(self):
        self.configure("mail.from", "hub@kundehub.test")
        self.assertEqual(self.ask(0)["mail.dns"]["state"], "skipped")

    def test_a_domain_beyond_ascii(self):
        self.configure("mail.from", "hub@rødgrød.dk")
        findings = self.ask(0, **{"xn--rdgrd-vuad_dk": ["v=spf1 mx -all"]})
        self.assertEqual(findings["mail.spf"]["state"], "ok")


if __name__ == "__main__":
    main()

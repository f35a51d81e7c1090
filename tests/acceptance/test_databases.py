"""Databases that are none, damaged, foreign, locked or out of reach: a clear message, the exit code, no change, no hang."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest

from hub import HubTest, main

READ = ("customer", "list")
WRITE = ("customer", "add", "--private", "Bo")
SEND = ("welcome", "deliver")
COMMANDS = (READ, WRITE, SEND, ("customer", "show", "1001"), ("welcome", "status"), ("init",))


class Databases(HubTest):
    def setUp(self):
        super().setUp()
        self.ok("customer", "add", "--private", "Søren", "--email", "soren@example.dk", "--hub")
        self.other = self.hub.directory / "other.db"
        shutil.copy(f"{self.hub.database}.key", f"{self.other}.key")

    def content(self, path):
        return path.read_bytes() if path.is_file() else sorted(str(file) for file in path.rglob("*")) if path.is_dir() else None

    def refused(self, path, codes, *words, commands=COMMANDS, limit=10):
        """Each command refuses `path` with one of `codes` and a message that has the words; what is there stays as it is."""
        before = self.content(path)
        for command in commands:
            with self.subTest(path=path.name, command=command):
                start = time.monotonic()
                result = self.hub.run(*command, "--json", env={"KUNDEHUB_DB": str(path)}, limit=limit)
                self.assertIn(result.code, codes, result)
                self.assertLess(time.monotonic() - start, limit)
                error = result.error()
                self.assertEqual(error["exit"], result.code)
                for word in words:
                    self.assertIn(word, error["message"], result)
                self.assertNotIn("unexpected", error["message"])
                self.assertEqual(result.out, "")
                self.assertEqual(self.content(path), before, "the file has changed")

    def test_fifo(self):
        os.mkfifo(self.other)
        self.refused(self.other, (78,), "other.db", "no regular file")

    def test_directory(self):
        self.other.mkdir()
        self.refused(self.other, (78,), "other.db", "no regular file")

    def test_device(self):
        self.other.symlink_to("/dev/zero")
        self.refused(self.other, (78,), "no regular file")

    def test_missing(self):
        self.refused(self.other, (78,), "no database", "other.db", commands=COMMANDS[:-1])
        self.refused(self.hub.directory / "no" / "such" / "folder.db", (78,), "no database", commands=COMMANDS[:-1])
        self.assertFalse(self.other.exists(), "only init makes a database")
        self.refused(self.hub.config / "below-a-file.db", (73, 77, 78), "below-a-file.db")

    def test_dangling_and_looping_links(self):
        self.other.symlink_to("nowhere.db")
        self.refused(self.other, (78,), "other.db", commands=COMMANDS[:-1])
        loop = self.hub.directory / "loop.db"
        loop.symlink_to("loop.db")
        self.refused(loop, (77, 78), "loop.db")

    def test_garbage(self):
        self.other.write_bytes(os.urandom(1) * 5000 + os.urandom(40_000))
        self.refused(self.other, (78,), "damaged or none at all")
        self.other.write_bytes(b"[hub]\nurl = 1\n" * 500)
        self.refused(self.other, (78,), "damaged or none at all")

    def test_empty_file(self):
        self.other.write_bytes(b"")
        self.refused(self.other, (78,), "not a kundehub database", commands=COMMANDS[:-1])

    def test_truncated(self):
        whole = self.hub.database.read_bytes()
        for size in (len(whole) // 2, 5000, 4096, 100, 16):
            self.other.write_bytes(whole[:size])
            self.refused(self.other, (78,), "damaged", commands=(READ, WRITE, SEND))

    def test_damaged_pages(self):
        whole = bytearray(self.hub.database.read_bytes())
        for start in range(4096, len(whole), 4096):
            whole[start:start + 64] = b"\xff" * 64
        self.other.write_bytes(whole)
        self.refused(self.other, (78,), "damaged", commands=(READ, WRITE))

    def copy(self, *statements):
        shutil.copy(self.hub.database, self.other)
        connection = sqlite3.connect(self.other)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    def test_newer_schema(self):
        self.copy("PRAGMA user_version = 9999")
        self.refused(self.other, (78,), "9999")

    def test_foreign_application(self):
        self.copy("PRAGMA application_id = 252006673")
        self.refused(self.other, (78,), "not a kundehub database")

    def test_another_programs_database(self):
        connection = sqlite3.connect(self.other)
        connection.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT)")
        connection.commit()
        connection.close()
        self.refused(self.other, (78,), "not a kundehub database")

    def test_world_readable_is_said(self):
        """The database is made for its owner alone, and so is what stands beside it."""
        for file in self.hub.directory.glob("hub.db*"):
            self.assertEqual(file.stat().st_mode & 0o077, 0, file)


class Locked(HubTest):
    def hold(self, seconds):
        """sqlite3 with the whole database locked for so long. Returns when it is locked."""
        shell = subprocess.Popen(["sqlite3", self.hub.database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(shell.wait)
        self.addCleanup(shell.stdout.close)
        shell.stdin.write("BEGIN EXCLUSIVE;\nSELECT 'locked';\n")
        shell.stdin.flush()
        self.assertEqual(shell.stdout.readline(), "locked\n")
        release = threading.Timer(seconds, shell.stdin.close)
        release.start()
        self.addCleanup(release.join)
        return time.monotonic() + seconds

    def test_waits_for_another_program(self):
        for command in (READ, WRITE, SEND):
            with self.subTest(command):
                free = self.hold(2)
                self.ok(*command, limit=30)
                self.assertGreater(time.monotonic(), free - 0.05, "it cannot have waited")
                self.assertLess(time.monotonic(), free + 5)
        self.assertEqual(self.hub.sql("SELECT count(*) FROM customer"), [(1,)])


class ReadOnly(HubTest):
    """A file and a folder that may be read only. Nothing holds root back but a mount, so the program runs as nobody there."""

    def setUp(self):
        super().setUp()
        self.ok("customer", "add", "--private", "Søren", "--email", "soren@example.dk")
        if os.geteuid() == 0:
            self.hub.user = 65534
            for path in (self.hub.directory, *self.hub.directory.iterdir()):
                os.chown(path, 65534, 65534)

    def refused(self, *commands):
        before = {file: file.read_bytes() for file in self.hub.directory.iterdir() if file.is_file()}
        for command in commands:
            with self.subTest(command):
                result = self.expect(77, self.hub.run(*command, "--json", limit=10))
                self.assertEqual(result.error()["kind"], "permission")
        after = {file: file.read_bytes() for file in self.hub.directory.iterdir() if file.is_file()}
        self.assertEqual({**after, **{file: b"" for file in after if file.name.endswith((".write", ".send"))}},
                         {**before, **{file: b"" for file in after if file.name.endswith((".write", ".send"))}})

    def test_file(self):
        self.hub.database.chmod(0o400)
        self.refused(WRITE)
        self.assertIn("Søren", self.ok(*READ).out)

    def test_folder(self):
        self.hub.directory.chmod(0o555)
        self.addCleanup(self.hub.directory.chmod, 0o755)
        self.refused(WRITE)
        self.assertIn("Søren", self.ok(*READ).out)

    def test_unreadable_file_and_folder(self):
        self.hub.database.chmod(0)
        self.refused(READ, WRITE)
        self.hub.database.chmod(0o600)
        self.hub.directory.chmod(0o600)
        self.addCleanup(self.hub.directory.chmod, 0o755)
        result = self.hub.run(*READ, "--json", limit=10, cwd="/")
        self.assertEqual((result.code, result.error()["kind"]), (77, "permission"), result)

    def test_read_only_mount(self):
        with tempfile.TemporaryDirectory() as mounted:
            command = f"mount --bind {self.hub.directory} {mounted} && mount -o remount,ro,bind {mounted}"
            if os.geteuid() != 0 or subprocess.run(["sh", "-c", command], capture_output=True, check=False).returncode:
                raise unittest.SkipTest("a read-only mount cannot be made here")
            try:
                self.hub.environment["KUNDEHUB_DB"] = f"{mounted}/hub.db"
                self.refused(WRITE)
                self.assertIn("Søren", self.ok(*READ).out)
            finally:
                subprocess.run(["umount", mounted], check=True)


if __name__ == "__main__":
    main()

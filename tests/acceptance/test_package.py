"""What is installed from the build folder and from the Debian package: all of it, for everybody to read, and working where
it lies. In full length also on a clean Debian, from apt-get install to purge."""

import contextlib
import email
import email.policy
import hashlib
import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile
import time
import unittest
from unittest import mock

from hub import BINARY, FULL, LIMIT, SOURCE, HubTest, main, require_strace
from machines import Machine

BUILD = pathlib.Path(BINARY).parent.parent
UNITS = {file.name for file in (SOURCE / "data/systemd").iterdir() if file.suffix in (".service", ".timer")}
PAGES = {f"man{file.suffix[1:]}/{file.name}" for file in (SOURCE / "man").glob("*.[1-8]")}
PORTAL = {file.name for file in (SOURCE / "data/portal").iterdir() if file.suffix in (".py", ".css")}
PROGRAMS = {"bin/kundehub", "share/doc/kundehub/examples/demo/run.sh", "share/doc/kundehub/examples/portal/portal.py"}
FILES = {
    *PROGRAMS, "lib/kundehub/kundehub_mail.so", "share/locale/da/LC_MESSAGES/kundehub.mo", "lib/sysusers.d/kundehub.conf",
    "share/doc/kundehub/README.md", "share/doc/kundehub/examples/cron",
    *(f"lib/systemd/system/{name}" for name in UNITS),
    *(f"share/doc/kundehub/examples/portal/{name}" for name in PORTAL),
    *(f"share/kundehub/templates/{file.name}" for file in (SOURCE / "data/templates").iterdir()),
}
COMPLETIONS = ({"share/bash-completion/completions/kundehub", "share/fish/vendor_completions.d/kundehub.fish"}
               if (SOURCE / "cli/completion").is_dir() else set())
ZSH = "share/zsh/site-functions/_kundehub", "share/zsh/vendor-completions/_kundehub"  # by itself, in the package
DOCUMENTS = {f"share/doc/kundehub/{name}" for name in ("README.Debian", "changelog.gz", "copyright")}
CONFIG, DATABASE = "/etc/kundehub/config.toml", "/var/lib/kundehub/kundehub.db"


def of_zsh(path):
    return {path} if COMPLETIONS else set()


def run(*command, **options):
    """The command's output. The umask is that of a careful root: what is installed is for everybody all the same."""
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=10 * LIMIT, umask=0o077, check=False, **options)
    assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def scratch(case):
    """A folder for the tests of a class. It may be entered, as an installation's prefix may."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="kundehub-"))
    case.addClassCleanup(shutil.rmtree, directory, ignore_errors=True)
    directory.chmod(0o755)
    return directory


def require_build():
    if not (BUILD / "CPackConfig.cmake").exists():
        raise unittest.SkipTest(f"{BUILD} is no build folder")


def make_package(folder):
    require_build()
    for program in ("cpack", "dpkg-deb", "dpkg-shlibdeps", "file"):
        if not shutil.which(program):
            raise unittest.SkipTest(f"{program} is not there: run tests/install_dependencies.sh")
    run("cpack", "-G", "DEB", "--config", BUILD / "CPackConfig.cmake", "-B", folder, cwd=folder)
    (package,) = folder.glob("*.deb")
    return package


def module_folder(path):
    """The path, with lib/ for lib/x86_64-linux-gnu/: which of them is a setting of the build."""
    return re.sub(r"^lib/[^/]+-linux-[^/]+/kundehub/", "lib/kundehub/", path)


class Installed(HubTest):
    @classmethod
    def setUpClass(cls):
        require_build()
        cls.prefix = scratch(cls) / "a" / "prefix"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)

    def setUp(self):
        self.enterContext(mock.patch("hub.BINARY", str(self.prefix / "bin/kundehub")))
        super().setUp()

    def test_files_and_rights(self):
        rights = {module_folder(str(path.relative_to(self.prefix))): stat.S_IMODE(path.stat().st_mode)
                  for path in self.prefix.rglob("*")}
        folders = {path for path in rights if (self.prefix / path).is_dir()}
        self.assertEqual({path for path in folders if rights[path] != 0o755}, set())
        self.assertEqual(self.prefix.parent.stat().st_mode & 0o777, 0o755)
        files = set(rights) - folders - {"lib/kundehub"}
        self.assertEqual(files, FILES | COMPLETIONS | of_zsh(ZSH[0]) | {f"share/man/{page}" for page in PAGES})
        self.assertEqual({path: oct(rights[path]) for path in files},
                         {path: "0o755" if path in PROGRAMS else "0o644" for path in files})

    def test_units_start_this_program(self):
        for name in UNITS:
            text = (self.prefix / "lib/systemd/system" / name).read_text()
            starts = re.findall(r"^ExecStart=(\S+)", text, re.M)
            self.assertEqual(starts, [f"{self.prefix}/bin/kundehub"] if name.endswith(".service") else [], name)

    def test_system_user(self):
        if not shutil.which("systemd-sysusers"):
            self.skipTest("systemd-sysusers is not there: run tests/install_dependencies.sh")
        (self.hub.directory / "etc").mkdir()
        file = (self.prefix / "lib/sysusers.d/kundehub.conf").read_bytes()
        subprocess.run(["systemd-sysusers", f"--root={self.hub.directory}", "-"], input=file, capture_output=True,
                       timeout=LIMIT, check=True)
        self.assertRegex((self.hub.directory / "etc/passwd").read_text(),
                         r"(?m)^kundehub:x:\d+:\d+:[^:]*:/var/lib/kundehub:/usr/sbin/nologin$")

    def test_module_is_found_beside_the_program(self):
        contact = self.add_business("--contact", "Anna Berg <anna@smedjen.example>", "--hub")
        self.ok("welcome", "send", contact)
        self.assertEqual(list(self.hub.mails()), ["anna@smedjen.example"])
        (module,) = self.prefix.glob("lib/**/kundehub_mail.so")
        away = module.with_suffix(".away")
        module.rename(away)
        try:
            result = self.hub.run("welcome", "resend", contact)
        finally:
            away.rename(module)
        self.assertNotEqual(result.code, 0)
        self.assertIn(f'{self.prefix}/lib/kundehub/kundehub_mail.so"', result.err)

    def test_catalog_is_found_beside_the_program(self):
        require_strace()
        trace = self.hub.directory / "trace"
        subprocess.run(["strace", "-f", "-qq", "-e", "trace=open,openat", "-o", trace, self.prefix / "bin/kundehub",
                        "customer", "show", "9999", "--ui-language", "da"], env=self.hub.environment, capture_output=True,
                       timeout=LIMIT, check=False)
        self.assertIn(f'"{self.prefix}/share/locale/da/LC_MESSAGES/kundehub.mo"', trace.read_text())

    def test_demo(self):
        folder = self.hub.directory / "demo"
        shown = run("sh", self.prefix / "share/doc/kundehub/examples/demo/run.sh", folder,
                    env={**self.hub.environment, "PATH": f"{self.prefix}/bin:{os.environ['PATH']}"})
        self.assertIn(f"{self.prefix}/share/doc/kundehub/examples/portal/portal.py --kundehub kundehub ", shown)


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = scratch(cls)
        cls.package, cls.tree = make_package(folder), folder / "tree"
        run("dpkg-deb", "-R", cls.package, cls.tree)

    def field(self, name):
        return run("dpkg-deb", "-f", self.package, name).strip()

    def test_name_and_fields(self):
        version = run(BINARY, "--version").split()[1]
        architecture = run("dpkg", "--print-architecture").strip()
        self.assertEqual(self.package.name, f"kundehub_{version}_{architecture}.deb")
        self.assertEqual((self.field("Package"), self.field("Version"), self.field("Architecture")),
                         ("kundehub", version, architecture))
        self.assertEqual((self.field("Section"), self.field("Priority")), ("admin", "optional"))
        self.assertRegex(self.field("Maintainer"), r"^[^<>]+ <\S+@\S+>$")
        synopsis, *text = self.field("Description").splitlines()
        self.assertLess(len(synopsis), 80)
        self.assertGreater(len(text), 3)

    def test_dependencies(self):
        packages = {word.split()[0] for word in re.split("[,|]", self.field("Depends"))}
        self.assertLessEqual({"libc6", "libcurl4", "libgmime-3.0-0", "libidn2-0", "libsmartcols1", "tzdata"}, packages)
        self.assertFalse({name for name in packages if re.match("libstdc|libsqlite|libgcc|libsodium", name)})
        self.assertEqual(self.field("Recommends"), "ca-certificates, less")

    def test_files_and_rights(self):
        listed = {}
        for line in run("dpkg-deb", "-c", self.package).splitlines():
            rights, owner, _, _, _, path = line.split(None, 5)
            listed[module_folder(path.removeprefix("./usr/"))] = rights
            self.assertEqual(owner, "root/root", line)
            self.assertEqual(rights, "drwxr-xr-x" if path.endswith("/") else
                             "-rwxr-xr-x" if path.removeprefix("./usr/") in PROGRAMS else "-rw-r--r--", line)
        files = {path for path in listed if path and not path.endswith("/")}
        self.assertEqual(files, FILES | COMPLETIONS | of_zsh(ZSH[1]) | DOCUMENTS | {f"share/man/{page}.gz" for page in PAGES})

    def test_control_files(self):
        rights = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (self.tree / "DEBIAN").iterdir()}
        self.assertEqual(rights, {"control": 0o644, "md5sums": 0o644, "postinst": 0o755, "prerm": 0o755, "postrm": 0o755})
        sums = dict(reversed(line.split("  ", 1)) for line in (self.tree / "DEBIAN/md5sums").read_text().splitlines())
        files = {str(file.relative_to(self.tree)): hashlib.md5(file.read_bytes()).hexdigest()
                 for file in (self.tree / "usr").rglob("*") if file.is_file()}
        self.assertEqual(sums, files)

    def test_units_start_the_installed_program(self):
        for name in UNITS:
            self.assertEqual((self.tree / "usr/lib/systemd/system" / name).read_text(),
                             (SOURCE / "data/systemd" / name).read_text(), "they are written for /usr")

    def test_programs_are_stripped(self):
        (module,) = self.tree.glob("usr/lib/**/kundehub_mail.so")
        for file in (self.tree / "usr/bin/kundehub", module):
            sections = run("readelf", "-SW", file)
            self.assertNotIn(".symtab", sections)
            self.assertNotIn(".debug_", sections)

    def test_documents(self):
        documents = self.tree / "usr/share/doc/kundehub"
        log = run("gzip", "-dc", documents / "changelog.gz")
        self.assertTrue(log.startswith(f"kundehub ({self.field('Version')}) unstable; urgency=medium\n\n  * "), log[:200])
        self.assertRegex(log, r"\n -- [^<>]+ <\S+>  \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000\n$")
        self.assertLess(max(map(len, log.splitlines()[:-1])), 81)
        entries = re.split(r"\n## |\n### ", (SOURCE / "README.md").read_text().split("\n## Changes\n")[1])
        self.assertEqual(log.count("\n  * "), entries[1].count("\n- "))
        rights = (documents / "copyright").read_text()
        for library in ("SQLite", "fmt", "libsodium", "utf8proc"):
            self.assertIn(library, rights)
        for page in (self.tree / "usr/share/man").rglob("*.gz"):
            self.assertEqual(page.read_bytes()[4:8], bytes(4), "no time in a compressed file")

    @unittest.skipUnless(FULL, "in full length only")
    def test_lintian_has_no_complaint(self):
        if not shutil.which("lintian"):
            self.skipTest("lintian is not there: apt-get install lintian")
        root = ["--allow-root"] if os.geteuid() == 0 else []
        self.assertEqual(run("lintian", *root, "--fail-on", "none", self.package), "")


@unittest.skipUnless(FULL, "in full length only")
class CleanDebian(unittest.TestCase):
    """What an admin does, from apt-get install to purge, on a machine that has only what the package asks for."""

    def setUp(self):
        type(self).folder = scratch(type(self))
        self.package = make_package(self.folder)
        with self.timed("a clean Debian"):
            self.machine = Machine(self.folder / "machine")
        self.expect(0, self.machine.apt("update"))
        shutil.copy(self.package, self.machine.root / "tmp")

    @contextlib.contextmanager
    def timed(self, what):
        begin = time.monotonic()
        yield
        print(f"{what}: {time.monotonic() - begin:.0f} s", flush=True)

    def expect(self, code, result):
        self.assertEqual(result.code, code, result)
        return result

    def ok(self, *command, **options):
        return self.expect(0, self.machine.run(*command, **options))

    def hub(self, *command, **environment):
        """The program as README.Debian has it run."""
        return self.ok("kundehub", "--config", CONFIG, "--db", DATABASE, *command, user="kundehub", **environment)

    def test_from_install_to_purge(self):
        with self.timed("apt-get install"):
            self.expect(0, self.machine.apt("install", f"/tmp/{self.package.name}"))
        self.check_user_and_folders()
        self.check_units()
        self.check_first_day()
        self.check_another_user()
        self.check_documents()
        self.check_reinstalling()
        with self.timed("remove and purge"):
            self.check_removing()
            self.check_purging()

    def check_user_and_folders(self):
        self.assertRegex(self.ok("getent", "passwd", "kundehub").out, r":/var/lib/kundehub:/usr/sbin/nologin\n$")
        for folder in ("/etc/kundehub", "/var/lib/kundehub"):
            self.assertEqual(self.ok("stat", "-c", "%U:%G %a", folder).out, "kundehub:kundehub 700\n")

    def check_units(self):
        units = [f"/usr/lib/systemd/system/{name}" for name in sorted(UNITS)]
        if self.machine.run("sh", "-c", "command -v systemd-analyze").code == 0:
            result = self.ok("systemd-analyze", "verify", "--man=no", *units)
            self.assertEqual(result.err, "")
        wanted = self.machine.root / "etc/systemd/system/timers.target.wants"
        self.assertEqual(list(wanted.glob("kundehub*")), [], "an admin enables the timers")

    def check_first_day(self):
        self.hub("init", "--company", "Nordlys Regnskab", "--hub-url", "https://hub.example.dk", "--mail-from",
                 "Nordlys <hub@example.dk>", "--transport", "maildir:/var/lib/kundehub/mail")
        self.hub("config", "set", "hub.time_zone", "Europe/Copenhagen")
        self.hub("customer", "add", "--business", "Møllen ApS", "--contact", "Åse Ærø <aase@moellen.example>")
        self.hub("hub", "grant", "1001", "--module", "projects")
        self.hub("welcome", "send", "1001")
        (file,) = (self.machine.root / "var/lib/kundehub/mail/new").iterdir()
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        self.assertEqual(mail["To"].addresses[0].addr_spec, "aase@moellen.example")
        self.assertRegex(mail.get_body(("plain",)).get_content(), r"https://hub\.example\.dk/welcome\?token=[\w-]{43}")
        table = self.hub("customer", "list")
        self.assertRegex(table.out, r"(?m)^NUMBER .*\n1001 .*Møllen ApS")
        self.assertIn("Kontakter (1)", self.hub("customer", "show", "1001", "--ui-language", "da").out)
        self.hub("welcome", "deliver", "--quiet")

    def check_another_user(self):
        """What is not theirs to read does not keep somebody from a configuration and a database of their own."""
        home = self.machine.root / "tmp/nobody"
        home.mkdir()
        home.chmod(0o777)
        mine = {"HOME": "/tmp/nobody"}
        self.ok("kundehub", "init", "--company", "Mine", user="nobody", **mine)
        self.ok("kundehub", "customer", "list", user="nobody", **mine)

    def check_documents(self):
        for page in PAGES:
            self.assertTrue((self.machine.root / f"usr/share/man/{page}.gz").is_file(), page)
        for file in COMPLETIONS | of_zsh(ZSH[1]):
            self.assertGreater((self.machine.root / "usr" / file).stat().st_size, 0, file)

    def check_reinstalling(self):
        """An upgrade: what the admin has set stays."""
        self.ok("chmod", "0750", "/var/lib/kundehub")
        before = self.hub("customer", "list", "--json").out
        self.expect(0, self.machine.apt("install", "--reinstall", f"/tmp/{self.package.name}"))
        self.assertEqual(self.ok("stat", "-c", "%U:%G %a", "/var/lib/kundehub").out, "kundehub:kundehub 750\n")
        self.assertEqual(self.hub("customer", "list", "--json").out, before)

    def files_of_the_package(self):
        listed = run("dpkg-deb", "-c", self.package).splitlines()
        paths = [line.split(None, 5)[5].removeprefix("./") for line in listed]
        return [path for path in paths if "kundehub" in path and (self.machine.root / path).exists()]

    def check_removing(self):
        self.assertNotEqual(self.files_of_the_package(), [])
        self.expect(0, self.machine.apt("remove", "kundehub"))
        self.assertEqual(self.files_of_the_package(), [])
        for path in (CONFIG, DATABASE, f"{DATABASE}.key"):
            self.ok("test", "-s", path)

    def check_purging(self):
        templates = self.machine.root / "etc/kundehub/templates"
        templates.mkdir()
        (templates / "welcome.da.txt").write_text("")
        result = self.expect(0, self.machine.apt("purge", "kundehub"))
        self.assertIn("kundehub: /var/lib/kundehub is not empty and stays", result.err + result.out)
        self.assertFalse((self.machine.root / "etc/kundehub").exists())
        for path in (DATABASE, f"{DATABASE}.key"):
            self.ok("test", "-s", path)
        self.assertNotIn("kundehub", self.ok("dpkg-query", "-W", "-f", "${Package}\n").out.split())


if __name__ == "__main__":
    main()

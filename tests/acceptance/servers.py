"""Mail servers on loopback: the project's scripted one, Postfix's smtp-sink, and real Postfix and OpenSMTPD, each in a
chroot with users and folders of its own, so that the machine needs none of them."""

import base64
import contextlib
import email
import email.policy
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time

from hub import SOURCE

TOOLS = SOURCE / "build-tools"
USERS = {"root": 0, "postfix": 2001, "opensmtpd": 2002, "opensmtpq": 2003, "nobody": 2004, "box": 2005}  # in a chroot
GROUPS = {**USERS, "postdrop": 2006}
LIBRARY = re.compile(r"^\s*(?:\S+ => )?(/\S+) \(0x", re.M)


def postfix_tool(name):
    """The command and the environment for one of Postfix's test programs."""
    installed = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")
    if installed:
        return installed, dict(os.environ)
    tool = TOOLS / "postfix/usr/sbin" / name
    if not tool.exists():
        raise AssertionError(f"{name} is not there: run tests/install_dependencies.sh")
    return str(tool), {**os.environ, "LD_LIBRARY_PATH": str(TOOLS / "postfix/usr/lib/postfix")}


def free_port():
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process):
    for _ in range(200):
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"nobody listens on port {port}")


class ScriptedServer:
    """tests/support/smtp_server.py with a script that can change while it runs."""

    def __init__(self, directory, script="", *options):
        self.directory = pathlib.Path(directory)
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", SOURCE / "tests/support/smtp_server.py", directory, "--script", script, "--control",
             *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"smtp://127.0.0.1:{int(self.process.stdout.readline())}"

    def obey(self, script):
        self.process.stdin.write(script + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "ok\n"

    def commands(self):
        """The command lines received, without their connection's number."""
        log = (self.directory / "commands.log").read_text("utf-8")
        return [line.split(" ", 1)[1] for line in log.splitlines()]

    def mails(self):
        """(envelope, raw mail) of each accepted mail."""
        return [(json.loads(file.with_suffix(".json").read_text()), file.read_bytes())
                for file in sorted(self.directory.glob("*.eml"))]

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)


class Sink:
    """smtp-sink, which keeps each mail with its envelope in a file, or (`dump` false) forgets it."""

    def __init__(self, directory, dump=True):
        self.directory, self.port = pathlib.Path(directory), free_port()
        self.directory.mkdir(exist_ok=True)
        self.directory.chmod(0o777)  # smtp-sink gives up root's rights
        command, environment = postfix_tool("smtp-sink")
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen([command, *user, *(["-d", "mail."] if dump else []), f"127.0.0.1:{self.port}", "512"],
                                        cwd=self.directory, env=environment, stdin=subprocess.DEVNULL)
        self.url = f"smtp://127.0.0.1:{self.port}"
        wait_for_port(self.port, self.process)

    def mails(self):
        """Each mail that was taken; X-Mail-Args and X-Rcpt-Args are its envelope."""
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                for file in sorted(self.directory.glob("mail.*"))]

    def close(self):
        self.process.terminate()
        self.process.wait(10)


@functools.cache
def libraries(folder):
    """What the programs below `folder` are linked with, as far as it lies elsewhere."""
    programs = [path for path in folder.rglob("*") if path.is_file() and os.access(path, os.X_OK)]
    environment = {**os.environ, "LD_LIBRARY_PATH": str(folder / "lib/postfix")}
    told = subprocess.run(["ldd", shutil.which("sh"), *programs], env=environment, capture_output=True, text=True).stdout
    return sorted(library for library in set(LIBRARY.findall(told)) if not library.startswith(str(TOOLS)))


class Jail:
    """A root directory with an unpacked package, the libraries it needs, and a mail folder."""

    def __init__(self, directory, package):
        self.root = pathlib.Path(directory)
        if not (TOOLS / package / "usr").exists():
            raise AssertionError(f"{package} is not there: run tests/install_dependencies.sh")
        shutil.copytree(TOOLS / package / "usr", self.root / "usr", symlinks=True, ignore=shutil.ignore_patterns("share"))
        for folder, mode in (("dev", 0o755), ("etc", 0o755), ("bin", 0o755), ("tmp", 0o1777), ("run", 0o755)):
            self.folder(folder, mode)
        for name, minor in (("null", 3), ("urandom", 9)):
            os.mknod(self.root / "dev" / name, 0o20666, os.makedev(1, minor))
            (self.root / "dev" / name).chmod(0o666)
        self.file("etc/passwd", "".join(f"{name}:x:{number}:{number}::/:/bin/sh\n" for name, number in USERS.items()))
        self.file("etc/group", "".join(f"{name}:x:{number}:\n" for name, number in GROUPS.items()))
        self.file("etc/hosts", "127.0.0.1 localhost mail.test\n")
        shutil.copy(shutil.which("sh"), self.root / "bin/sh")
        self.folder("mail/box", 0o700, "box")
        self.add_libraries(package)

    def folder(self, path, mode, owner="root", group=None):
        folder = self.root / path
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, USERS[owner], GROUPS[group or owner])
        folder.chmod(mode)

    def file(self, path, content, mode=0o644):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        file.chmod(mode)

    def add_libraries(self, package):
        for library in libraries(TOOLS / package / "usr"):
            target = self.root / library.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, target)

    def start(self, *command):
        """The program in the jail, as the leader of its children."""
        with open(self.root / "server.log", "ab") as log:
            return subprocess.Popen(["chroot", self.root, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                    env={"PATH": "/usr/sbin:/usr/bin:/bin", "LD_LIBRARY_PATH": "/usr/lib/postfix"},
                                    start_new_session=True)


class LineServer(socketserver.ThreadingUnixStreamServer):
    """Answers Postfix on a socket within its jail; `talk(requests, replies)` holds one conversation."""

    daemon_threads = True

    def __init__(self, path, talk):
        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                with contextlib.suppress(OSError):
                    talk(self.rfile, self.wfile)

        super().__init__(str(path), Handler)
        path.chmod(0o666)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class RealServer:
    """A mail server in a jail, with a Maildir for the addresses in `people`, who share a domain. With `greylisting` it
    refuses each recipient at first sight. `certificates` is a folder with its cert.pem and key.pem."""

    def __init__(self, directory, people, certificates, greylisting=False):
        self.jail, self.port, self.people, self.greylisting = Jail(directory, self.package), free_port(), people, greylisting
        self.domain = people[0].split("@")[1]
        self.url = f"smtp://{'0.0.0.0' if self.secure else '127.0.0.1'}:{self.port}"  # 0.0.0.0 does not count as loopback
        for name in ("cert.pem", "key.pem"):
            self.jail.file(f"etc/{name}", (certificates / name).read_text(), 0o600)
        self.configure()
        self.start()

    def start(self):
        self.process = self.jail.start(*self.command)
        try:
            wait_for_port(self.port, self.process)
        except AssertionError as error:
            self.close()
            raise AssertionError(f"{error}\n{self.log()}") from None

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(10)
        with contextlib.suppress(ProcessLookupError):  # whoever does not listen
            os.killpg(self.process.pid, signal.SIGKILL)

    def close(self):
        self.stop()

    def mails(self):
        """The mails in the recipient's Maildir, once it has been delivered to. A server that is stopped while it delivers
        may leave a torso there, and deliver anew when it is started again."""
        mails = (email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                 for file in sorted(self.jail.root.glob("mail/box/new/*")))
        return [mail for mail in mails if mail["Message-ID"]]

    def wait_for_mails(self, count):
        """Waits for so many different ones, and a little longer for one too many."""
        for _ in range(400):
            if len({mail["Message-ID"] for mail in self.mails()}) >= count:
                time.sleep(0.3)
                return self.mails()
            time.sleep(0.05)
        raise AssertionError(f"{len(self.mails())} of {count} mails arrived\n{self.log()}")

    def log(self):
        logs = [self.jail.root / "server.log", self.jail.root / "var/log/mail.log"]
        return "".join(log.read_text("utf-8", "replace") for log in logs if log.exists())


class Postfix(RealServer):
    """Wants TLS and a login, as USER with PASSWORD. It asks this process about logins, in the protocol of Dovecot's auth,
    and as a policy server about recipients; while `may_answer` is clear the latter wait for their answer."""

    package, secure = "postfix", True
    USER, PASSWORD = "hub", "hemmelig"
    command = ("/usr/lib/postfix/sbin/master", "-d", "-c", "/etc/postfix")
    MAIN = """
        compatibility_level = 3.6
        maillog_file = /var/log/mail.log
        daemon_directory = /usr/lib/postfix/sbin
        shlib_directory = /usr/lib/postfix
        myhostname = mail.test
        inet_interfaces = loopback-only
        mydestination =
        mynetworks =
        alias_maps =
        virtual_mailbox_domains = {domain}
        virtual_mailbox_base = /mail
        virtual_mailbox_maps = texthash:/etc/postfix/boxes
        virtual_uid_maps = static:{box}
        virtual_gid_maps = static:{box}
        smtpd_tls_security_level = encrypt
        smtpd_tls_cert_file = /etc/cert.pem
        smtpd_tls_key_file = /etc/key.pem
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_type = dovecot
        smtpd_sasl_path = private/auth
        smtpd_relay_restrictions = permit_sasl_authenticated, reject
        smtpd_recipient_restrictions = reject_unlisted_recipient, check_policy_service unix:private/policy
    """
    MASTER = """
        127.0.0.1:{port} inet n - n - - smtpd
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        error unix - - n - - error
        retry unix - - n - - error
        virtual unix - n n - - virtual
        proxymap unix - - n - - proxymap
        anvil unix - - n - 1 anvil
        postlog unix-dgram n - n - 1 postlogd
    """

    def configure(self):
        self.seen, self.asked, self.may_answer = set(), threading.Event(), threading.Event()
        self.may_answer.set()
        values = {"domain": self.domain, "box": USERS["box"], "port": self.port}
        for name, text in (("main.cf", self.MAIN), ("master.cf", self.MASTER)):
            lines = (line.strip() for line in text.format(**values).strip().splitlines())
            self.jail.file(f"etc/postfix/{name}", "\n".join(lines) + "\n")
        self.jail.file("etc/postfix/boxes", "".join(f"{address} box/\n" for address in self.people))
        self.jail.folder("var/spool/postfix", 0o755)
        for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved",
                     "trace"):
            self.jail.folder(f"var/spool/postfix/{name}", 0o700, "postfix", "root")
        self.jail.folder("var/spool/postfix/pid", 0o755)
        self.jail.folder("var/spool/postfix/public", 0o710, "postfix", "postdrop")
        self.jail.folder("var/spool/postfix/maildrop", 0o1730, "postfix", "postdrop")
        self.jail.folder("var/lib/postfix", 0o700, "postfix")
        self.jail.folder("var/log", 0o755)
        private = self.jail.root / "var/spool/postfix/private"
        self.helpers = [LineServer(private / "auth", self.log_in), LineServer(private / "policy", self.advise)]

    def log_in(self, requests, replies):
        replies.write(b"VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t0\nDONE\n")
        for request in requests:
            verb, number, *rest = request.decode().strip().split("\t")
            if verb not in ("AUTH", "CONT"):
                continue
            response = [word.removeprefix("resp=") for word in rest if verb == "CONT" or word.startswith("resp=")]
            if not response:
                answer = f"CONT\t{number}\t"
            elif base64.b64decode(response[0]) == f"\0{self.USER}\0{self.PASSWORD}".encode():
                answer = f"OK\t{number}\tuser={self.USER}"
            else:
                answer = f"FAIL\t{number}\tuser={self.USER}"
            replies.write(answer.encode() + b"\n")

    def advise(self, requests, replies):
        """Answers when it may, and greets with 451 whom it has not seen."""
        for line in requests:
            if line.startswith(b"recipient="):
                recipient = line
            if line == b"\n":
                self.asked.set()
                self.may_answer.wait(30)
                known = recipient in self.seen or not self.greylisting
                self.seen.add(recipient)
                replies.write(b"action=" + (b"DUNNO" if known else b"451 4.7.1 Greylisted, come back") + b"\n\n")

    def close(self):
        super().close()
        for helper in self.helpers:
            helper.close()


class OpenSmtpd(RealServer):
    """Takes mail without TLS, and so without a login: Debian 12's fails every handshake as a server, for its separated
    private key does not work with OpenSSL 3."""

    package, secure = "opensmtpd", False
    command = ("/usr/sbin/smtpd", "-d")
    CONFIG = """
        table people {{ {people} }}
        filter "greylist" proc-exec "/bin/greylist"
        listen on 127.0.0.1 port {port} {filter}
        action "box" maildir "/mail/box" virtual <people>
        match from any for domain "{domain}" action "box"
    """
    GREYLIST = """#!/bin/sh
        seen=
        while IFS="|" read -r kind version time system phase session token address; do
          case $kind,$version in
            config,ready) printf "register|filter|smtp-in|rcpt-to\\nregister|ready\\n" ;;
          esac
          if [ "$kind" != filter ]; then continue; fi
          case $seen in
            *"<$address>"*) echo "filter-result|$session|$token|proceed" ;;
            *) seen="$seen<$address>"; echo "filter-result|$session|$token|reject|451 4.7.1 Greylisted, come back" ;;
          esac
        done
    """

    def configure(self):
        people = ", ".join(f'"{address}" = "box"' for address in self.people)
        filters = 'filter "greylist"' if self.greylisting else ""
        config = self.CONFIG.format(people=people, filter=filters, port=self.port, domain=self.domain)
        self.jail.file("etc/smtpd.conf", config)
        self.jail.file("bin/greylist", self.GREYLIST, 0o755)
        self.jail.file("etc/mailname", "mail.test\n")
        self.jail.folder("var/run", 0o755)
        self.jail.folder("var/spool", 0o755)
        self.jail.folder("var/lib/opensmtpd/empty", 0o755)

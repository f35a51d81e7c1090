"""Mail servers on loopback: the project's scripted one, and Postfix's smtp-sink."""

import email
import email.policy
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

from hub import SOURCE

TOOLS = SOURCE / "build-tools/postfix"


def postfix_tool(name):
    """The command and the environment for one of Postfix's test programs."""
    installed = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")
    if installed:
        return installed, dict(os.environ)
    tool = TOOLS / "usr/sbin" / name
    if not tool.exists():
        raise AssertionError(f"{name} is not there: run tests/install_dependencies.sh")
    return str(tool), {**os.environ, "LD_LIBRARY_PATH": str(TOOLS / "usr/lib/postfix")}


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

#!/usr/bin/env python3
"""A scripted SMTP server (RFC 5321) for tests. Python's standard library only.

    smtp_server.py DIR [--script SCRIPT] [--times N] [--delay MS] [--auth USER:PASS] [--tls CERT KEY] [--implicit-tls]
                   [--control]

Listens on 127.0.0.1, prints the port on stdout, serves each connection in a thread of its own and runs until it is
killed. With --control each line on stdin is a new script for the connections from then on, acknowledged by a line on
stdout, and the end of stdin ends the server (so that it never outlives the test that holds the other end).

DIR receives, numbered in the order of their acceptance,
    000001.eml    the data as received: CRLF, dot-stuffing undone
    000001.json   {"from", "to": [...], "connection", "user", "tls", "bare_newlines"}
and commands.log: one line `CONNECTION COMMAND` for each command line received.

SCRIPT is `STAGE=ACTION;STAGE=ACTION;...`. A stage without an action is answered as a willing server would.
    STAGE     greeting, EHLO (also HELO), STARTTLS, AUTH, login (the reply to the credentials), MAIL, RCPT, DATA, dot,
              idle (right after the reply to a dot), QUIT; `STAGE#N` means its Nth time on a connection
    ACTION    `450 4.2.1 later`   this reply; the escapes \\r \\n \\\\ and \\xHH are understood (\\x3b for a semicolon), so
                                  `DATA=354 go\\r\\n250 ok` answers before it is asked. 354 takes the data, 2xx at the dot
                                  stores the mail, 421 and 221 close the connection
              drop                closes without an answer
              store-drop          (dot) stores the mail and closes without an answer: RFC 1047's accident
              hang                never answers (at the dot: after storing the mail)
              late SECONDS        the usual answer, so much later (at the dot: after storing the mail)
              garbage             bytes that are no reply, then closes
              multiline [CODE]    a reply of three lines
              endless [CODE]      a multi-line reply that never ends
              longline [CODE]     a reply with a line of 1 MB
              hold                waits until the script has been changed, and does what that says at this stage
--times N         the script applies to the first N connections only
--delay MS        waits so long before each reply
--auth USER:PASS  offers AUTH PLAIN and LOGIN, and refuses MAIL without it
--tls CERT KEY    offers STARTTLS; with --implicit-tls every connection begins with TLS instead
"""

import argparse
import base64
import codecs
import json
import os
import re
import socket
import sys
import threading
import time

USUAL = {
    "greeting": "220 test ESMTP", "STARTTLS": "220 2.0.0 go ahead", "AUTH": "235 2.7.0 welcome", "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok", "DATA": "354 go ahead", "dot": "250 2.0.0 queued as {number}", "QUIT": "221 2.0.0 bye",
}


class Closed(Exception):
    """The conversation is over."""


def parse_script(text):
    """`A=x;B#2=y` as {"A": "x", "B#2": "y"}."""
    steps = (step.split("=", 1) for step in text.split(";") if step.strip())
    return {stage.strip(): action.strip() for stage, action in steps}


def stores(action):
    """Whether a mail is kept when its dot is answered with `action`."""
    word, _, code = (action or "250").partition(" ")
    if word in ("multiline", "longline"):
        return (code or "2").startswith("2")
    return word.startswith("2") or word in ("store-drop", "hang", "late")


class Mailbox:
    """The directory of accepted mails, shared by all connections."""

    def __init__(self, directory):
        self.directory, self.count, self.lock = directory, 0, threading.Lock()
        os.makedirs(directory, exist_ok=True)
        self.commands = open(os.path.join(directory, "commands.log"), "a", encoding="utf-8", errors="replace")

    def log(self, connection, line):
        with self.lock:
            self.commands.write(f"{connection} {line}\n")
            self.commands.flush()

    def store(self, envelope, data):
        with self.lock:
            self.count += 1
            stem = os.path.join(self.directory, f"{self.count:06}")
            for suffix, content in ((".json", json.dumps(envelope).encode()), (".eml", data)):
                with open(stem + ".part", "wb") as file:
                    file.write(content)
                os.rename(stem + ".part", stem + suffix)
            return self.count


class Connection:
    """One conversation."""

    def __init__(self, sock, number, options, mailbox):
        self.sock, self.number, self.options, self.mailbox = sock, number, options, mailbox
        applies = options.times is None or number <= options.times
        self.script = parse_script(options.script) if applies else {}
        self.seen, self.buffer = {}, b""
        self.sender, self.recipients, self.user, self.tls = None, [], None, False

    def run(self):
        try:
            if self.options.tls and self.options.implicit_tls:
                self.start_tls()
            self.answer("greeting")
            while True:
                self.command(self.read_line())
        except (Closed, OSError):
            pass
        finally:
            self.sock.close()

    # --- reading and writing

    def read_until(self, end):
        while end not in self.buffer:
            more = self.sock.recv(65536)
            if not more:
                raise Closed
            self.buffer += more
        line, self.buffer = self.buffer.split(end, 1)
        return line

    def read_line(self):
        line = self.read_until(b"\r\n").decode("utf-8", "replace")
        self.mailbox.log(self.number, line)
        return line

    def send(self, text):
        data = text if isinstance(text, bytes) else text.encode("latin-1")
        self.sock.sendall(data + b"\r\n")

    def hang(self):
        while self.sock.recv(65536):
            pass
        raise Closed

    def action(self, stage):
        """What the script says for this time at `stage`, or None."""
        count = self.seen[stage] = self.seen.get(stage, 0) + 1
        action, held = self.script.get(f"{stage}#{count}", self.script.get(stage)), self.options.script
        while action == "hold":
            time.sleep(0.01)
            if self.options.script != held:
                action = parse_script(self.options.script).get(stage)
        return action

    def answer(self, stage, usual=None):
        """Answers at `stage` and returns the code that was given."""
        return self.act(self.action(stage), usual or USUAL[stage])

    def act(self, action, usual):
        if self.options.delay:
            time.sleep(self.options.delay / 1000)
        word, _, rest = (action or "").partition(" ")
        code = rest or usual[:3]
        if word in ("drop", "store-drop"):
            raise Closed
        if word == "hang":
            self.hang()
        if word == "garbage":
            self.send(b"\x00\xff\x1b]0;owned\x07 no reply at all")
            raise Closed
        if word == "late":
            time.sleep(float(rest))
            action = None
        while word == "endless":
            self.send(f"{code}-and another line")
        if word == "multiline":
            self.send(f"{code}-first line\r\n{code}-second line")
            action = f"{code} last line"
        if word == "longline":
            action = f"{code} " + "x" * 1_000_000
        reply = codecs.decode(action, "unicode_escape") if action else usual
        self.send(reply)
        if reply[:3] in ("421", "221"):
            raise Closed
        return reply[:3]

    def start_tls(self):
        import ssl  # here, since it takes as long as all the others together
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.options.tls)
        self.sock = context.wrap_socket(self.sock, server_side=True)
        self.tls, self.buffer = True, b""

    # --- commands

    def command(self, line):
        verb = line.split(" ", 1)[0].upper()
        handler = {"EHLO": self.ehlo, "HELO": self.ehlo, "STARTTLS": self.starttls, "AUTH": self.auth,
                   "MAIL": self.mail, "RCPT": self.rcpt, "DATA": self.data}.get(verb)
        if handler:
            handler(line)
        elif verb == "QUIT":
            self.answer("QUIT", USUAL["QUIT"])
            raise Closed
        else:
            self.send("250 2.0.0 ok" if verb in ("NOOP", "RSET") else "502 5.5.1 not implemented")

    def ehlo(self, line):
        lines = ["test", "SIZE 10240000", "8BITMIME", "ENHANCEDSTATUSCODES"]
        if self.options.tls and not self.tls:
            lines.append("STARTTLS")
        if self.options.auth:
            lines.append("AUTH PLAIN LOGIN")
        usual = "250 test" if line[:4].upper() == "HELO" else "\r\n".join(
            ["250-" + text for text in lines[:-1]] + ["250 " + lines[-1]])
        self.answer("EHLO", usual)

    def starttls(self, _line):
        if self.answer("STARTTLS", USUAL["STARTTLS"] if self.options.tls else "502 5.5.1 no") == "220":
            self.start_tls()

    def auth(self, line):
        action = self.action("AUTH")
        if action:
            self.act(action, USUAL["AUTH"])
            return
        words = line.split(" ")
        if words[1].upper() == "PLAIN":
            token = words[2] if len(words) > 2 else self.ask("")
            user, password = base64.b64decode(token).decode().split("\0")[1:]
        else:
            user = base64.b64decode(words[2] if len(words) > 2 else self.ask("VXNlcm5hbWU6")).decode()
            password = base64.b64decode(self.ask("UGFzc3dvcmQ6")).decode()
        known = f"{user}:{password}" == self.options.auth
        if self.answer("login", USUAL["AUTH"] if known else "535 5.7.8 wrong credentials") == "235":
            self.user = user

    def ask(self, challenge):
        self.send("334 " + challenge)
        return self.read_line()

    def mail(self, line):
        self.recipients = []
        unknown = self.options.auth and not self.user
        if self.answer("MAIL", "530 5.7.0 authentication required" if unknown else USUAL["MAIL"]).startswith("2"):
            self.sender = re.search("<(.*)>", line)[1]

    def rcpt(self, line):
        if self.answer("RCPT").startswith("2"):
            self.recipients.append(re.search("<(.*)>", line)[1])

    def data(self, _line):
        if self.answer("DATA", USUAL["DATA"] if self.recipients else "503 5.5.1 no recipient") != "354":
            return
        raw = self.read_until(b"\r\n.\r\n") + b"\r\n"
        raw = re.sub(rb"(?m)^\.", b"", raw)
        action = self.action("dot")
        number = self.mailbox.store(self.envelope(raw), raw) if stores(action) else 0
        self.act(action, USUAL["dot"].format(number=number))
        idle = self.action("idle")
        if idle:
            self.act(idle, "")

    def envelope(self, raw):
        return {"from": self.sender, "to": self.recipients, "connection": self.number, "user": self.user, "tls": self.tls,
                "bare_newlines": bool(re.search(rb"(?<!\r)\n|\r(?!\n)", raw))}


def obey_stdin(options):
    """Takes new scripts, and ends the process when stdin does."""
    for line in sys.stdin:
        options.script = line.strip()
        print("ok", flush=True)
    os._exit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--script", default="")
    parser.add_argument("--times", type=int)
    parser.add_argument("--delay", type=int, default=0)
    parser.add_argument("--auth")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    parser.add_argument("--implicit-tls", action="store_true")
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    mailbox = Mailbox(options.directory)
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(listener.getsockname()[1], flush=True)
    if options.control:
        threading.Thread(target=obey_stdin, args=(options,), daemon=True).start()
    number = 0
    while True:
        sock, _ = listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number += 1
        threading.Thread(target=Connection(sock, number, options, mailbox).run, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())

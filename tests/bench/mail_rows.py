"""The rows of mail: M1 to M3, each with messages of our mails' size, and each of ours recorded."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys

from databases import copy_database, expect
from measure import CannotRun, in_turn, must, run_each, run_once
from servers import TOOLS, Sink, postfix_tool
from table import compare_rates

HERE = pathlib.Path(__file__).resolve().parent
ENVELOPE = ("-f", "a@example.dk")
RECIPIENT = "b@example.dk"


def postfix(name):
    """The command and the environment for one of Postfix's test programs."""
    try:
        return postfix_tool(name)
    except AssertionError as error:
        raise CannotRun(error) from None


@contextlib.contextmanager
def slow_server(milliseconds):
    """The port of a server that waits so long before each reply."""
    with subprocess.Popen([sys.executable, HERE / "delay_server.py", str(milliseconds)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as server:
        yield int(server.stdout.readline())  # it ends with its stdin, which Popen closes


@contextlib.contextmanager
def sink_server(bench):
    """The port of smtp-sink on loopback, which forgets each mail."""
    postfix("smtp-sink")
    sink = Sink(bench.scratch / "sink", dump=False)
    try:
        yield sink.port
    finally:
        sink.close()


def queue(bench, port, mails):
    """A Hub with a database aside, `queued.db`, that has so many mails in its queue."""
    hub = bench.new_hub()
    hub.use_transport(f"smtp://127.0.0.1:{port}")
    for start in range(0, mails, 200):
        people = (f"Bo Bo <p{number}@example.dk>" for number in range(start, min(start + 200, mails)))
        must(hub.run("customer", "add", "--business", "Firma", "--hub", "--module", "invoices",
                     *(f"--contact={person}" for person in people)))
    must(hub.run("welcome", "send", "--never-sent", "--queue", "--yes", "--format", "count"))
    copy_database(hub.database, hub.directory / "queued.db")
    return hub


def deliver(bench, hub, queued, mails):
    """A turn of ours: delivers the queue of a copy, all of it, and gives one mail's share."""
    def turn_of(_):
        database = bench.copy(queued, "delivered.db")
        spent = run_once([bench.binary, "welcome", "deliver", "--connections", "16", "--quiet", "--db", database],
                         hub.environment)
        expect(database, "SELECT count(*) FROM welcome WHERE state = 'sent'", mails)
        return spent.each_of(mails)

    return turn_of


def smtp_source(port, mails, size):
    """A turn of the peer: one mail's share. A refused connection is an error, not a rate."""
    command, environment = postfix("smtp-source")
    full = [command, "-d", "-s", "16", "-m", mails, "-l", size, *ENVELOPE, "-t", RECIPIENT, f"127.0.0.1:{port}"]
    return lambda _: run_once(full, environment).each_of(mails)


def against_source(bench, name, port, mails, goal):
    hub = queue(bench, port, mails)
    size = len(preview(hub))
    spent = in_turn(bench.few_turns(), smtp_source(port, mails, size),
                    deliver(bench, hub, hub.directory / "queued.db", mails))
    yield compare_rates(f"{name}, 16 connections, {mails:,} mails of {size:,} bytes", "`smtp-source -d -s 16`",
                        spent, goal)


def preview(hub):
    return hub.run("welcome", "preview", "contact:1", "--raw").raw_out


def m1(bench):
    """`welcome deliver`, 20 ms a reply"""
    with slow_server(20) as port:
        yield from against_source(bench, "M1 `welcome deliver`, 20 ms a reply", port, bench.size(1600), "≥ 0.95")


def m2(bench):
    """`welcome deliver`, loopback"""
    with sink_server(bench) as port:
        yield from against_source(bench, "M2 `welcome deliver`, loopback", port, bench.size(4000), "≥ 0.15")


def msmtp():
    """The command and the environment: installed, or unpacked below build-tools/."""
    installed, tool = shutil.which("msmtp"), TOOLS / "msmtp/usr/bin/msmtp"
    if installed:
        return installed, dict(os.environ)
    if not tool.exists():
        raise CannotRun("msmtp is not there; tests/bench/unpack_msmtp.sh unpacks it")
    folders = {str(library.parent) for library in (TOOLS / "msmtp").rglob("*.so.*")}
    return str(tool), {**os.environ, "LD_LIBRARY_PATH": ":".join(sorted(folders))}


def m3(bench):
    """`welcome deliver`, against one process a mail"""
    command, environment = msmtp()
    mails, their_mails = bench.size(4000), bench.size(200)
    with sink_server(bench) as port:
        hub = queue(bench, port, mails)
        mail = bench.scratch / "mail.eml"
        mail.write_bytes(preview(hub))
        full = [command, "--host=127.0.0.1", f"--port={port}", "--tls=off", "--auth=off", *ENVELOPE, RECIPIENT]
        spent = in_turn(bench.few_turns(),
                        lambda _: run_each([full] * their_mails, environment, mail).each_of(their_mails),
                        deliver(bench, hub, hub.directory / "queued.db", mails))
    work = f"M3 `welcome deliver`, loopback, 16 connections, {mails:,} mails of {mail.stat().st_size:,} bytes"
    yield compare_rates(work, f"`msmtp`, one process a mail, {their_mails} mails", spent, "≥ 50")

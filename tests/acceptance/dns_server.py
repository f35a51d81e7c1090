#!/usr/bin/env python3
"""A DNS server (RFC 1035) for one command, in a network and with a resolv.conf of their own. Python's standard library only.

    dns_server.py ZONE COMMAND [ARGUMENT]...

Has to run in namespaces of its own: `unshare --net --mount`. ZONE is a JSON file:
    {"firma.dk": ["v=spf1 mx -all"], "_dmarc.firma.dk": []}     TXT records; a name that is missing does not exist
    {"firma.dk": "servfail"}      refused
    {"firma.dk": "silent"}        never answered
    {"firma.dk": "hex:00ff"}      these bytes behind the header and the question
    {"": "none"}                  nobody listens at all
An answer of more than 1200 bytes is cut short over UDP (TC) and whole over TCP."""

import contextlib
import fcntl
import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading

ADDRESS = ("127.0.0.1", 53)
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
MOST_UDP = 1200


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(probe, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def use_resolver(folder):
    file = pathlib.Path(folder) / "resolv.conf"
    file.write_text(f"nameserver {ADDRESS[0]}\n")
    subprocess.run(["mount", "--bind", file, os.path.realpath("/etc/resolv.conf")], check=True)


def read_question(message):
    """(name in lower case, bytes of the question)."""
    labels, place = [], 12
    while message[place]:
        labels.append(message[place + 1:place + 1 + message[place]])
        place += 1 + message[place]
    return b".".join(labels).decode().lower(), message[12:place + 5]


def header(message, code, answers, truncated=False):
    return message[:2] + struct.pack("!HHHHH", 0x8180 | (0x0200 if truncated else 0) | code, 1, answers, 0, 0)


def record(text):
    data = text.encode("latin-1")
    strings = [data[i:i + 255] for i in range(0, len(data), 255)] or [b""]
    data = b"".join(bytes([len(string)]) + string for string in strings)
    return b"\xc0\x0c" + struct.pack("!HHIH", 16, 1, 60, len(data)) + data


def answer(zone, message, most=None):
    """The answer, or None if there is none."""
    name, question = read_question(message)
    known = zone.get(name)
    if known == "silent":
        return None
    if known == "servfail":
        return header(message, 2, 0) + question
    if isinstance(known, str):
        return header(message, 0, 1) + question + bytes.fromhex(known.removeprefix("hex:"))
    if known is None:
        return header(message, 3, 0) + question
    whole = header(message, 0, len(known)) + question + b"".join(map(record, known))
    return whole if most is None or len(whole) <= most else header(message, 0, 0, truncated=True) + question


def serve_udp(zone, listener):
    while True:
        message, peer = listener.recvfrom(4096)
        reply = answer(zone, message, MOST_UDP)
        if reply:
            listener.sendto(reply, peer)


def serve_tcp(zone, listener):
    while True:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError, struct.error):
            (size,) = struct.unpack("!H", connection.recv(2, socket.MSG_WAITALL))
            reply = answer(zone, connection.recv(size, socket.MSG_WAITALL))
            if reply:
                connection.sendall(struct.pack("!H", len(reply)) + reply)


def main(zone_file, *command):
    zone = json.loads(pathlib.Path(zone_file).read_text("utf-8"))
    raise_loopback()
    with tempfile.TemporaryDirectory() as folder:
        use_resolver(folder)
        if zone.get("") != "none":
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            udp.bind(ADDRESS)
            tcp = socket.create_server(ADDRESS)
            threading.Thread(target=serve_udp, args=(zone, udp), daemon=True).start()
            threading.Thread(target=serve_tcp, args=(zone, tcp), daemon=True).start()
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

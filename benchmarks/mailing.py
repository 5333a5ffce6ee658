"""Measure what it costs to mail a digest: queue, write and hand over, to few and to ten times more.

    python benchmarks/mailing.py [--quick]

A thousand subscribers, then ten thousand (with --quick a tenth of both), each with a copy of its
own, go to a mail server on loopback that takes everything. Each round is a process of its own. What
counts, within this run: seconds a copy, and not more of them among many; memory, which should not
grow with the list; and how much longer a copy takes than the same message handed over by a loop of
bare smtplib, which forgets everything in a crash. The pages are stubs: rendering is measured in
benchmarks/digest.py. All is made up.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import smtplib
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from monitor.channels.email import MailManners, MailServer
from monitor.channels.smtp_url import read_smtp_url
from monitor.mailing import Sender
from monitor.models import (
    Checked,
    Digest,
    DigestMatter,
    ItemType,
    Period,
    Section,
    Subscriber,
)
from monitor.render.digest_values import Html
from monitor.render.mail import Letterhead, message
from monitor.store import Mailing, Store

NOW = datetime.now(UTC)
PAGE = Html("<html>" + "<p>A hearing, made up.</p>\n" * 400 + "</html>")
TEXT = "A hearing, made up.\n" * 200
HEAD = Letterhead("digest@coalition.test", "Weekly digest", "staff@coalition.test")
DIGEST = Digest(
    "weekly",
    "Weekly digest",
    Period("2026-W47", NOW, NOW + timedelta(days=7), "America/New_York"),
    NOW,
    tuple(DigestMatter(n, Section.NEW, f"Matter {n}", ItemType.BILL, "ny") for n in range(20)),
    checked=Checked(43, 41, 900),
)


class Sink(socketserver.StreamRequestHandler):
    """A mail server that takes everything, and counts it."""

    taken = 0

    def handle(self) -> None:
        """Answer until the client goes."""
        self.say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                while self.rfile.readline() != b".\r\n":
                    pass
                Sink.taken += 1
                self.say("250 taken")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")

    def say(self, text: str) -> None:
        """Answer with one line."""
        self.wfile.write(f"{text}\r\n".encode())


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """Run the mail server while inside; yields its port."""
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def write(mailing: Mailing, now: datetime) -> EmailMessage:
    """Write a copy; its pages are stubs."""
    return message(PAGE, TEXT, b"", mailing.subscriber, DIGEST, HEAD, now)


def peak() -> float:
    """Return this process's peak memory in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ours(number: int, port: int) -> dict[str, float]:
    """Queue and mail a digest to so many."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "m.db") as store:
        with store.transaction():
            for n in range(number):
                one = Subscriber(0, f"reader{n}@people.test")
                store.subscribers.add(one, NOW, confirmed=True)
        began = time.perf_counter()
        assert store.mailings.queue("weekly", "2026-W47", None, NOW) == number
        queued = time.perf_counter() - began
        server = MailServer(
            read_smtp_url(f"smtp://127.0.0.1:{port}"), MailManners(per_second=1_000_000.0)
        )
        began = time.perf_counter()
        sent = Sender(store, server, write).send_due(most=number + 1).sent
        took = time.perf_counter() - began
        assert sent == number, sent
    return {"queued": queued, "a copy": took / number, "memory": peak()}


def bare(number: int, port: int) -> dict[str, float]:
    """Hand the same messages over without a store."""
    one = Subscriber(1, "reader@people.test", token="made-up")
    began = time.perf_counter()
    for first in range(0, number, 100):
        with smtplib.SMTP("127.0.0.1", port, "bench.test") as smtp:
            for _ in range(min(100, number - first)):
                smtp.send_message(message(PAGE, TEXT, b"", one, DIGEST, HEAD, NOW))
    return {"a copy": (time.perf_counter() - began) / number, "memory": peak()}


def measured(way: str, number: int, port: int) -> dict[str, float]:
    """Run one round in a process of its own."""
    command = [sys.executable, __file__, "--round", way, str(number), str(port)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    read: dict[str, float] = json.loads(done.stdout)
    return read


def main() -> None:
    """Compare few with many, and both with a bare loop."""
    parser = argparse.ArgumentParser(description="mail a digest to few and to many")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--round", nargs=3, metavar=("WAY", "NUMBER", "PORT"))
    chosen = parser.parse_args()
    if chosen.round:
        way, number, port = chosen.round
        print(json.dumps({"ours": ours, "bare": bare}[way](int(number), int(port))))
        return
    few, many = (100, 1_000) if chosen.quick else (1_000, 10_000)
    with sink() as port:
        small, large, loop = (
            measured("ours", few, port),
            measured("ours", many, port),
            measured("bare", few, port),
        )
        assert Sink.taken == few + many + few
    for name, one in ((f"{few:,}", small), (f"{many:,}", large), (f"{few:,} bare", loop)):
        queue = f"{one['queued'] * 1000:8.1f} ms to queue" if "queued" in one else " " * 20
        print(f"{name:>12}: {one['a copy'] * 1000:6.2f} ms a copy, {one['memory']:6.1f} MB {queue}")
    print(
        f"a copy among {many:,} beside one among {few:,}: {large['a copy'] / small['a copy']:.2f}"
    )
    print(f"memory with {many:,} beside {few:,}: {large['memory'] / small['memory']:.2f}")
    print(f"a copy beside a bare loop's: {small['a copy'] / loop['a copy']:.2f}")


if __name__ == "__main__":
    main()

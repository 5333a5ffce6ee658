"""Serve made-up feeds, each on a loopback address of its own, from one process.

    python benchmarks/_publishers.py FEEDS

Prints its port, then serves until it is stopped. Feeds with an even number answer conditional
requests; those with an odd number send the same body again. Every tenth pair of feeds has a new
entry in edition 1. `GET /!edition=1` turns to it, `GET /!counts` tells what was asked since, and
forgets it. All words are made up.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

ENTRIES = 30
NEW_IN = 10
SYLLABLES = "ba ce di fo gu han jor kel lim mon nar pes quo rin sta tor ul ven wick yor".split()  # noqa: SIM905 - a list would hide them
COMMON = """
    the of and to in a for on is that by with be as at from are this will was or an it not
    council city county board committee meeting public hearing ordinance resolution department
    budget staff report street school water park permit mayor members vote agenda item contract
""".split()  # noqa: SIM905
TELLING = (
    "The council heard a resolution on its sanctuary policy and on immigration detainers.",
    "A sheriff signed a 287(g) agreement with Immigration and Customs Enforcement.",
    "Members asked whether ICE may enter the county jail without a judicial warrant.",
)
BEGAN = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def address(number: int) -> str:
    """Name the loopback address of a feed."""
    return f"127.{1 + number // 50_000}.{number // 200 % 250}.{number % 200 + 1}"


def is_conditional(number: int) -> bool:
    """Say whether a feed answers conditional requests."""
    return number % 2 == 0


def changes(number: int) -> bool:
    """Say whether a feed has news in edition 1; as many of one half as of the other."""
    return number // 2 % NEW_IN == 0


@cache
def vocabulary() -> tuple[str, ...]:
    """Make words up; the common ones stand often, as in any text."""
    source = random.Random(2026)
    rare = ["".join(source.choices(SYLLABLES, k=source.randint(2, 4))) for _ in range(3_000)]
    return (*COMMON * 40, *rare)


def feed(number: int, edition: int) -> bytes:
    """Write one feed of 30 entries, some 25 KB; RSS, and every fourth one Atom."""
    newest = edition if changes(number) else 0
    atom = number % 4 == 3
    entries = [_entry(number, place, atom) for place in range(newest + ENTRIES, newest, -1)]
    title = f"Made-up notices of place {number}"
    if atom:
        head = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title>'
        return f'<?xml version="1.0" encoding="utf-8"?>\n{head}{"".join(entries)}</feed>'.encode()
    head = f'<rss version="2.0"><channel><title>{title}</title><description>-</description>'
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n{head}{"".join(entries)}</channel></rss>'.encode()
    )


def _entry(number: int, place: int, atom: bool) -> str:
    source = random.Random(number * 1_000 + place)
    title = " ".join(source.choices(vocabulary(), k=9)).capitalize()
    told = TELLING[source.randrange(3)] if source.random() < 0.03 else ""
    words = " ".join(source.choices(vocabulary(), k=70))
    link = f"http://place{number}.example/notices/{place}"
    body = f"<![CDATA[<p>{told} {words}.</p> <p><a href='{link}'>Read on</a></p>]]>"
    when = BEGAN + timedelta(hours=place - number % 24)
    if atom:
        return (
            f"<entry><id>urn:place:{number}:{place}</id><title>{title}</title>"
            f'<link href="{link}"/><updated>{when:%Y-%m-%dT%H:%M:%SZ}</updated>'
            f'<summary type="html">{body}</summary></entry>\n'
        )
    return (
        f"<item><title>{title}</title><link>{link}</link>"
        f'<guid isPermaLink="false">place-{number}-{place}</guid>'
        f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
        f"<description>{body}</description></item>\n"
    )


class Publishers:
    """All feeds in their present edition, and what was asked of them."""

    def __init__(self, feeds: int) -> None:
        self.numbers = {address(number): number for number in range(feeds)}
        self._answers = [
            [_answer(number, edition) for number in range(feeds)] for edition in (0, 1)
        ]
        self._edition = 0
        self._counts = {"requests": 0, "not_modified": 0}

    def answer(self, place: str, request: bytes) -> bytes:
        """Answer a request that came to one address."""
        target = request.split(b" ", 2)[1].decode()
        if target.startswith("/!"):
            return self._told(target[2:])
        etag, whole, short = self._answers[self._edition][self.numbers[place]]
        self._counts["requests"] += 1
        if etag and etag in request:
            self._counts["not_modified"] += 1
            return short
        return whole

    def _told(self, wish: str) -> bytes:
        name, _, value = wish.partition("=")
        if name == "edition":
            self._edition = int(value)
        body = json.dumps(self._counts).encode()
        self._counts = dict.fromkeys(self._counts, 0)
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def _answer(number: int, edition: int) -> tuple[bytes, bytes, bytes]:
    """Write an ETag, the whole answer, and the one that says that nothing changed."""
    body = feed(number, edition)
    kind = b"Content-Type: application/xml; charset=utf-8\r\n"
    etag = b'"%s"' % sha256(body).hexdigest()[:20].encode() if is_conditional(number) else b""
    said = b"ETag: %s\r\n" % etag if etag else b""
    whole = b"HTTP/1.1 200 OK\r\n%s%sContent-Length: %d\r\n\r\n%s" % (kind, said, len(body), body)
    return etag, whole, b"HTTP/1.1 304 Not Modified\r\n%s\r\n" % said


class Connection(asyncio.Protocol):
    """One client's connection; it stays open until the client closes it."""

    def __init__(self, publishers: Publishers) -> None:
        self._publishers = publishers
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Find out which of the addresses was meant."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._place = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            request, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            self._transport.write(self._publishers.answer(self._place, request))


async def serve(feeds: int) -> None:
    """Serve until stopped."""
    publishers = Publishers(feeds)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(publishers), "0.0.0.0", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("feeds", type=int)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(serve(parser.parse_args().feeds))

"""No server can keep a thread, fill the memory, or break off unnoticed."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib

import pytest

from monitor.errors import FetchError
from monitor.fetch import HttpFetcher
from monitor.fetch.body import read_body
from monitor.models import Request
from tests.fetch.conftest import FetcherMaker
from tests.servers.misbehaving import (
    NEVER,
    Behaviour,
    Misbehaving,
    answer,
    bomb,
    cut,
    drip,
    drop,
    endless,
    farewell,
    hang,
    head,
    raw,
    reset,
)

SLOW = head(200, (("Content-Length", "100000"),))


@pytest.mark.parametrize(
    "behaviour",
    [
        drip(SLOW, b"x", 0.02),
        drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.02),
        drip(b"HTTP/1.1 200", b" ", 0.02),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.02),
    ],
    ids=["body", "headers", "status line", "endless 100 Continue"],
)
def test_a_byte_now_and_then_does_not_keep_a_thread(
    server: Misbehaving, fetcher_with: FetcherMaker, behaviour: Behaviour
) -> None:
    """There is always a sign of life, and yet the whole answer has its time."""
    server.on("/x", behaviour)
    begun = time.monotonic()
    with pytest.raises(FetchError, match=r"no whole answer within 0\.25 seconds"):
        fetcher_with(real=True, total_seconds=0.25).fetch(Request(server.url("/x")))
    assert time.monotonic() - begun < 2.0


@pytest.mark.parametrize(
    "first", [b"", SLOW, b"HTTP/1.1 200 OK\r\nX"], ids=["none", "head", "part"]
)
def test_silence_ends_before_the_time_for_the_whole_answer(
    server: Misbehaving, fetcher_with: FetcherMaker, first: bytes
) -> None:
    """A server that says nothing more is left after read_seconds."""
    server.on("/x", hang(first))
    with pytest.raises(FetchError, match=r"no sign of life for 0\.1 seconds"):
        fetcher_with(real=True, read_seconds=0.1).fetch(Request(server.url("/x")))


@pytest.mark.parametrize(
    "behaviour",
    [
        drop(),
        reset(),
        cut(b"<rss>", told=5000),
        raw(head(200, (("Transfer-Encoding", "chunked"),)) + b"5\r\n<rss>\r\n"),
        raw(b"nonsense\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n<rss>"),
        raw(b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"y" * 200_000 + b"\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 30_000 + b"\r\n"),
    ],
    ids=[
        "no word",
        "reset",
        "short of Content-Length",
        "chunk missing",
        "nonsense",
        "header without colon",
        "two lengths",
        "a huge header",
        "countless headers",
    ],
)
def test_an_answer_that_breaks_off_is_an_error(
    server: Misbehaving, fetcher: HttpFetcher, behaviour: Behaviour
) -> None:
    """Half an answer is never taken for a whole one."""
    server.on("/x", behaviour)
    with pytest.raises(FetchError, match="the connection broke") as caught:
        fetcher.fetch(Request(server.url("/x")))
    assert caught.value.status == 0
    assert len(server.seen) == 1, "a fresh connection's fault is not tried again"


@pytest.mark.parametrize(
    "behaviour",
    [
        answer(bytes(2_000_001)),
        cut(b"", told=NEVER),
        endless(NEVER),
        bomb(2_000_001),
        bomb(60_000_000),
        raw(head(200) + bytes(2_000_001)),
        raw(head(200, (("Content-Encoding", "gzip"),)) + gzip.compress(b"") * 110_000),
    ],
    ids=[
        "longer",
        "says so",
        "endless",
        "a little too much",
        "bomb",
        "until it hangs up",
        "much that is nothing",
    ],
)
def test_a_body_beyond_the_bound_is_refused(
    server: Misbehaving, fetcher_with: FetcherMaker, behaviour: Behaviour
) -> None:
    """Counted as sent, as promised, and as decompressed."""
    server.on("/x", behaviour)
    with pytest.raises(FetchError, match=r"larger than 2,000,000"):
        fetcher_with(real=True, max_bytes=2_000_000).fetch(Request(server.url("/x")))


def test_a_bomb_takes_little_memory(server: Misbehaving, fetcher_with: FetcherMaker) -> None:
    """200 MB of zeros end at the bound, with no more memory than the bound needs."""
    server.on("/x", bomb(200_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="when decompressed"):
            fetcher_with(real=True, max_bytes=5_000_000).fetch(Request(server.url("/x")))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 15_000_000


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"<rss/>" * 50_000)),
        ("x-gzip", gzip.compress(b"<rss/>" * 25_000) + gzip.compress(b"<rss/>" * 25_000)),
        ("GZIP", gzip.compress(b"<rss/>" * 50_000) + b"\0\0 rubbish"),
        ("deflate", zlib.compress(b"<rss/>" * 50_000)),
        ("deflate", zlib.compress(b"<rss/>" * 50_000)[2:-4]),
        ("identity", b"<rss/>" * 50_000),
    ],
    ids=["gzip", "members", "rubbish after", "deflate", "raw deflate", "identity"],
)
def test_compressed_bodies_are_read(
    server: Misbehaving, fetcher: HttpFetcher, coding: str, packed: bytes
) -> None:
    """What servers call gzip and deflate, in all its kinds."""
    server.on("/x", answer(packed, headers=(("Content-Encoding", coding),)))
    assert fetcher.fetch(Request(server.url("/x"))).body == b"<rss/>" * 50_000


@pytest.mark.parametrize("size", [1, 2, 3, 19, 20, 21, 22, 23, 1000])
def test_a_body_is_the_same_in_whatever_pieces_it_comes(size: int) -> None:
    """Members, headers and trailers of gzip may be cut anywhere."""
    packed = gzip.compress(b"") * 3 + gzip.compress(b"<rss/>" * 5000) + gzip.compress(b"end")
    pieces = (packed[start : start + size] for start in range(0, len(packed), size))
    assert read_body(pieces, "gzip", 100_000) == b"<rss/>" * 5000 + b"end"


@pytest.mark.parametrize("more", [1, 2, 3, 4, 29])
def test_the_last_bytes_of_a_compressed_body_are_not_lost(
    server: Misbehaving, fetcher: HttpFetcher, more: int
) -> None:
    """The decompressor may still hold some when the last byte was read."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(b"<" * (2 * 65_536 + more)) + packer.flush()
    server.on("/x", answer(packed, headers=(("Content-Encoding", "deflate"),)))
    assert len(fetcher.fetch(Request(server.url("/x"))).body) == 2 * 65_536 + more


@pytest.mark.parametrize(
    ("coding", "body", "words"),
    [
        ("br", b"\x0b\x02\x80", "coded as 'br', which was not asked for"),
        ("gzip, gzip", b"", "which was not asked for"),
        ("gzip", b"<rss/>", "cannot be decompressed"),
        ("gzip", gzip.compress(b"<rss/>" * 5000)[:-20], "cut off"),
        ("deflate", zlib.compress(b"<rss/>" * 5000)[:-8], "cut off"),
        ("gzip", gzip.compress(b"<rss/>")[:-8] + b"wrong sum", "cannot be decompressed"),
    ],
    ids=["brotli", "twice", "plain", "gzip cut", "deflate cut", "wrong sum"],
)
def test_a_body_that_cannot_be_decompressed_is_an_error(
    server: Misbehaving, fetcher: HttpFetcher, coding: str, body: bytes, words: str
) -> None:
    """Never half a body, never an unread one."""
    server.on("/x", answer(body, headers=(("Content-Encoding", coding),)))
    with pytest.raises(FetchError, match=words):
        fetcher.fetch(Request(server.url("/x")))


def test_a_connection_that_died_idle_is_tried_once_more(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """A server may drop a kept connection just as we use it; a GET then goes out again, once."""
    server.on("/a", answer(b"{}"))
    server.on("/b", drop(), answer(b"[1]"))
    fetcher.fetch(Request(server.url("/a")))
    assert fetcher.fetch(Request(server.url("/b"))).body == b"[1]"
    assert [seen.target for seen in server.seen] == ["/a", "/b", "/b"]
    assert server.seen[0].client == server.seen[1].client != server.seen[2].client


def test_a_connection_that_the_server_closed_is_not_used_again(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """Its end is seen before the next request, so that a POST does not run into it."""
    server.on("/a", farewell(b"{}"))
    server.on("/b", answer(b"[]"))
    fetcher.fetch(Request(server.url("/a")))
    assert fetcher.fetch(Request(server.url("/b"), method="POST")).body == b"[]"
    assert server.seen[0].client != server.seen[1].client


@pytest.mark.parametrize(
    ("method", "behaviour", "sent"),
    [("POST", drop(), 1), ("GET", cut(b"half"), 1), ("GET", drop(), 2)],
    ids=["a POST", "an answer that had begun", "a third time"],
)
def test_nothing_else_is_sent_again(
    server: Misbehaving, fetcher: HttpFetcher, method: str, behaviour: Behaviour, sent: int
) -> None:
    """Who posts twice may act twice; who has begun to answer is alive."""
    server.on("/a", answer(b"{}"))
    server.on("/b", behaviour)
    fetcher.fetch(Request(server.url("/a")))
    with pytest.raises(FetchError):
        fetcher.fetch(Request(server.url("/b"), method=method))
    assert len(server.asked("/b")) == sent


def test_a_host_that_is_not_there_is_an_error(fetcher_with: FetcherMaker) -> None:
    """A port where nobody listens, and a name that nobody knows."""
    with Misbehaving() as gone:
        port, named = gone.port, gone.named
    fetcher = fetcher_with(named_hosts=named)
    with pytest.raises(FetchError, match="cannot be reached"):
        fetcher.fetch(Request(f"http://127.0.0.1:{port}/"))
    with pytest.raises(FetchError, match="cannot be resolved"):
        fetcher.fetch(Request("http://no-such-host.invalid/"))

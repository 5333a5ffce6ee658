"""A recording answers in the network's place, as often and in the order that it was made."""

from __future__ import annotations

import gzip
import pickle
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.errors import ConfigError, FetchError, NotRecorded, Refused, SoftError, Throttled
from monitor.fetch import FetchSettings, HttpFetcher, ReplayTransport, append
from monitor.models import Access, Credential, Request, Response, Validators
from tests.fetch.conftest import NOW, FakeTime
from tests.fetch.recordings import Record, request, response, write
from tests.servers.misbehaving import Misbehaving, answer, redirect

URL = "https://example.org/feed"


def replaying(*paths: Path, times: FakeTime | None = None) -> HttpFetcher:
    """Fetch from recordings alone."""
    times = times or FakeTime()
    return HttpFetcher(
        FetchSettings("monitor@example.org", max_bytes=1_000_000),
        {},
        ReplayTransport(paths),
        clock=times.clock,
        monotonic=times.monotonic,
        sleep=times.sleep,
    )


def bodies(fetcher: HttpFetcher, *urls: str) -> list[bytes]:
    """Ask for each address."""
    return [fetcher.fetch(Request(url)).body for url in urls]


def test_recordings_of_one_address_follow_each_other_and_the_last_stays(tmp_path: Path) -> None:
    """First, second, second, …: a poll after a poll; order of recording, not of files."""
    later = write(tmp_path / "a.warc", response(URL, b"second", date="2026-11-22T08:00:00.5Z"))
    first = write(tmp_path / "b.warc.gz", response(URL, b"first", date="2026-11-22T08:00:00Z"))
    other = write(tmp_path / "c.warc", response(URL + "?x", b"other"))
    fetcher = replaying(later, first, other)
    assert bodies(fetcher, URL, URL, URL) == [b"first", b"second", b"second"]
    assert bodies(fetcher, URL + "?x", URL + "?x") == [b"other", b"other"]


def test_what_we_archive_can_be_replayed(tmp_path: Path) -> None:
    """POST with its body, redirect, headers: our own file answers the same requests."""
    form = Request(URL, method="POST", body=b'{"page": 2}', headers=(("x", "1"),))
    asked = Request("https://example.org/old")
    answers = (
        Response(form, URL, 200, (("etag", '"1"'),), b'{"page": 2}', NOW),
        Response(asked, "https://new.example.org/x", 200, (), b"moved", NOW),
    )
    append(tmp_path / "a.warc.gz", answers)
    fetcher = replaying(tmp_path / "a.warc.gz")
    read = fetcher.fetch(form)
    assert (read.body, read.header("etag")) == (b'{"page": 2}', '"1"')
    moved = fetcher.fetch(asked)
    assert (moved.url, moved.body) == ("https://new.example.org/x", b"moved")
    with pytest.raises(NotRecorded):
        fetcher.fetch(replace(form, body=b'{"page": 3}'))
    with pytest.raises(NotRecorded):
        fetcher.fetch(Request(URL))


def test_a_request_that_differs_in_moments_gets_the_nearest_thing(tmp_path: Path) -> None:
    """Exactly the same comes first; else the same at another time, each recording once."""

    def since(day: str) -> str:
        return f"https://example.org/v1/events?$filter=Date gt datetime'{day}'&$top=5"

    path = write(
        tmp_path / "a.warc",
        response(since("2026-11-20").replace(" ", "%20"), b"20th"),
        response(since("2026-11-21").replace(" ", "%20"), b"21st"),
    )
    fetcher = replaying(path)
    assert bodies(fetcher, since("2026-11-21"), since("2027-01-01"), since("2027-01-02")) == [
        b"21st",
        b"20th",
        b"21st",
    ]


def test_what_is_missing_is_named_with_what_is_nearest(tmp_path: Path) -> None:
    """The message has both addresses, so that one sees the difference."""
    path = write(
        tmp_path / "a.warc",
        response("https://example.org/v1/matters?page=1", b"{}"),
        response("https://other.example/v1/matters?page=2", b"{}"),
    )
    with pytest.raises(NotRecorded) as caught:
        replaying(path).fetch(Request("https://example.org/v1/matters?page=2"))
    assert caught.value.subject == "https://example.org/v1/matters?page=2"
    assert "is not in the recording" in caught.value.reason
    assert caught.value.reason.endswith("https://example.org/v1/matters?page=1")


def test_redirects_status_and_soft_errors_take_the_same_road(tmp_path: Path) -> None:
    """The recording is the wire and nothing more: all else is the fetcher's own code."""
    gone = "HTTP/1.1 404 Not Found"
    busy = "HTTP/1.1 429 Too Many Requests"
    path = write(
        tmp_path / "a.warc",
        response(URL + "/1", b"", status="HTTP/1.1 301 Moved", headers=[("Location", "/2")]),
        response("https://example.org/2", b"arrived"),
        response(URL + "/gone", b"no", status=gone),
        response(URL + "/busy", b"no", status=busy, headers=[("Retry-After", "60")]),
        response(URL + "/soft", b"<html><title>Just a moment...</title>"),
        response(URL + "/big", bytes(1_000_001)),
        response(URL + "/lost", b"", status="HTTP/1.1 302 Found", headers=[("Location", "/no")]),
    )
    fetcher = replaying(path)
    assert fetcher.fetch(Request(URL + "/1")).url == "https://example.org/2"
    for name, fault in (
        ("gone", FetchError),
        ("busy", Throttled),
        ("soft", SoftError),
        ("big", FetchError),
        ("lost", NotRecorded),
    ):
        with pytest.raises(fault) as caught:
            fetcher.fetch(Request(f"{URL}/{name}"))
        assert type(caught.value) is fault
        assert caught.value.subject == f"{URL}/{name}"


def test_a_replay_waits_for_nobody_and_needs_no_secret(tmp_path: Path) -> None:
    """No pace, no closed host, no key; private addresses are only names here."""
    times = FakeTime()
    url = "http://127.0.0.1:1/x"
    path = write(
        tmp_path / "a.warc",
        response(url, b"", status="HTTP/1.1 429 Slow", headers=[("Retry-After", "600")]),
        response(url + "?token=abc", b"{}"),
    )
    fetcher = replaying(path, times=times)
    key = Credential("MADE_UP_KEY", "query", "token")
    with pytest.raises(Throttled):
        fetcher.fetch(Request(url, pace=5))
    assert fetcher.fetch(Request(url + "?token=mine", pace=5, credentials=(key,))).body == b"{}"
    assert times.slept == []


def test_a_page_is_allowed_where_no_rules_were_recorded(tmp_path: Path) -> None:
    """And judged by those that were."""
    page = Request("https://example.org/private", access=Access.PAGE)
    recorded = response(page.url, b"made up")
    rules = response("https://example.org/robots.txt", b"User-agent: *\nDisallow: /private")
    assert replaying(write(tmp_path / "a.warc", recorded)).fetch(page).body == b"made up"
    with pytest.raises(Refused):
        replaying(write(tmp_path / "b.warc", recorded, rules)).fetch(page)


def test_304_is_replayed_only_to_those_who_asked_for_it(tmp_path: Path) -> None:
    """A first poll is never told "not modified"; a later one is, if that was recorded."""
    path = write(
        tmp_path / "a.warc",
        response(URL, b"", status="HTTP/1.1 304 Not Modified", headers=[("ETag", '"1"')]),
        response(URL, b"body", headers=[("ETag", '"1"')]),
    )
    fetcher = replaying(path)
    first = fetcher.fetch(Request(URL))
    assert first.body == b"body"
    again = fetcher.fetch(Request(URL), first.validators)
    assert (again.status, again.unchanged) == (304, True)


def test_an_equal_recording_is_unchanged(tmp_path: Path) -> None:
    """A replayed poll of the same recording brings no change, by the body's hash."""
    path = write(tmp_path / "a.warc", response(URL, b"body"))
    first = replaying(path).fetch(Request(URL))
    again = replaying(path).fetch(Request(URL), Validators(sha256=first.validators.sha256))
    assert (again.status, again.unchanged) == (200, True)


# ------------------------------------------------------------------------- as others record


@pytest.mark.parametrize(
    ("headers", "block"),
    [
        ((("Transfer-Encoding", "chunked"),), b"5\r\nmade \r\n2\r\nup\r\n0\r\n\r\n"),
        ((("Content-Encoding", "gzip"),), gzip.compress(b"made up")),
        (
            (("content-encoding", "gzip"), ("transfer-encoding", "Chunked")),
            b"%x\r\n%b\r\n0\r\n\r\n" % (len(gzip.compress(b"made up")), gzip.compress(b"made up")),
        ),
        ((("Content-Encoding", "gzip"), ("Content-Length", "9999")), b"made up"),
        ((("Transfer-Encoding", "chunked"),), b"made up"),
        ((("x-orig-content-encoding", "br"), ("Content-Length", "7")), b"made up"),
    ],
    ids=["chunked", "gzip", "both", "decoded, header kept", "joined, header kept", "browser"],
)
def test_a_body_is_read_however_it_was_recorded(
    tmp_path: Path, headers: tuple[tuple[str, str], ...], block: bytes
) -> None:
    """As on the wire (wget), or as the browser had it (Browsertrix)."""
    path = write(tmp_path / "a.warc.gz", response(URL, block, headers=headers), version="1.1")
    assert bodies(replaying(path), URL) == [b"made up"]


def test_a_wget_recording_is_read(tmp_path: Path) -> None:
    """Angle brackets around addresses; requests linked from their answers; POST bodies."""
    path = write(
        tmp_path / "a.warc.gz",
        Record((("WARC-Type", "warcinfo"), ("WARC-Date", "2026-11-22T08:00:00Z")), b"software: x"),
        request(f"<{URL}>", "POST /feed HTTP/1.1", b"q=ICE", extra=[("WARC-Record-ID", "<r1>")]),
        response(
            f"<{URL}>",
            b"found",
            extra=[("WARC-Record-ID", "<a1>"), ("WARC-Concurrent-To", "<r1>")],
        ),
        Record(
            (("WARC-Type", "resource"), ("WARC-Target-URI", "metadata://gnu.org/wget/log")), b"log"
        ),
    )
    fetcher = replaying(path)
    assert fetcher.fetch(Request(URL, method="POST", body=b"q=ICE")).body == b"found"
    with pytest.raises(NotRecorded):
        fetcher.fetch(Request(URL))


def test_an_answer_and_its_request_can_be_linked_by_their_date(tmp_path: Path) -> None:
    """Where no identifiers are given, the same address at the same moment belongs together."""
    path = write(
        tmp_path / "a.warc", response(URL, b"found"), request(URL, "POST /feed HTTP/1.1", b"{}")
    )
    assert replaying(path).fetch(Request(URL, method="POST", body=b"{}")).body == b"found"


@pytest.mark.parametrize("by_digest", [True, False])
def test_a_revisit_has_the_body_of_the_first_visit(tmp_path: Path, by_digest: bool) -> None:
    """Found by its digest (another address may hold it) or by the address that it refers to."""
    digest = [("WARC-Payload-Digest", "sha1:MADEUP")] if by_digest else []
    refers = [
        ("WARC-Refers-To-Target-URI", f"<{URL}>"),
        ("WARC-Refers-To-Date", "2026-11-22T08:00:00Z"),
    ]
    again = response(URL + "/2", b"", date="2026-11-23T08:00:00Z", extra=digest or refers)
    lost = response(URL + "/3", b"", extra=[("WARC-Payload-Digest", "sha1:ELSE")])
    path = write(
        tmp_path / "a.warc.gz",
        response(URL, b"body", extra=digest, headers=[("ETag", '"1"')]),
        *(
            replace(record, headers=(("WARC-Type", "revisit"), *record.headers[1:]))
            for record in (again, lost)
        ),
    )
    fetcher = replaying(path)
    assert bodies(fetcher, URL + "/2", URL) == [b"body", b"body"]
    with pytest.raises(NotRecorded):
        fetcher.fetch(Request(URL + "/3"))


def test_other_versions_and_one_gzip_for_all_are_read(tmp_path: Path) -> None:
    """WARC 1.0 and 1.1, HTTP/2's status line, and a file that was packed as a whole."""
    first = response(URL, b"one")
    second = response(URL + "/2", b"two", status="HTTP/2 200")
    for number, version in enumerate(("1.0", "1.1")):
        for members in (True, False):
            path = tmp_path / f"{number}{members}.warc.gz"
            write(path, first, second, version=version, members=members)
            assert bodies(replaying(path), URL, URL + "/2") == [b"one", b"two"]


def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    """All .warc and .warc.gz below it, other files left aside."""
    (tmp_path / "2026").mkdir()
    write(tmp_path / "2026" / "a.warc.gz", response(URL, b"one"))
    write(tmp_path / "b.warc", response(URL + "/2", b"two"))
    (tmp_path / "notes.txt").write_text("made up", encoding="utf-8")
    assert bodies(replaying(tmp_path), URL, URL + "/2") == [b"one", b"two"]


def test_a_recording_that_ends_early_answers_with_what_is_whole(tmp_path: Path) -> None:
    """The record that a crash cut off is left out."""
    path = write(tmp_path / "a.warc.gz", response(URL, b"one"), response(URL + "/2", b"two" * 99))
    path.write_bytes(path.read_bytes()[:-20])
    fetcher = replaying(path)
    assert bodies(fetcher, URL) == [b"one"]
    with pytest.raises(NotRecorded):
        fetcher.fetch(Request(URL + "/2"))


def test_a_plain_recording_that_ends_early_never_gives_half_a_body(tmp_path: Path) -> None:
    """Its last record says how long it should be."""
    path = write(tmp_path / "a.warc", response(URL, b"one"), response(URL + "/2", b"two" * 99))
    path.write_bytes(path.read_bytes()[:-20])
    fetcher = replaying(path)
    assert bodies(fetcher, URL) == [b"one"]
    with pytest.raises(FetchError, match="cut off"):
        fetcher.fetch(Request(URL + "/2"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is no such file"),
        (b"", "holds no recorded answer"),
        (b"my notes, not a recording", "no WARC file"),
        (b"\x1f\x8b\x08 not gzip either", "damaged at byte 0"),
        (gzip.compress(b"made up text"), "no WARC file"),
        (Record((("WARC-Type", "warcinfo"),), b"x").written(), "holds no recorded answer"),
    ],
    ids=["missing", "empty", "text", "damaged", "other gzip", "nothing in it"],
)
def test_a_file_that_is_no_recording_is_named_with_the_cure(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    """Before anything is polled."""
    path = tmp_path / "odd.warc.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=words) as caught:
        ReplayTransport((path,))
    assert caught.value.complaints[0].startswith(f"{path}: ")
    assert ".warc.gz" in caught.value.complaints[0]


def test_every_unusable_file_is_named_at_once(tmp_path: Path) -> None:
    """One run of the command shows all that is wrong."""
    good = write(tmp_path / "a.warc", response(URL, b"one"))
    with pytest.raises(ConfigError) as caught:
        ReplayTransport((tmp_path / "x.warc", good, tmp_path / "y.warc"))
    assert [line.partition(":")[0] for line in caught.value.complaints] == [
        str(tmp_path / "x.warc"),
        str(tmp_path / "y.warc"),
    ]


def test_damage_in_the_middle_is_no_early_end(tmp_path: Path) -> None:
    """A flipped bit is said, with its place; nothing behind it is passed over in silence."""
    path = write(tmp_path / "a.warc.gz", *(response(f"{URL}/{n}", b"x" * 50) for n in range(3)))
    content = bytearray(path.read_bytes())
    middle = content.index(b"\x1f\x8b\x08", 10)
    content[middle + 60] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=f"damaged at byte {middle}"):
        ReplayTransport((path,))


def test_a_replay_can_be_sent_to_a_worker(tmp_path: Path) -> None:
    """It begins anew there."""
    path = write(tmp_path / "a.warc", response(URL, b"one"), response(URL, b"two"))
    fetcher = HttpFetcher(FetchSettings("x"), {}, ReplayTransport((path,)))
    assert bodies(fetcher, URL) == [b"one"]
    assert bodies(pickle.loads(pickle.dumps(fetcher)), URL, URL) == [b"one", b"two"]  # noqa: S301


def test_a_real_wget_recording_is_replayed(server: Misbehaving, tmp_path: Path) -> None:
    """What wget writes today: a redirect, a compressed page and a form."""
    wget = shutil.which("wget")
    if wget is None:
        pytest.skip("wget is not installed")
    packed = answer(gzip.compress(b"<rss/>"), headers=(("Content-Encoding", "gzip"),))
    server.on("/robots.txt", answer(b"", 404))
    server.on("/old", redirect("/feed"))
    server.on("/feed", packed)
    server.on("/form", answer(b"found"))
    for arguments in (["/old"], ["/form", "--post-data=q=ICE&from=2026-11-22"]):
        name = arguments[0].strip("/")
        subprocess.run(
            [
                wget,
                "-q",
                "-O",
                name,
                f"--warc-file={name}",
                server.url(arguments[0]),
                *arguments[1:],
            ],
            cwd=tmp_path,
            check=True,
            timeout=20,
        )
    fetcher = replaying(*sorted(tmp_path.glob("*.warc.gz")))
    page = fetcher.fetch(Request(server.url("/old")))
    assert (page.url, page.body) == (server.url("/feed"), b"<rss/>")
    form = Request(server.url("/form"), method="POST", body=b"q=ICE&from=2026-11-23")
    assert fetcher.fetch(form).body == b"found"

"""What was public is kept as others can read it, and no crash makes it unreadable."""

from __future__ import annotations

import gzip
import hashlib
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from monitor.errors import StoreError
from monitor.fetch import Archive, append
from monitor.models import Access, Request, Response

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
RESPONSE = Response(
    request=Request(
        "https://example.org/search?q=sanctuary%20city",
        method="POST",
        headers=(("accept", "application/json"),),
        body=b'{"page": 1}',
        access=Access.FEED,
        step="search",
        about=("287(g)", "caf\u00e9"),
    ),
    url="https://example.org/search?q=sanctuary%20city",
    status=200,
    headers=(("content-type", "application/json"), ("set-cookie", "a=1"), ("set-cookie", "b=2")),
    body=b'{"hits": ["made up \xc3\xa9"]}\r\n\r\n',
    fetched_at=NOON,
)


def numbered(number: int) -> Response:
    """Make another response."""
    url = f"https://example.org/{number}"
    return replace(
        RESPONSE, request=Request(url), url=url, body=f"made up {number} ".encode() * (number + 1)
    )


def records(path: Path) -> list[tuple[str, str, bytes]]:
    """Read a file with warcio, every digest checked: type, target, payload of each record."""
    with path.open("rb") as stream:
        return [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI") or "",
                record.content_stream().read(),
            )
            for record in ArchiveIterator(stream, check_digests="raise")
        ]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """A response with its request, the connector's words included."""
    address = Archive(tmp_path).write(RESPONSE)
    read = Archive(tmp_path).read(address)
    assert read.request == RESPONSE.request
    kept = ("content-length", str(len(RESPONSE.body)))
    assert read == replace(RESPONSE, headers=(*RESPONSE.headers, kept))


def test_an_address_names_the_day_and_the_byte(tmp_path: Path) -> None:
    """The day is that of UTC; the byte is where gzip begins."""
    evening = NOON.replace(hour=22).astimezone(timezone(timedelta(hours=5)))
    for response in (RESPONSE, replace(RESPONSE, fetched_at=evening)):
        address = Archive(tmp_path).write(response)
        name, _, offset = address.partition("#")
        assert name == "2026/11/2026-11-23.warc.gz"
        assert (tmp_path / name).read_bytes()[int(offset) :].startswith(b"\x1f\x8b\x08")


def test_others_can_read_and_check_it(tmp_path: Path) -> None:
    """WARC 1.1: a record that says who wrote, then response and request; SHA-256 of the payload."""
    Archive(tmp_path).write(RESPONSE)
    (path,) = tmp_path.rglob("*.warc.gz")
    found = records(path)
    assert [kind for kind, _, _ in found] == ["warcinfo", "response", "request"]
    assert found[1][1:] == (RESPONSE.url, RESPONSE.body)
    assert found[2][2] == b'{"page": 1}'
    with path.open("rb") as stream:
        answer = list(ArchiveIterator(stream))[1].rec_headers
    assert answer.protocol == "WARC/1.1"
    assert answer["WARC-Date"] == "2026-11-23T12:00:00.123456Z"
    digest = hashlib.sha256(RESPONSE.body).hexdigest()
    assert answer["WARC-Payload-Digest"] == f"sha256:{digest}"


def test_a_body_is_kept_as_it_was_decoded(tmp_path: Path) -> None:
    """Headers that speak of the transfer would lie about it; they are left out."""
    coded = (("content-encoding", "gzip"), ("transfer-encoding", "chunked"), ("x-kept", "1"))
    read = Archive(tmp_path).read(Archive(tmp_path).write(replace(RESPONSE, headers=coded)))
    assert [name for name, _ in read.headers] == ["x-kept", "content-length"]


def test_a_redirected_answer_can_be_found_from_where_it_was_asked(tmp_path: Path) -> None:
    """A redirect stands before it; the address leads to the answer itself."""
    moved = replace(RESPONSE, url="https://new.example.org/s")
    archive = Archive(tmp_path)
    address = archive.write(moved)
    assert archive.read(address).url == moved.url
    assert archive.read(address).request.url == RESPONSE.request.url
    (path,) = tmp_path.rglob("*.warc.gz")
    assert [target for _, target, _ in records(path)[1:]] == [
        RESPONSE.request.url,
        moved.url,
        moved.url,
    ]


def test_many_threads_write_whole_records(tmp_path: Path) -> None:
    """Two archives over one folder, eight threads: every record is there, at its address."""
    archives = (Archive(tmp_path), Archive(tmp_path))

    def write(number: int) -> tuple[int, str]:
        return number, archives[number % 2].write(numbered(number))

    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(write, range(120)))
    for number, address in written:
        assert archives[0].read(address).body == numbered(number).body
    (path,) = tmp_path.rglob("*.warc.gz")
    assert len(records(path)) == 1 + 2 * 120


def test_a_torn_end_is_cut_off_before_the_next_record(tmp_path: Path) -> None:
    """Wherever a crash ended the file: what was whole is kept, and the next record is whole."""
    archive = Archive(tmp_path)
    first = archive.write(numbered(1))
    (path,) = tmp_path.rglob("*.warc.gz")
    kept = path.read_bytes()
    archive.write(numbered(50))
    whole = path.read_bytes()
    for end in [*range(len(kept), len(whole), 7), len(whole) - 1]:
        path.write_bytes(whole[:end])
        assert archive.read(first).body == numbered(1).body
        added = archive.write(numbered(2))
        assert archive.read(first).body == numbered(1).body
        assert archive.read(added).body == numbered(2).body
        kinds = [kind for kind, _, _ in records(path)]
        # The torn exchange keeps its response where only its request was lost.
        assert kinds in (
            ["warcinfo", *["response", "request"] * 2],
            ["warcinfo", "response", "request", "response", "response", "request"],
        )


def test_a_file_torn_in_its_first_record_begins_anew(tmp_path: Path) -> None:
    """Nothing whole is in it, so nothing is lost."""
    archive = Archive(tmp_path)
    archive.write(RESPONSE)
    (path,) = tmp_path.rglob("*.warc.gz")
    for end in (1, 2, 3, 12, 100):
        path.write_bytes(path.read_bytes()[:end])
        assert archive.read(archive.write(RESPONSE)).body == RESPONSE.body
        assert len(records(path)) == 3


def test_bytes_that_look_like_a_beginning_do_not_mislead(tmp_path: Path) -> None:
    """A body may hold gzip itself; the last whole record is found all the same."""
    trap = b"\x1f\x8b\x08\x00" * 200 + (b"WARC/1.1 response\r\n" * 5)
    archive = Archive(tmp_path)
    first = archive.write(replace(RESPONSE, body=trap))
    (path,) = tmp_path.rglob("*.warc.gz")
    path.write_bytes(path.read_bytes() + b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03torn")
    second = archive.write(RESPONSE)
    assert archive.read(first).body == trap
    assert archive.read(second).body == RESPONSE.body


def test_a_whole_gzip_within_a_torn_record_does_not_mislead(tmp_path: Path) -> None:
    """A document that is compressed already stands in the archive letter by letter."""
    archive = Archive(tmp_path)
    first = archive.write(RESPONSE)
    (path,) = tmp_path.rglob("*.warc.gz")
    whole = path.stat().st_size
    before, inside, after = (
        hashlib.shake_256(b"%d" % n).digest(size) for n, size in enumerate((20_000, 500, 20_000))
    )
    inner = gzip.compress(inside)
    archive.write(replace(RESPONSE, body=before + inner + after))
    path.write_bytes(path.read_bytes()[:-2000])
    assert inner in path.read_bytes(), "the trap is not set"
    second = archive.write(RESPONSE)
    assert int(second.partition("#")[2]) == whole
    assert archive.read(first).body == archive.read(second).body == RESPONSE.body


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Let every write beyond this size fail, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_said_and_harms_nothing(tmp_path: Path) -> None:
    """The half record is taken back; when there is room again, writing goes on."""
    archive = Archive(tmp_path)
    first = archive.write(RESPONSE)
    (path,) = tmp_path.rglob("*.warc.gz")
    before = path.read_bytes()
    large = replace(RESPONSE, body=bytes(hash(n) % 251 for n in range(70_000)))
    with files_no_larger_than(len(before) + 100), pytest.raises(StoreError, match="disk full"):
        archive.write(large)
    assert path.read_bytes() == before
    assert archive.read(archive.write(large)).body == large.body
    assert archive.read(first).body == RESPONSE.body


def test_a_file_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    """A text in the archive's place is an error, and stays."""
    path = tmp_path / "2026" / "11" / "2026-11-23.warc.gz"
    path.parent.mkdir(parents=True)
    path.write_text("my own notes", encoding="utf-8")
    with pytest.raises(StoreError, match="no file of ours"):
        Archive(tmp_path).write(RESPONSE)
    assert path.read_text(encoding="utf-8") == "my own notes"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "2026/11/2026-11-23.warc.gz",
        "2026/11/2026-11-23.warc.gz#-1",
        "2026/12/2026-11-23.warc.gz#0",
        "../../2026/11/2026-11-23.warc.gz#0",
        "/etc/passwd#0",
        "2026/11/2026-11-23.warc.gz#0",
        "2026/11/2026-11-23.warc.gz#5",
        "2026/11/2026-11-23.warc.gz#99999999",
        "2027/01/2027-01-01.warc.gz#0",
    ],
)
def test_an_address_that_leads_nowhere_is_an_error(tmp_path: Path, address: str) -> None:
    """Another form, another record, beyond the end, a day that is gone."""
    Archive(tmp_path).write(RESPONSE)
    with pytest.raises(StoreError):
        Archive(tmp_path).read(address)


def test_old_days_are_deleted_whole(tmp_path: Path) -> None:
    """Files of days before the given one go, with the folders they leave empty; others stay."""
    archive = Archive(tmp_path)
    for days in (0, 1, 30, 400):
        archive.write(replace(RESPONSE, fetched_at=NOON - timedelta(days=days)))
    (tmp_path / "2025" / "10").mkdir(parents=True, exist_ok=True)
    note = tmp_path / "2025" / "10" / "notes.warc.gz"
    note.write_text("not ours", encoding="utf-8")
    assert archive.prune(date(2026, 11, 22)) == 2
    assert archive.prune(date(2026, 11, 22)) == 0
    left = sorted(path.name for path in tmp_path.rglob("*.warc.gz"))
    assert left == ["2026-11-22.warc.gz", "2026-11-23.warc.gz", "notes.warc.gz"]
    assert not (tmp_path / "2026" / "10").exists()


def test_a_recording_can_be_written_to_a_file_of_ones_own(tmp_path: Path) -> None:
    """Several responses at once, and more later."""
    path = tmp_path / "made" / "up.warc.gz"
    assert len(append(path, (numbered(1), numbered(2)))) == 2
    append(path, (numbered(3),))
    assert [body for kind, _, body in records(path) if kind == "response"] == [
        numbered(number).body for number in (1, 2, 3)
    ]

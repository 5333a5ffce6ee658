"""A secret is on the wire to its own host, and nowhere else."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import pytest

from monitor.errors import FetchError, Refused, SourceError
from monitor.fetch import Archive
from monitor.models import Access, Credential, Request
from tests.fetch.conftest import FetcherMaker
from tests.servers.misbehaving import (
    Behaviour,
    Misbehaving,
    Wire,
    answer,
    busy,
    cut,
    drop,
    head,
    page,
    raw,
    redirect,
)

CANARY = "canary/7Q+x=secret"
SPELLINGS = (CANARY, "canary%2F7Q%2Bx%3Dsecret", "canary/7Q%2Bx%3Dsecret", "canary\\/7Q+x=secret")
SECRETS = {"MADE_UP_KEY": f"{CANARY}\n"}
IN_QUERY = Credential("MADE_UP_KEY", "query", "token")
IN_HEADER = Credential("MADE_UP_KEY", "header", "Authorization", "Token {}")


def test_a_secret_is_added_on_the_wire(server: Misbehaving, fetcher_with: FetcherMaker) -> None:
    """In the query, encoded, before a fragment; in a header, by its template; a line end is cut."""
    server.on("/x", answer(b"{}"))
    fetcher = fetcher_with(SECRETS)
    fetcher.fetch(Request(server.url("/x?a=1&token=old#part"), credentials=(IN_QUERY, IN_HEADER)))
    fetcher.fetch(Request(server.url("/x"), credentials=(IN_QUERY,)))
    assert server.seen[0].target == "/x?a=1&token=canary%2F7Q%2Bx%3Dsecret"
    assert server.seen[0].header("authorization") == f"Token {CANARY}"
    assert server.seen[1].target == "/x?token=canary%2F7Q%2Bx%3Dsecret"
    assert server.seen[1].header("authorization") == ""


def test_a_missing_secret_is_named_and_nothing_is_sent(
    server: Misbehaving, fetcher_with: FetcherMaker
) -> None:
    """The message is the cure; white space is no secret."""
    for secrets in ({}, {"MADE_UP_KEY": " \n"}):
        with pytest.raises(Refused, match="set MADE_UP_KEY"):
            fetcher_with(secrets).fetch(Request(server.url("/x"), credentials=(IN_QUERY,)))
    assert server.seen == []


def test_an_optional_secret_may_be_missing(server: Misbehaving, fetcher_with: FetcherMaker) -> None:
    """The request goes out without it."""
    server.on("/x", answer(b"{}"))
    key = Credential("MADE_UP_KEY", "header", "X-Api-Key", required=False)
    fetcher_with().fetch(Request(server.url("/x"), credentials=(key,)))
    fetcher_with(SECRETS).fetch(Request(server.url("/x"), credentials=(key,)))
    assert [seen.header("x-api-key") for seen in server.seen] == ["", CANARY]


@pytest.mark.parametrize("broken", ["canary\nX-Injected: 1", "canary\u2028x", "caf\u00e9 canary"])
def test_a_secret_that_cannot_be_sent_is_refused_unseen(
    server: Misbehaving, fetcher_with: FetcherMaker, broken: str
) -> None:
    """No header is injected, and the message shows the variable, not the value."""
    with pytest.raises(Refused, match="MADE_UP_KEY holds a character") as caught:
        fetcher_with({"MADE_UP_KEY": broken}).fetch(
            Request(server.url("/x"), credentials=(IN_HEADER,))
        )
    assert "canary" not in shown(caught.value)
    assert server.seen == []


def test_a_secret_needs_encryption_or_a_named_host(fetcher_with: FetcherMaker) -> None:
    """Plain http to the internet would show it to everybody on the way."""
    with pytest.raises(Refused, match="not sent over plain http"):
        fetcher_with(SECRETS).fetch(Request("http://example.org/", credentials=(IN_HEADER,)))


def test_a_secret_goes_to_its_own_service_only(
    server: Misbehaving, fetcher_with: FetcherMaker
) -> None:
    """YAML may give another address of a service; only one's own network gets the key, too."""
    key = Credential("MADE_UP_KEY", "header", "X-Api-Key", hosts=("api.example.org",))
    fetcher = fetcher_with(SECRETS)
    for host in ("evil.example.org", "api.example.org.evil.test", "example.org"):
        with pytest.raises(Refused, match=r"MADE_UP_KEY is for api\.example\.org, not for"):
            fetcher.fetch(Request(f"https://{host}/", credentials=(key,)))
    server.on("/x", answer(b"{}"))
    fetcher.fetch(Request(server.url("/x"), credentials=(key,)))
    assert server.seen[-1].header("x-api-key") == CANARY


def test_a_secret_stays_with_its_host(server: Misbehaving, fetcher_with: FetcherMaker) -> None:
    """A redirect to another host or port takes along neither header, query nor cookie."""
    with Misbehaving() as other:
        other.on("/y", answer(b"{}"))
        elsewhere = other.url("/y?b=2&token=canary%2F7Q%2Bx%3Dsecret")
        server.on("/x", redirect(elsewhere, headers=(("Set-Cookie", "session=1"),)))
        fetcher = fetcher_with(SECRETS, named_hosts=server.named | other.named)
        response = fetcher.fetch(
            Request(
                server.url("/x"),
                headers=(("Cookie", "own=1"), ("X-Kept", "1")),
                credentials=(IN_QUERY, IN_HEADER),
            )
        )
    (seen,) = other.seen
    assert seen.target == "/y?b=2"
    assert seen.header("authorization") == seen.header("cookie") == ""
    assert seen.header("x-kept") == "1"
    assert response.url == other.url("/y?b=2")


def test_a_secret_goes_along_on_its_own_host(
    server: Misbehaving, fetcher_with: FetcherMaker
) -> None:
    """A redirect within one host keeps it, once, even where the new address lacks it."""
    server.on("/x", redirect("/y?b=2"))
    server.on("/y", redirect("/z?token=canary%2F7Q%2Bx%3Dsecret&b=2"))
    server.on("/z", answer(b"{}"))
    fetcher_with(SECRETS).fetch(Request(server.url("/x"), credentials=(IN_QUERY, IN_HEADER)))
    assert server.seen[1].target == "/y?b=2&token=canary%2F7Q%2Bx%3Dsecret"
    assert server.seen[2].target == "/z?b=2&token=canary%2F7Q%2Bx%3Dsecret"
    assert server.seen[2].header("authorization") == f"Token {CANARY}"


def shown(fault: BaseException) -> str:
    """Write an error as a log, a screen and a debugger would."""
    parts = [str(fault), repr(fault), repr(fault.args), repr(getattr(fault, "__dict__", ""))]
    return "\n".join([*parts, *traceback.format_exception(fault)])


def echo(status: int = 200) -> Behaviour:
    """Answer with the request's own address and headers, as some APIs do."""

    def behave(wire: Wire) -> None:
        said = f'{{"url": "{wire.seen.target}", "key": "{wire.seen.header("authorization")}"}}'
        escaped = said.replace("/", "\\/") + said
        answer(escaped.encode(), status, (("X-Echo", wire.seen.target), ("ETag", '"1"')))(wire)

    return behave


@pytest.mark.parametrize(
    "behaviour",
    [
        echo(),
        echo(500),
        echo(403),
        page(f"Error: {CANARY}"),
        answer(f"Error {CANARY}".encode(), 500),
        busy("30"),
        drop(),
        cut(CANARY.encode()),
        raw(f"HTTP/1.1 200 OK\r\n{CANARY} no colon\r\n\r\n".encode()),
        raw(head(200, (("Content-Encoding", CANARY),))),
        redirect(f"http://10.0.0.1/?token={SPELLINGS[1]}&key={CANARY}"),
        redirect(f"http://[{CANARY}/"),
        redirect("/x?a=b"),
        answer(b"", 404),
    ],
)
@pytest.mark.parametrize("access", [Access.API, Access.PAGE])
def test_a_secret_is_shown_nowhere(
    server: Misbehaving,
    fetcher_with: FetcherMaker,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    behaviour: Behaviour,
    access: Access,
) -> None:
    """Not in errors with their causes, logs of any library, the response, nor the archive."""
    caplog.set_level(logging.DEBUG)
    server.on("/robots.txt", answer(b"", 404))
    server.on("/x", behaviour)
    request = Request(server.url("/x"), access=access, credentials=(IN_QUERY, IN_HEADER))
    told = []
    try:
        response = fetcher_with(SECRETS).fetch(request)
    except SourceError as fault:
        told.append(shown(fault))
    else:
        told += [repr(response), response.body.decode()]
        Archive(tmp_path).write(response)
        (kept,) = tmp_path.rglob("*.warc.gz")
        read = Archive(tmp_path).read(Archive(tmp_path).write(response))
        told += [repr(read), kept.read_bytes().decode("latin-1")]
        assert "[hidden]" in told[0]
    told += [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    assert len(server.asked("/x")) > 0
    for spelling in SPELLINGS:
        assert not any(spelling in text for text in told), spelling


def test_an_error_names_the_address_without_its_secret(
    server: Misbehaving, fetcher_with: FetcherMaker
) -> None:
    """The subject is what the connector asked for."""
    with pytest.raises(FetchError, match="404") as caught:
        fetcher_with(SECRETS).fetch(Request(server.url("/x?a=1"), credentials=(IN_QUERY,)))
    assert caught.value.subject == server.url("/x?a=1")

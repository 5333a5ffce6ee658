"""We connect to the public internet, and to what the configuration names; to nothing else."""

from __future__ import annotations

import socket

import pytest

from monitor.errors import FetchError, Refused
from monitor.fetch import HttpFetcher
from monitor.fetch.addresses import is_public
from monitor.models import Request
from tests.fetch.conftest import FetcherMaker
from tests.servers.misbehaving import Misbehaving, answer

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104  # an address to refuse, not one to bind to
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "168.63.129.16",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001::1",
    "2001:db8::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "3fff::1",
    "5f00::1",
    "100::1",
    "not-an-address",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "172.32.0.1",
    "100.128.0.1",
    "198.20.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_the_internet_cannot_reach_is_private(address: str) -> None:
    """Every reserved range, however IPv6 wraps it."""
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_that_the_internet_can_reach_is_public(address: str) -> None:
    """Neighbours of reserved ranges, and wrapped public addresses, are allowed."""
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0",
        "0.0.0.0",  # noqa: S104  # as above
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "10.1.2.3",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
        "127.0.0.1.",
        "LOCALHOST",
    ],
)
def test_a_private_address_is_refused_however_it_is_written(
    fetcher_with: FetcherMaker, host: str
) -> None:
    """Decimal, octal, hexadecimal, short, mapped: judged after the name is resolved."""
    with Misbehaving() as server:
        server.on("/x", answer(b"{}"))
        fetcher = fetcher_with(named_hosts=frozenset())
        with pytest.raises(FetchError, match=r"private address|cannot be resolved|no usable") as no:
            fetcher.fetch(Request(server.url("/x", host)))
        assert isinstance(no.value, Refused) or "resolved" in no.value.reason
        assert server.seen == []


def test_a_named_host_is_allowed_by_its_name_and_port(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """Localhost is named here, in any case; another spelling of its address is not."""
    server.on("/x", answer(b"{}"))
    assert fetcher.fetch(Request(server.url("/x", "LocalHost"))).body == b"{}"
    with pytest.raises(Refused):
        fetcher.fetch(Request(server.url("/x", "127.0.0.2")))


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fd00:ec2::254", "fe80::1"],
)
def test_where_clouds_hand_out_keys_nobody_asks(
    server: Misbehaving, fetcher_with: FetcherMaker, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Not even where the configuration names the host: no source of news stands there."""
    found = [(2, 1, 6, "", (address, server.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    named = frozenset({("metadata.internal", server.port)})
    with pytest.raises(Refused, match="a cloud hands out this machine's own keys"):
        fetcher_with(named_hosts=named).fetch(Request(f"http://metadata.internal:{server.port}/"))


def test_the_address_that_was_judged_is_the_one_connected_to(
    server: Misbehaving, fetcher_with: FetcherMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers otherwise the second time is not asked a second time."""
    answers = [["198.18.0.1", "127.0.0.1"], ["127.0.0.1"]]
    asked = []

    def resolved(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        return [(2, 1, 6, "", (address, port)) for address in answers[len(asked) - 1]]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(Refused, match=r"198\.18\.0\.1"):
        fetcher_with().fetch(Request(f"http://rebound.example:{server.port}/"))
    assert asked == ["rebound.example"]
    assert server.seen == []


def test_a_private_address_beside_a_public_one_is_passed_over(
    server: Misbehaving, fetcher_with: FetcherMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of mixed answers only the public ones are tried."""
    tried = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError

    both = [(2, 1, 6, "", (ip, server.port)) for ip in ("127.0.0.1", "8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FetchError, match="cannot be reached"):
        fetcher_with().fetch(Request(f"http://mixed.example:{server.port}/"))
    assert tried == ["8.8.8.8"]


def test_the_environment_names_no_proxy(
    server: Misbehaving, fetcher: HttpFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a proxy nobody could judge the address; HTTP_PROXY is not followed."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.on("/x", answer(b"{}"))
    assert fetcher.fetch(Request(server.url("/x"))).body == b"{}"

"""One request at a time per host, a pause between, and a longer one where it is asked for."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from monitor.errors import FetchError, Throttled
from monitor.fetch import FetchSettings, HttpFetcher
from monitor.fetch.hosts import Hosts
from monitor.models import Request
from tests.fetch.conftest import FakeTime, FetcherMaker
from tests.servers.misbehaving import Behaviour, Misbehaving, Wire, answer, busy


def test_requests_to_one_host_keep_a_pause(
    server: Misbehaving, fetcher_with: FetcherMaker, times: FakeTime
) -> None:
    """The pause is the longer of the settings' and the request's; the first goes at once."""
    server.on("/x", answer(b"{}"))
    fetcher = fetcher_with(pace=1.5)
    for pace in (0.0, 0.0, 4.0, 1.0):
        fetcher.fetch(Request(server.url("/x"), pace=pace))
    assert times.slept == [1.5, 4.0, 1.5]


def test_time_that_has_passed_anyway_is_not_waited_for_again(
    server: Misbehaving, fetcher_with: FetcherMaker, times: FakeTime
) -> None:
    """Only what is left of the pause is slept."""
    server.on("/x", answer(b"{}"))
    fetcher = fetcher_with(pace=2.0)
    fetcher.fetch(Request(server.url("/x")))
    times.passed += 1.5
    fetcher.fetch(Request(server.url("/x")))
    times.passed += 60
    fetcher.fetch(Request(server.url("/x")))
    assert times.slept == [0.5]


def test_another_host_is_not_waited_for(
    server: Misbehaving, fetcher_with: FetcherMaker, times: FakeTime
) -> None:
    """The pause is between requests to the same host name, whatever the port."""
    server.on("/x", answer(b"{}"))
    fetcher = fetcher_with(pace=2.0)
    fetcher.fetch(Request(server.url("/x")))
    fetcher.fetch(Request(server.url("/x", "localhost")))
    assert times.slept == []


@pytest.mark.parametrize(
    ("host", "wished", "pause"),
    [
        ("webapi.legistar.com", 2.0, 7.0),
        ("legistar.com", 0.0, 7.0),
        ("notlegistar.com", 2.0, 2.0),
        ("example.org", 0.2, 1.0),
        ("127.0.0.1", 3.0, 0.0),
    ],
)
def test_a_host_can_have_a_pace_of_its_own(host: str, wished: float, pause: float) -> None:
    """Set for a host or a domain, it takes the place of all others; 0 is allowed."""
    settings = FetchSettings("x", host_paces=(("legistar.com", 7.0), ("127.0.0.1", 0.0)))
    assert settings.pause_for(host, wished) == pause


def test_a_failed_request_counts_like_any_other(
    server: Misbehaving, fetcher_with: FetcherMaker, times: FakeTime
) -> None:
    """An error does not let the next request through early."""
    fetcher = fetcher_with(pace=1.0)
    for _ in range(2):
        with pytest.raises(FetchError):
            fetcher.fetch(Request(server.url("/nothing")))
    assert times.slept == [1.0]


def test_one_request_at_a_time_reaches_a_host(
    server: Misbehaving, fetcher_with: FetcherMaker
) -> None:
    """Eight threads ask at once; the host never has two of them in hand."""
    inside = [0]
    most = [0]

    def watched(wire: Wire) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        wire.wait(0.005)
        inside[0] -= 1
        answer(b"{}")(wire)

    server.on("/x", watched)
    fetcher = fetcher_with(real=True)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: fetcher.fetch(Request(server.url("/x"))), range(24)))
    assert len(answers) == len(server.seen) == 24
    assert most == [1]


def test_threads_are_served_in_the_order_of_asking(times: FakeTime) -> None:
    """Whoever leaves hands over to the thread that has waited longest."""
    hosts = Hosts(times.monotonic, times.sleep, 3.0)
    served: list[int] = []
    threads = []

    def ask(number: int) -> None:
        with hosts.turn("a.example", 0.0):
            served.append(number)

    with hosts.turn("a.example", 0.0):
        for number in range(10):
            threads.append(threading.Thread(target=ask, args=(number,)))
            threads[-1].start()
            while len(hosts._gate("a.example")._waiting) <= number:
                threads[-1].join(0.001)
        with hosts.turn("b.example", 0.0):
            assert served == []
    for thread in threads:
        thread.join(5)
    assert served == list(range(10))


@pytest.mark.parametrize(
    ("behaviour", "seconds"),
    [
        (busy("120"), 120),
        (busy("120", 503), 120),
        (busy("Mon, 23 Nov 2026 12:02:00 GMT"), 120),
        (busy("Mon, 23 Nov 2026 13:02:00 +0100"), 120),
        (busy("99999999999999999999"), 6 * 3600),
        (busy("Fri, 31 Dec 2027 00:00:00 GMT"), 6 * 3600),
        (busy("Mon, 23 Nov 2026 11:00:00 GMT"), None),
        (busy("0"), None),
        (busy("-5"), None),
        (busy("soon"), None),
        (busy("Mon, 99 Nov 2026 25:00:00 GMT"), None),
        (busy(), None),
    ],
)
def test_a_publishers_wish_for_a_pause_is_read(
    server: Misbehaving, fetcher: HttpFetcher, behaviour: Behaviour, seconds: float | None
) -> None:
    """Seconds or a date, never longer than the settings allow; None where it says no time."""
    server.on("/x", behaviour)
    with pytest.raises(Throttled, match="slow down") as caught:
        fetcher.fetch(Request(server.url("/x")))
    wished = None if seconds is None else timedelta(seconds=seconds)
    assert caught.value.retry_after == wished


def test_a_host_that_asked_for_a_pause_is_left_alone(
    server: Misbehaving, fetcher: HttpFetcher, times: FakeTime
) -> None:
    """Other requests to it fail at once and say how long; afterwards it is asked again."""
    server.on("/x", busy("120"), answer(b"{}"))
    with pytest.raises(Throttled):
        fetcher.fetch(Request(server.url("/x")))
    times.passed += 50
    with pytest.raises(Throttled, match="70 seconds") as caught:
        fetcher.fetch(Request(server.url("/y")))
    assert caught.value.retry_after == timedelta(seconds=70)
    assert caught.value.subject == server.url("/y")
    assert len(server.seen) == 1
    assert times.slept == []
    times.passed += 69
    assert fetcher.fetch(Request(server.url("/x"))).body == b"{}"
    assert times.slept == [1.0], "the last seconds are waited for"


def test_a_429_without_a_time_closes_the_host_for_a_minute(
    server: Misbehaving, fetcher: HttpFetcher, times: FakeTime
) -> None:
    """A 503 without one does not: one page may be down where the others are not."""
    server.on("/busy", busy())
    server.on("/down", busy(status=503))
    server.on("/x", answer(b"{}"))
    with pytest.raises(Throttled):
        fetcher.fetch(Request(server.url("/down")))
    assert fetcher.fetch(Request(server.url("/x"))).body == b"{}"
    with pytest.raises(Throttled):
        fetcher.fetch(Request(server.url("/busy")))
    with pytest.raises(Throttled):
        fetcher.fetch(Request(server.url("/x")))
    times.passed += 61
    assert fetcher.fetch(Request(server.url("/x"))).body == b"{}"


def test_those_who_wait_for_a_turn_learn_that_the_host_has_closed(
    server: Misbehaving, fetcher_with: FetcherMaker
) -> None:
    """Of three threads one is told to pause; the other two send nothing."""

    def slow_and_busy(wire: Wire) -> None:
        wire.wait(0.05)
        busy("600")(wire)

    server.on("/x", slow_and_busy)
    fetcher = fetcher_with()

    def attempt(_: int) -> type[BaseException] | None:
        try:
            fetcher.fetch(Request(server.url("/x")))
        except FetchError as fault:
            return type(fault)
        return None

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(attempt, range(3))) == [Throttled] * 3
    assert len(server.seen) == 1

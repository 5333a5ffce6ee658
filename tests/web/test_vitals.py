"""/health tells what `monitor health` tells; /metrics can be read by Prometheus."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import REGISTRY
from prometheus_client.samples import Sample

from monitor.heart import DEAD_AFTER, Heart
from monitor.models import Outcome, Receipt
from tests.store.builders import NOW, alert, poll
from tests.web.site import Site

PREFIX = "policy_monitor_"


def figures(site: Site) -> Mapping[str, list[Sample]]:
    """Read the metrics as Prometheus does, by the names of their samples."""
    found: dict[str, list[Sample]] = {}
    for family in text_string_to_metric_families(site.page("/metrics")):
        assert family.documentation
        assert family.type != "unknown"
        for sample in family.samples:
            found.setdefault(sample.name.removeprefix(PREFIX), []).append(sample)
    return found


def by(label: str, samples: list[Sample]) -> dict[str, float]:
    """Name the values of samples by a label."""
    return {sample.labels[label]: sample.value for sample in samples}


def value(samples: list[Sample]) -> float:
    """Return the value of what has one sample."""
    (sample,) = samples
    assert not sample.labels
    return sample.value


def test_a_service_that_works_is_healthy(site: Site) -> None:
    """It has polled and delivered within the last minutes, and its database can be read."""
    Heart(site.root, ("polling",)).alive("polling", NOW - timedelta(minutes=1))
    answer = site.ask("/health")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.text) == {
        "healthy": True,
        "alive": True,
        "last_beat": "2026-11-23T11:59:00Z",
        "database": True,
    }


def test_a_part_that_hangs_makes_it_unhealthy(site: Site) -> None:
    """All parts must have done their work, or there is no beat."""
    heart = Heart(site.root, ("polling", "delivery"))
    heart.alive("polling", NOW)
    assert site.ask("/health").status == 503
    heart.alive("delivery", NOW)
    assert site.ask("/health").status == 200
    site.now = NOW + DEAD_AFTER + timedelta(seconds=1)
    answer = site.ask("/health")
    assert answer.status == 503
    assert json.loads(answer.text)["alive"] is False


def test_a_service_that_never_ran_is_unhealthy(site: Site) -> None:
    """There is no beat at all."""
    answer = site.ask("/health")
    assert answer.status == 503
    assert json.loads(answer.text)["last_beat"] is None


def test_a_database_that_cannot_be_read_makes_it_unhealthy(site: Site) -> None:
    """However well the heart beats; the answer does not say where it stands."""
    Heart(site.root, ("polling",)).alive("polling", NOW)
    assert site.ask("/health").status == 200
    for path in site.root.glob("monitor.db*"):
        path.write_bytes(b"this is no database" * 500)
    answer = site.ask("/health")
    assert answer.status == 503
    said = json.loads(answer.text)
    assert (said["healthy"], said["alive"], said["database"]) == (False, True, False)
    assert str(site.root) not in answer.text
    assert site.ask("/metrics").status == 503


def test_polls_are_counted_by_outcome(site: Site) -> None:
    """And never fewer than before, also when old ones are thrown away."""
    with site.store() as store:
        for outcome in (Outcome.CHANGED, Outcome.FAILED, Outcome.CHANGED):
            store.sources.finish_poll(poll("council", outcome), NOW)
    counted = by("outcome", figures(site)["polls_total"])
    assert counted == {"changed": 2, "unchanged": 0, "empty": 0, "failed": 1}
    with closing(sqlite3.connect(site.database)) as db, db:
        db.execute("DELETE FROM polls WHERE id < (SELECT max(id) FROM polls)")
    with site.store() as store:
        store.sources.finish_poll(poll("council", Outcome.EMPTY), NOW)
    assert by("outcome", figures(site)["polls_total"]) == counted | {"empty": 1}


def test_each_source_tells_when_it_was_last_read(site: Site) -> None:
    """In seconds, as Prometheus wants moments; a source never read has none."""
    with site.store() as store:
        store.sources.finish_poll(poll("council"), NOW)
        failed = poll("council", Outcome.FAILED, polled_at=NOW + timedelta(hours=1))
        store.sources.finish_poll(failed, NOW)
    found = figures(site)
    moments = by("source", found["source_last_success_timestamp_seconds"])
    assert moments == {"council": NOW.timestamp()}
    assert by("source", found["source_consecutive_failures"]) == {"council": 1, "herald": 0}
    assert by("state", found["sources"])["failing"] == 1
    assert by("state", found["sources"])["not polled yet"] == 1
    assert sum(by("state", found["sources"]).values()) == 2


def test_alerts_that_wait_are_counted_with_the_age_of_the_oldest(site: Site) -> None:
    """Those that were sent, or given up, do not count."""
    assert value(figures(site)["alerts_oldest_unsent_age_seconds"]) == 0
    with site.store() as store:
        for minutes in (5, 90, 10):
            made = NOW - timedelta(minutes=minutes)
            store.outbox.enqueue([alert(f"a{minutes}", created_at=made)], NOW)
    found = figures(site)
    waiting = by("state", found["alerts_unsent"])
    assert waiting == {"queued": 3, "sending": 0, "unknown": 0, "failed": 0, "deferred": 0}
    assert value(found["alerts_oldest_unsent_age_seconds"]) == 5400
    with site.store() as store:
        while delivery := store.outbox.reserve(NOW):
            store.outbox.confirm(delivery.id, Receipt("1.0"), NOW)
    found = figures(site)
    assert value(found["alerts_oldest_unsent_age_seconds"]) == 0
    assert sum(by("state", found["alerts_unsent"]).values()) == 0


def test_sizes_and_the_heartbeat_are_told(site: Site) -> None:
    """In bytes, and in seconds."""
    site.see("a")
    site.see("b", matched=False)
    folder = site.root / "archive" / "2026" / "11"
    folder.mkdir(parents=True)
    for day in (22, 23):
        (folder / f"2026-11-{day}.warc.gz").write_bytes(b"x" * 100)
    (folder / "notes.txt").write_bytes(b"y" * 1000)
    Heart(site.root, ("polling",)).alive("polling", NOW)
    found = figures(site)
    assert value(found["archive_bytes"]) == 200
    assert value(found["database_bytes"]) > 100_000
    assert value(found["items"]) == 2
    assert value(found["matters"]) == 2
    assert value(found["heartbeat_timestamp_seconds"]) == NOW.timestamp()
    (build,) = found["build_info"]
    assert build.labels["version"]


def test_labels_are_bounded(site: Site) -> None:
    """They are sources of the configuration, states and outcomes, whatever publishers write."""
    for number in range(50):
        site.see(str(number), title=f"Words {number}", source="council", office=f"Body {number}")
    samples = [one for named in figures(site).values() for one in named]
    assert len(samples) < 60
    assert {name for one in samples for name in one.labels} == {
        "outcome",
        "source",
        "state",
        "version",
        "python",
    }


def test_nothing_is_left_in_the_libraries_own_registry(site: Site) -> None:
    """Each scrape reads the database; two monitors in one process would not mix."""
    figures(site)
    figures(site)
    assert not [one.name for one in REGISTRY.collect() if one.name.startswith(PREFIX)]

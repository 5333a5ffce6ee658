"""The ledger: the last word of each person counts, and is known with what made the alert."""

from __future__ import annotations

import pytest

from monitor.models import Misfit, Person, Receipt, Relevance
from monitor.store import Arrival, Store
from tests.store.builders import DAY, HOUR, MINUTE, NOW, alert, item, match

ANA, BEN = Person("U0ANA", "ana"), Person("U0BEN", "ben")


def told(store: Store, key: str, channel: str = "#alerts", topic: str = "287g") -> int:
    """Put an alert of a new item into the outbox; return its number."""
    one, found = item(key), match(topic, terms=("287(g)", topic))
    (merged,) = store.items.merge_all([Arrival(one, (found,))], NOW)
    matter = merged.change.matter
    store.outbox.enqueue([alert(f"k{key}", channel, matter, item=one, matches=(found,))], NOW)
    number = store.acts.alert(f"k{key}")
    assert number is not None
    return number


def test_a_judgement_is_kept_with_who_when_why_and_what_made_the_alert(store: Store) -> None:
    """Filter, terms, source, item and channel stand beside the person's word."""
    number = told(store, "1")
    assert store.ledger.judge(number, ANA, Relevance.NOT_RELEVANT, NOW, Misfit.PLACE)
    (said,) = store.ledger.judgements()
    assert (said.person, said.relevance, said.why) == (ANA, Relevance.NOT_RELEVANT, Misfit.PLACE)
    assert (said.judged_at, said.alert, said.channel) == (NOW, number, "#alerts")
    assert (said.source, said.item_key, said.headline) == ("council", "1", "News k1")
    assert said.matches[0].topic == "287g"
    assert said.counts


def test_the_last_word_of_a_person_on_a_matter_counts_and_the_first_stays_on_record(
    store: Store,
) -> None:
    """Whoever changes their mind is counted once."""
    number = told(store, "1")
    store.ledger.judge(number, ANA, Relevance.NOT_RELEVANT, NOW, Misfit.OLD)
    store.ledger.judge(number, ANA, Relevance.RELEVANT, NOW + MINUTE)
    store.ledger.judge(number, BEN, Relevance.NOT_RELEVANT, NOW + HOUR)
    matter = store.ledger.judgements()[0].matter
    assert store.ledger.counts(matter) == (1, 1)
    assert [one.counts for one in store.ledger.judgements(history=True)] == [False, True, True]


def test_the_same_word_again_writes_nothing(store: Store) -> None:
    """A repeated click is harmless."""
    number = told(store, "1")
    assert store.ledger.judge(number, ANA, Relevance.RELEVANT, NOW)
    assert not store.ledger.judge(number, ANA, Relevance.RELEVANT, NOW + MINUTE)
    assert len(store.ledger.judgements(history=True)) == 1


def test_two_alerts_of_one_matter_in_two_channels_are_one_matter_to_a_person(
    store: Store,
) -> None:
    """The last word counts, whichever message it was said under."""
    first = told(store, "1")
    second = told(store, "2", "#ny")
    one, other = (store.outbox.row(number).alert.matter for number in (first, second))
    store.mending.merge(one, other, NOW)
    store.ledger.judge(first, ANA, Relevance.RELEVANT, NOW)
    store.ledger.judge(second, ANA, Relevance.NOT_RELEVANT, NOW + MINUTE, Misfit.TOPIC)
    assert store.ledger.counts(one) == (0, 1)
    assert [said.matter for said in store.ledger.judgements()] == [one]


def test_judgements_are_found_by_time_filter_term_source_and_matter(store: Store) -> None:
    """A report on one filter reads only what concerns it."""
    first, second = told(store, "1"), told(store, "2", topic="detainers")
    store.ledger.judge(first, ANA, Relevance.RELEVANT, NOW)
    store.ledger.judge(second, ANA, Relevance.NOT_RELEVANT, NOW + DAY, Misfit.TOPIC)

    def found(**asked: object) -> list[int]:
        return [one.alert for one in store.ledger.judgements(**asked)]  # type: ignore[arg-type]

    assert found() == [first, second]
    assert found(since=NOW + DAY) == [second]
    assert found(until=NOW + DAY) == [first]
    assert found(topics=("detainers",)) == [second]
    assert found(terms=("287(g)",)) == [first, second]
    assert found(topics=("287g",), terms=("detainers",)) == []
    assert found(source="council") == [first, second]
    assert found(source="herald") == []
    assert found(matter=store.outbox.row(second).alert.matter) == [second]


def test_an_unknown_alert_cannot_be_judged(store: Store) -> None:
    """A button of another database names nothing here."""
    with pytest.raises(KeyError):
        store.ledger.judge(99, ANA, Relevance.RELEVANT, NOW)


def test_a_judgement_makes_the_matters_first_messages_stale(store: Store) -> None:
    """The count on the message follows the click."""
    number = told(store, "1")
    store.outbox.reserve(NOW)
    store.outbox.confirm(number, Receipt("1.0", "C1"), NOW)
    assert store.threads.stale() is None
    store.ledger.judge(number, ANA, Relevance.RELEVANT, NOW)
    assert store.threads.stale() is not None

"""The words that publishers really wrote, every one of them: what they come to, counted."""

from __future__ import annotations

import csv
import json
import re
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.connectors._billstatus_files import read_billstatus
from monitor.connectors.pacer_rss import PacerRss
from monitor.identifiers import bill_number
from monitor.models import Entry, ItemType, Stage
from monitor.stages import Said, read_said, read_stage
from monitor.stages.actions import stage_of_action
from monitor.stages.trackers import read_tracker
from monitor.stages.values import Chambers
from tests.connectors.feed_visit import answer, entries
from tests.connectors.recorded_visits import POLL

S = Stage
COUNCIL = Chambers(alone=True)
# What New York's council writes that says nothing about a stage: papers that are received and
# filed, a vote without its motion, what the mayor's office schedules.
SILENT = {
    "",
    "Bill Signing Scheduled by Mayor",
    "Companion Pending Approval by Council",
    "Deferred",
    "Filed",
    "Filed by Administration",
    "Filed by Committee, Pass",
    "Filed by Council",
    "Filed by Council, Pass",
    "Filed by Subcommittee, Pass",
    "Filed, by Committee",
    "Hearing Held by Mayor",
    "Hearing Scheduled by Mayor",
    "Hearing Scheduled by Mayor Cancelled",
    "Pass",
    "Rcvd, Ord, Prnt, Fld by Council",
    "Received, Ordered, Printed and Filed",
    "Recved from Mayor by Council",
}


def members(path: Path) -> Iterator[dict[str, Any]]:
    """Read the JSON objects of an archive."""
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".json"):
                file = archive.extractfile(member)
                assert file is not None
                found = json.load(file)
                if isinstance(found, dict):
                    yield found


@pytest.fixture(scope="module")
def of_new_york(shared: Path) -> Counter[str]:
    """Count every status, action and result of New York's files and meetings."""
    words: Counter[str] = Counter()
    for path in sorted((shared / "recordings" / "legistar-nyc").glob("nyc_[eir]*[0-9].tar.gz")):
        if "replay" in path.name:
            continue
        for file in members(path):
            words[file.get("StatusName") or ""] += 1
            done = [(one.get("Action"), one) for one in file.get("History") or []]
            done += [(one.get("ActionName"), one) for one in file.get("Items") or []]
            words.update(_joined(name, one.get("PassedFlagName")) for name, one in done)
            words.update(one.get("MatterStatus") or "" for one in file.get("Items") or [])
    return words


def _joined(*words: str | None) -> str:
    return ", ".join([one for one in words if one])


def test_every_word_of_new_york_maps_or_is_known_to_be_silent(of_new_york: Counter[str]) -> None:
    """No status, action or result of the council is merely unforeseen."""
    unread = {word for word in of_new_york if stage_of_action(word, COUNCIL, bill=False) is None}
    assert unread - SILENT == set()
    assert len(of_new_york) > 70


def test_the_words_of_new_york_come_to_these_stages(of_new_york: Counter[str]) -> None:
    """Each number is that of distinct words, all of which were read by eye."""
    found = Counter(stage_of_action(word, COUNCIL, bill=False) for word in of_new_york)
    assert found[S.ENACTED] == 4
    assert found[S.PASSED] == 7
    assert found[S.SIGNED] == 1
    assert found[S.VETOED] == 2
    assert found[S.WITHDRAWN] == 1
    read = stage_of_action("Enacted (Mayor's Desk for Signature)", COUNCIL, bill=False)
    assert read is S.PASSED


def bills_of_west_virginia(shared: Path) -> Iterator[tuple[Said, list[dict[str, Any]]]]:
    """Give each bill that Open States scraped, as our connector tells of it, with its actions."""
    path = shared / "recordings" / "openstates" / "wv_openstates_scraper_bills.tar.gz"
    for bill in members(path):
        actions = bill.get("actions") or []
        record = "; ".join(f"{one['date'][:10]} {one['description']}" for one in actions)
        number = bill_number(bill.get("identifier", "")) or ""
        said = Said(
            ItemType.BILL,
            "x",
            status=actions[-1]["description"] if actions else "",
            jurisdiction="ocd-division/country:us/state:wv",
            noise=(("number", number), ("actions", record)),
        )
        yield said, actions


# Open States' own classes of actions, and the stages that do not contradict them.
CLASSES: dict[str, set[Stage | None]] = {
    "introduction": {S.INTRODUCED, S.PASSED_ONE_CHAMBER},
    "filing": {S.INTRODUCED},
    "referral-committee": {S.IN_COMMITTEE},
    "committee-passage": {S.REPORTED, S.IN_COMMITTEE},
    "passage": {S.PASSED_ONE_CHAMBER, S.PASSED, S.REPORTED},
    "executive-receipt": {S.PASSED},
    "executive-signature": {S.SIGNED},
    "executive-veto": {S.VETOED},
    "reading-1": {S.INTRODUCED},
    "reading-2": {S.REPORTED},
    "reading-3": {S.REPORTED},
    "amendment-failure": {None},
}


def test_open_states_classes_are_never_contradicted(shared: Path) -> None:
    """17,856 actions of one session, each classified by Open States."""
    agreed, contradicted = 0, []
    for said, actions in bills_of_west_virginia(shared):
        for action in actions:
            stage = stage_of_action(action["description"], said.chambers)
            for sort in action["classification"]:
                if sort in CLASSES and stage not in CLASSES[sort]:
                    contradicted.append((sort, stage, action["description"]))
                agreed += sort in CLASSES
    assert contradicted == []
    assert agreed == 17_856


def test_whole_records_end_where_the_bills_ended(shared: Path) -> None:
    """A bill that the governor signed is signed or law at its end, a vetoed one vetoed."""
    ends: dict[str, Counter[Stage | None]] = defaultdict(Counter)
    for said, actions in bills_of_west_virginia(shared):
        classes = {sort for one in actions for sort in one["classification"]}
        found = read_said(said)
        for sort in ("executive-signature", "executive-veto"):
            if sort in classes:
                ends[sort][found.stage if found else None] += 1
    assert ends["executive-signature"] == {S.ENACTED: 349}
    # One was mended to meet the governor's objections, passed again and signed.
    assert ends["executive-veto"] == {S.VETOED: 5, S.ENACTED: 1}


def test_legiscans_status_is_never_contradicted(shared: Path) -> None:
    """4,043 bills of one session: our reading of their record, beside LegiScan's own status."""
    folder = shared / "recordings" / "legiscan"
    record: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    with (folder / "MI_2023-2024_history.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            record[row["bill_id"]].append((row["date"], int(row["sequence"]), row["action"]))
    ends: dict[str, Counter[Stage | None]] = defaultdict(Counter)
    with (folder / "MI_2023-2024_bills.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            history = "; ".join(f"{day} {did}" for day, _, did in sorted(record[row["bill_id"]]))
            found = read_said(
                Said(
                    ItemType.BILL,
                    "x",
                    status=row["status_desc"],
                    jurisdiction="ocd-division/country:us/state:mi",
                    facts=(("last_action", f"{row['last_action_date']} {row['last_action']}"),),
                    noise=(("number", bill_number(row["bill_number"]) or ""), ("history", history)),
                )
            )
            ends[row["status_desc"]][found.stage if found else None] += 1
    assert ends["Passed"] == {S.ENACTED: 498, S.PASSED: 435}
    assert ends["Enrolled"] == {S.PASSED: 122}
    assert ends["Engrossed"] == {S.PASSED_ONE_CHAMBER: 646}
    before = {S.INTRODUCED, S.IN_COMMITTEE, S.AMENDED, S.REPORTED}
    # Two were voted down, which LegiScan does not count as an end.
    assert {k: v for k, v in ends["Introduced"].items() if k not in before} == {S.FAILED: 2}


def test_congress_files_are_followed_to_their_present_stage(shared: Path) -> None:
    """24 files of both chambers, whose latest action often says nothing of what was passed."""
    found: Counter[Stage | None] = Counter()
    for path in sorted((shared / "recordings" / "billstatus-xml").glob("*BILLSTATUS*.xml")):
        entry = read_billstatus(answer(path.read_bytes()), POLL.now)
        made = read_stage(entry)
        found[made.stage if made else None] += 1
    assert found == {
        S.IN_COMMITTEE: 10,
        S.REPORTED: 2,
        S.PASSED_ONE_CHAMBER: 6,
        S.PASSED: 5,
        S.ENACTED: 1,
    }


def test_results_of_an_agenda_are_read(shared: Path) -> None:
    """Oakland's committee approved six of seven items, and continued one."""
    path = shared / "recordings" / "legistar-webapi" / "oakland_eventitems_8172.json"
    found: Counter[Stage | None] = Counter()
    for row in json.loads(path.read_text()):
        status = _joined(row["EventItemActionName"], row["EventItemPassedFlagName"])
        if status:
            sort, office = ItemType.AGENDA_ITEM, "*Public Safety Committee"
            made = read_stage(Entry(sort, "k", "t", status=status, office=office))
            found[made.stage if made else None] += 1
    assert found == {S.REPORTED: 6, None: 1}


def test_labels_of_courts_feeds_come_to_these_stages(shared: Path) -> None:
    """Of 92 distinct labels no motion is a ruling and no ruling an injunction."""
    labels = set()
    for path in sorted((shared / "recordings" / "pacer-rss").glob("*.xml")):
        court = re.match(r"(?:rss_)?([a-z0-9]+)", path.name)
        assert court is not None
        name = "mdb" if court[1] == "sample" else court[1]
        connector = PacerRss(court=name, url="https://x.example/feed")
        for entry in entries(list(connector.parse(answer(path.read_bytes()), POLL))):
            if entry.type is ItemType.DOCKET_ENTRY:
                labels |= set(entry.labels)
    found = Counter(_stage_of_label(label) for label in labels)
    assert found[S.ORDER] == 67
    assert found[S.JUDGMENT] == 4
    assert not any(stage and "injunction" in stage for stage in found)
    motions = {label for label in labels if _stage_of_label(label) is S.MOTION}
    assert all("Order on" not in label for label in motions)


def _stage_of_label(label: str) -> Stage | None:
    found = read_stage(Entry(ItemType.DOCKET_ENTRY, "k", "A v. B", labels=(label,)))
    return found.stage if found else None


def test_docket_entries_of_many_courts_are_read_without_a_wrong_one(shared: Path) -> None:
    """55 entries, read by eye: one restraint that was granted, and no other ruling on relief."""
    found: Counter[Stage | None] = Counter()
    with (shared / "relevance" / "items.jsonl").open() as file:
        for one in map(json.loads, file):
            if one["kind"] == "docket_entry":
                made = read_stage(Entry(ItemType.DOCKET_ENTRY, "k", one["body"]))
                found[made.stage if made else None] += 1
    assert found[S.TRO_GRANTED] == 1
    assert found[S.MOTION] == 7
    assert found[S.FILED] == 4
    assert found[S.HEARING_SET] == 1
    relief = {S.INJUNCTION_GRANTED, S.INJUNCTION_DENIED, S.INJUNCTION_STAYED, S.TRO_DENIED}
    assert not relief & set(found)


def test_every_status_of_a_tracker_is_read_or_known_to_be_silent(shared: Path) -> None:
    """149 distinct words, 23 of them about other things: a change of venue, an unsealing."""
    with (shared / "recordings" / "litigation-trackers" / "lawfare_tracker.csv").open() as file:
        words = {row["Status"] for row in csv.DictReader(file)}
    found = {word: read_tracker(word) for word in words}
    stages = Counter(one.stage if one else None for one in found.values())
    assert len(words) == 149
    assert stages[None] == 23
    assert stages[S.APPEALED] == 32
    assert stages[S.CLOSED] == 17
    granted = {word for word, one in found.items() if one and one.stage is S.INJUNCTION_GRANTED}
    assert all("Granted" in word for word in granted)
    appealed = {word for word in words if re.search(r"Appeal(?:ed)?$", word)}
    assert all((one := found[word]) and one.stage is S.APPEALED for word in appealed)


def test_orders_of_fourteen_years_are_read_by_their_notes(shared: Path) -> None:
    """733 executive orders with the notes that the Federal Register keeps beneath them."""
    found: Counter[Stage | None] = Counter()
    path = shared / "recordings" / "federal-register" / "executive_orders.csv"
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            noise = (("disposition_notes", " ".join((row["notes"] or "").split())),)
            facts = (("signing_date", row["signing_date"]),)
            made = read_said(Said(ItemType.EXECUTIVE_ORDER, "x", facts=facts, noise=noise))
            found[made.stage if made else None] += 1
    assert found == {S.SIGNED: 524, S.REPEALED: 118, S.AMENDED: 91}

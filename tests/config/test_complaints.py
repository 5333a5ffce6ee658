"""A configuration that is wrong: each fault with its file, its line and its cure, all at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor.config import load
from monitor.errors import ConfigError
from tests.config.conftest import FILTER_287G, FILTER_SANCTUARY, KINDS, Complains, Loads

# What is replaced, by what, and the complaint about it; lines count from 1.
SOURCES = [
    ("every: 30m", "evry: 30m", "9: unknown option 'evry' (did you mean 'every'?)"),
    ("client: alder", "clint: alder", "7: unknown option 'clint' (did you mean 'client'?)"),
    (
        "client: alder",
        "type: bill",
        "4: option 'client' is missing (kind 'portal' needs it)",
    ),
    ("kind: portal", "kind: portl", "6: unknown kind 'portl' (did you mean 'portal'?)"),
    ("kind: portal", "kind: x", "6: unknown kind 'x' (there are: portal, feed, docket)"),
    ("    kind: portal\n", "", "4: option 'kind' is missing"),
    ("- id: alder-council", "- note: x", "4: option 'id' is missing"),
    ("sources:", "sorces:", "3: unknown option 'sorces' (did you mean 'sources'?)"),
    ("defaults: {every: 1h}", "defaults: {evry: 1h}", "2: unknown option 'evry'"),
    ("defaults: {every: 1h}", "defaults: 1h", "2: defaults should be options"),
    ("defaults: {every: 1h}", "defaults: {id: x}", "2: unknown option 'id'"),
    ("every: 30m", "every: 30", "9: every should be a length of time: 30m, 1h, 2d, 1w, not the nu"),
    ("every: 30m", "every: 30x", "9: every: '30x' is no length of time (write for example 30m"),
    ("every: 30m", "every: 30s", "9: every: '30s' is too often (1m is the least)"),
    ("every: 30m", "every: 90w", "9: every: '90w' is too seldom"),
    ("every: 30m", "every: [30m]", "9: every should be a length of time: 30m, 1h, 2d, 1w, not a l"),
    ("every: 30m", "every:", "9: 'every' is empty (give it a value, or take it out)"),
    (
        "every: 30m",
        'every: 30m\n    cron: "0 8 * * *"',
        "10: give either every or cron, not both",
    ),
    (
        "{every: 1h}",
        '{every: 1h, cron: "0 8 * * *"}',
        "2: give either every or cron, not both",
    ),
    (
        "mon-fri",
        "1-5",
        "17: cron: '0 7-19 * * 1-5' gives weekdays by number, and 1 is Monday in so",
    ),
    ("0 7-19 * * mon-fri", "0 7", "17: cron: '0 7' has 2 fields and needs five"),
    ("0 7-19 * * mon-fri", "@daily", "17: cron: '@daily' is not understood (write five fields"),
    ("0 7-19 * * mon-fri", "0 25 * * *", "17: cron: '0 25 * * *' cannot be read: "),
    ("0 7-19 * * mon-fri", "0 8 * * monday", "17: cron: '0 8 * * monday' cannot be read: "),
    ("0 7-19 * * mon-fri", "0 8 30 feb *", "17: cron: '0 8 30 feb *' never comes"),
    ("id: alder-news", "id: alder-council", "13: the id 'alder-council' is taken by the source on"),
    (
        "id: alder-news",
        "id: Alder News",
        "13: id: 'Alder News' may hold only a-z, 0-9 and - (did y",
    ),
    (
        "id: alder-news",
        "id: 7",
        '13: id should be text, not the number 7 (as text: "7", in quotes)',
    ),
    ("id: alder-news", "id: true", '13: id should be text, not true (as text: "true", in quotes)'),
    (
        "client: alder",
        "client: 010",
        '7: client should be text, not the number 010 (as text: "010"',
    ),
    (
        "client: alder",
        "client: nobody",
        "7: client: no portal has the client 'nobody' (look at its",
    ),
    ("client: alder", "client: {a: b}", "7: client should be text, not a mapping (name: value)"),
    ("client: alder", "client: alder\n    bodies: 5", "8: bodies should be a list ([a, b]), not"),
    ("client: alder", "client: alder\n    bodies: [a, {}]", "8: "),
    ("client: alder", "client: alder\n    type: bil", "8: type should be 'bill', "),
    ("client: alder", "client: alder\n    key: yes", "8: key should be true or false, not the tex"),
    (
        "client: alder",
        "client: alder\n    bounds:\n      mst: 3",
        "9: unknown option 'mst' (did you mean 'most'?)",
    ),
    (
        "client: alder",
        "client: alder\n    bounds: {most: 101}",
        "8: most should be less than or equal to 100, not the number 101",
    ),
    ("client: alder", "client: alder\n    bounds: 3", "8: bounds should be options (name: value)"),
    (
        "documents: false",
        "documents: no",
        "18: documents should be true or false, not the text 'no",
    ),
    ("documents: false", "documents: 0", "18: documents should be true or false, not the number 0"),
    ("expect: 5/week", "expect: 5/wek", "11: expect: '5/wek' is no expectation (write for example"),
    ("expect: 5/week", "expect: 5", "11: expect should be a number in a period: 5/week, 1/day or"),
    ("expect: 5/week", "expect: 0/week", "11: expect: '0/week' is no expectation"),
    (
        "[sanctuary, 287g]",
        "[sanctury]",
        "10: no filter has the topic 'sanctury' (did you mean 'san",
    ),
    ("[sanctuary, 287g]", "[287]", '10: topics should be text, not the number 287 (as text: "287"'),
    ("[sanctuary, 287g]", "[]", "10: topics is empty (for all topics take it out)"),
    ("{every: 1h}", "{topics: 287}", "2: topics should be text, not the number 287"),
    ("{every: 1h}", "{topics: detainers}", "2: no filter has the topic 'detainers'"),
    ("{every: 1h}", "{timezone: EST}", ""),
    (
        "{every: 1h}",
        "{timezone: Boston}",
        "2: timezone: 'Boston' is no time zone (write a name suc",
    ),
    (
        "{every: 1h}",
        "{timezone: new york}",
        "2: timezone: 'new york' is no time zone (did you mean",
    ),
    (
        "ny/alder",
        "New York",
        "8: jurisdiction: unknown jurisdiction 'New York' (did you mean 'ny'?",
    ),
    (
        "ny/alder",
        "ny/count:kings",
        "8: jurisdiction: 'count:kings' is no part of a division id (di",
    ),
    ("    jurisdiction: ny/alder\n", "", "4: option 'jurisdiction' is missing (write us, ny, or"),
    ("court: cand", "court: cadn", "22: no such court: 'cadn' (did you mean '"),
    ("court: cand", "court: 12", "22: court should be text, not the number 12"),
    ("court: cand", "curt: cand", "20: option 'court' is missing (kind 'docket' needs it)"),
    ("  - id: alder-news", "  - just words\n  - id: alder-news", "13: a source should be options"),
    ("  - id: alder-news", "  -\n  - id: alder-news", "13: an entry of the list is empty"),
    ("client: alder", "client: alder\n    client: birch", "8: 'client' stands twice (first on lin"),
    ("client: alder", "\tclient: alder", "7: a tab indents this line (use spaces)"),
    ("client: alder", "client: alder: birch", "7: is no YAML: mapping values are not allowed"),
    ("client: alder", "client: 'alder", "is no YAML: "),
    ("client: alder", "  client: alder", "7: is no YAML: mapping values are not allowed"),
    ("client: alder", "client: *alder", "7: *alder refers to nothing above (define &alder)"),
    ("client: alder", "client: !!python/object:os.system x", "7: the tag "),
    ("client: alder", "client: @alder", "7: is no YAML: found character that cannot start any tok"),
    (
        "client: alder",
        "client: alder\n    ? [a]\n    : b",
        "8: a list or a mapping cannot be the n",
    ),
    ("client: alder", "client: alder\n    <<: 3", "8: << can only merge mappings"),
    ("  - id: northern", "---\n  - id: northern", "20: a second document begins here"),
    (
        "url: https",
        "api_key: abc\n    url: https",
        "15: unknown option 'api_key' (secrets stand in",
    ),
    (
        "https://news",
        "https://me:pass@news",
        "15: what looks like a secret stands here (put it int",
    ),
    ("alder.xml", "alder.xml?token=abc123", "15: what looks like a secret stands here"),
]
MONITORS = [
    ("contact: monitor@alder-coalition.org", "archive: true", "1: option 'contact' is missing"),
    (
        "monitor@alder-coalition.org",
        "monitor",
        "1: contact: 'monitor' is neither an e-mail address",
    ),
    ("contact:", "contct:", "1: unknown option 'contct' (did you mean 'contact'?)"),
    ("default:", "defalt:", "3: unknown option 'defalt' (did you mean 'default'?)"),
    (
        '"#immigration-alerts"',
        "#immigration-alerts",
        "3: 'default' is empty (a # begins a comment: ",
    ),
    (
        '"#immigration-alerts"',
        "immigration alerts",
        "3: default: 'immigration alerts' is no Slack channel (write \"#immigration-alerts\", with",
    ),
    ('"#ny"', '"#NY"', "5: channel: '#NY' is no Slack channel (write \"#ny\", with the quotes)"),
    ('"#ny"}', "#ny}", "is no YAML: "),
    (', channel: "#ny"', "", '5: routes: the route leads nowhere (add channel: "#name")'),
    ("jurisdiction: ny", "jurisdicton: ny", "5: unknown option 'jurisdicton' (did you mean 'juri"),
    (
        "jurisdiction: ny",
        "jurisdiction: [ny, nyx]",
        "5: jurisdiction: unknown jurisdiction 'nyx' (",
    ),
    ("jurisdiction: ny", "topic: 287gg", "5: no filter has the topic '287gg' (did you mean '287g'"),
    ("jurisdiction: ny", "source: alder", "5: there is no source 'alder'"),
    ("priority: high", "priority: hgh", "6: priority: 'hgh' is not understood (did you mean 'hig"),
    ("priority: high", "direction: up", "6: direction: 'up' is not understood (there are: limits,"),
    ("priority: high", "priority: 1", "6: priority should be text, not the number 1"),
    ("mon 08:00", "mun 08:00", "8: at: 'mun 08:00' is no day and time (write for example mon 08:0"),
    ("mon 08:00", "mon 25:00", "8: at: 'mon 25:00' is no day and time"),
    ("mon 08:00", "dailies 08:00", "8: at: 'dailies 08:00' is no day and time"),
    (
        '"mon 08:00"',
        "8",
        "8: at should be a weekday and a time: mon 08:00, or daily 08:00, not the number 8",
    ),
    ("id: weekly", "id: weekly, channel: week", "8: channel: 'week' is no Slack channel"),
    ("America/New_York", "US/Estern", "8: timezone: 'US/Estern' is no time zone"),
    (
        "America/New_York",
        "eastern",
        "8: timezone: 'eastern' is no time zone (did you mean 'America",
    ),
    (
        "id: weekly",
        "id: Weekly",
        "8: id: 'Weekly' may hold only a-z, 0-9 and - (did you mean 'week",
    ),
    (
        "digests: [",
        'digests: [{id: weekly, at: "tue 9:00"}, ',
        "8: the digest 'weekly' stands twice",
    ),
    ("archive: 90d", "archive: 90", "9: archive should be an age: 90d, 1w, 3y, or forever, not th"),
    ("items: forever", "items: 2w", "9: items: is too short (90d is the least)"),
    ("archive: 90d", "archive: never", "9: archive: 'never' is no length of time"),
    ("slack:", "archive: off\nslack:", "2: archive should be true or false, not the text 'off'"),
    (
        "slack:",
        "alerts: {cap: 0}\nslack:",
        "2: cap should be greater than or equal to 1, not the n",
    ),
    ("slack:", "alerts: {cap: 1.5}\nslack:", "2: cap should be a whole number, not the number 1.5"),
    (
        "slack:",
        "fetch: {pace: {portal: 2}}\nslack:",
        "2: unknown platform 'portal' (did you mean '",
    ),
    ("slack:", "fetch: {pace: {portals: -1}}\nslack:", "2: pace: portals: '-1' is no number of se"),
    ("slack:", "fetch: {pace: 3}\nslack:", "2: pace should be options (name: value), not the numb"),
    ("slack:", "fetch: {max_bytes: lots}\nslack:", "2: max_bytes: 'lots' is no size (write for"),
    ("slack:", "fetch: {private_hosts: [a]}\nslack:", "2: private_hosts: 'a' is no host with a po"),
    ("slack:", "fetch: {private_hosts: ['a:99999']}\nslack:", "2: private_hosts: 'a:99999' is no"),
    ("slack:", "slack_bot_token: xoxb-12-ab\nslack:", "2: what looks like a secret stands here"),
]
FILTERS = [
    ("topic: 287g", "topic: 287", '1: topic should be text, not the number 287 (as text: "287"'),
    (
        "topic: 287g",
        "topic: 287(g)",
        "1: topic: '287(g)' may hold only a-z, 0-9 and - (did you mean",
    ),
    ("topic: 287g", "topc: 287g", "1: unknown option 'topc' (did you mean 'topic'?)"),
    ("title: 287(g) agreements\n", "", "1: option 'title' is missing"),
    ("limits:", "limts:", "9: unknown option 'limts' (did you mean 'limits'?)"),
    ("priority: high", "priority: urgent", "11: priority: 'urgent' is not understood (there are: "),
    (
        '"#alerts-287g"',
        "alerts-287g",
        "12: channels: 'alerts-287g' is no Slack channel (write \"#a",
    ),
    ('"#alerts-287g"', "#alerts-287g", "is no YAML: "),
    ("match:", "matches:", "14: unknown option 'matches' (did you mean 'match'?)"),
    ("priority: high", "threshold: 0", "11: threshold should be greater than 0, not the number 0"),
    ("priority: high", "digest_threshold: 9", "11: digest_threshold: it must be below"),
    ("priority: high", "types: [bil]", "11: types: 'bil' is not understood (did you mean 'bill'?)"),
    ("priority: high", "also: [{query: x, pints: 2}]", "11: unknown option 'pints' (did you mean"),
    ("priority: high", "also: [{points: 2}]", "11: option 'query' is missing"),
]


@pytest.mark.parametrize(("old", "new", "complaint"), SOURCES)
def test_a_fault_in_sources_yaml_is_told(
    complains: Complains, loads: Loads, old: str, new: str, complaint: str
) -> None:
    """With its line, what is wrong, and the cure."""
    if not complaint:
        assert loads(sources=(old, new))
        return
    assert any(_says(line, "sources.yaml:", complaint) for line in complains(sources=(old, new)))


@pytest.mark.parametrize(("old", "new", "complaint"), MONITORS)
def test_a_fault_in_monitor_yaml_is_told(
    complains: Complains, old: str, new: str, complaint: str
) -> None:
    """With its line, what is wrong, and the cure."""
    assert any(_says(line, "monitor.yaml:", complaint) for line in complains(monitor=(old, new)))


@pytest.mark.parametrize(("old", "new", "complaint"), FILTERS)
def test_a_fault_in_a_filter_is_told(
    complains: Complains, old: str, new: str, complaint: str
) -> None:
    """With its line, what is wrong, and the cure."""
    found = complains(filter=(old, new))
    assert any(_says(line, "filters/287g.yaml:", complaint) for line in found)


def _says(line: str, file: str, complaint: str) -> bool:
    if complaint[0].isdigit():
        return line.startswith(file + complaint)
    return line.startswith(file) and complaint in line


def test_the_promised_complaint_is_word_for_word(complains: Complains) -> None:
    """DESIGN section 5 shows this very line."""
    text = "\n" * 10 + (
        "sources:\n  - id: a\n    kind: feed\n    evry: 1h\n    url: 'https://x.gov'\n"
        "    jurisdiction: us\n"
    )
    assert complains({"sources.yaml": text}) == (
        "sources.yaml:14: unknown option 'evry' (did you mean 'every'?)",
    )


def test_one_fault_makes_one_complaint(complains: Complains) -> None:
    """A misspelt option is not also a missing one, a faulty filter not also an unknown topic."""
    assert complains(sources=("every: 30m", "evry: 30m")) == (
        "sources.yaml:9: unknown option 'evry' (did you mean 'every'?)",
    )
    assert len(complains({"filters/287g.yaml": FILTER_287G + "foo: 1\n"})) == 2


def test_a_needed_option_without_a_value_is_empty_and_not_missing(complains: Complains) -> None:
    """One complaint, at the option."""
    assert complains(sources=("client: alder", "client:")) == (
        "sources.yaml:7: 'client' is empty (give it a value, or take it out)",
    )


def test_all_faults_are_told_at_once_in_order(complains: Complains) -> None:
    """Nobody mends one line to be shown the next."""
    found = complains(
        sources=("every: 30m", "evry: 30m"),
        filter=("topic: 287g", "topic: 287G"),
        monitor=("archive: 90d", "archive: 90"),
    )
    assert [line.partition(": ")[0] for line in found] == [
        "filters/287g.yaml:1",
        "monitor.yaml:9",
        "sources.yaml:9",
    ]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('OR ("memorandum', 'OR (("memorandum', "5:6: query: "),
        ('exclude: |\n  "House Bill 287"', 'exclude: "(a b"', "6:11: exclude: "),
        ('limits: ["opposing"]', "limits: opposing (", "9:21: limits: "),
        ('limits: ["opposing"]', 'limits: ["opposing", \'"no end\']', "9:25: limits: "),
        ("query: |\n", "query: |\n\n  (\n", "5:3: query: "),
        ('  OR ("mem', '  OR\n  OR ("mem', "5:3: query: "),
        ('"287(g)" OR "1357(g)"', '"287(g)" AND', "4:12: query: "),
        ("priority: high", 'context: "a AND"', "11:"),
        ("priority: high", "also: {query: (a, points: 2}", "11:15: also: "),
    ],
)
def test_a_bad_query_is_told_with_line_and_column(
    complains: Complains, old: str, new: str, place: str
) -> None:
    """Wherever a query stands: in a block, in quotes, in a list; and a caret shows the place."""
    found = [line for line in complains(filter=(old, new)) if line.startswith("filters/287g.yaml:")]
    assert found[0].startswith(f"filters/287g.yaml:{place}")
    shown, caret = found[0].split("\n")[1:]
    assert caret.strip() == "^"
    assert len(caret) <= len(shown) + 1


@pytest.mark.parametrize(
    ("query", "place"),
    [
        (">\n  alder OR birch\n  OR (cedar\nexamples: {match: [alder]}\n", "4:6"),
        (">\n  alder OR birch\n  OR (cedar", "4:6"),
        (">\n  alder OR birch\n\n  OR (cedar\n# end\n", "2:8"),
        ("alder OR birch\n  OR (cedar\n", "3:6"),
        ('"alder OR birch\n  OR (cedar"\n', "3:6"),
        ('"alder OR \\u0062irch OR (cedar"\n', "2:8"),
    ],
)
def test_a_bad_query_in_joined_lines_is_found_on_its_line(
    complains: Complains, query: str, place: str
) -> None:
    """Folded and plain texts join lines; where escapes change them, the text's start is told."""
    found = complains({"filters/sanctuary.yaml": f"topic: sanctuary\nquery: {query}"})
    assert any(line.startswith(f"filters/sanctuary.yaml:{place}: query: ") for line in found)


def test_a_long_query_is_shown_around_its_fault(complains: Complains) -> None:
    """The caret stays in sight."""
    query = " OR ".join(f'"alder {n}"' for n in range(200)) + " OR (birch"
    found = complains(sanctuary=("'\"sanctuary city\"'", f"'{query}'"))
    shown, caret = found[0].split("\n")[1:]
    assert len(shown) < 200
    assert shown[len(caret) - 1] == "("


def test_a_filter_without_evidence_is_refused(complains: Complains) -> None:
    """YAML that is accepted and does nothing is the worst of all."""
    query = FILTER_SANCTUARY.replace("query: '\"sanctuary city\"'\n", "")
    (told,) = complains({"filters/sanctuary.yaml": query})
    assert told.startswith("filters/sanctuary.yaml:1: query: there is neither a query nor a clue")


def test_a_filter_that_matches_nearly_everything_is_refused(complains: Complains) -> None:
    """As is one that can never match."""
    (told,) = complains(sanctuary=("'\"sanctuary city\"'", "NOT alder"))
    assert told.startswith("filters/sanctuary.yaml:3: query: it holds on a text without a single")
    (told,) = complains(sanctuary=("query: NOT alder", "also: [alder]"))
    assert told.startswith("filters/sanctuary.yaml:3: ")


def test_two_filters_with_one_topic_are_told_with_both_places(complains: Complains) -> None:
    """The second complains and names the first."""
    assert complains({"filters/zebra.yaml": "\n" + FILTER_SANCTUARY}) == (
        (
            "filters/zebra.yaml:2: the topic 'sanctuary' is taken by filters/sanctuary.yaml:1 "
            "(rename one)"
        ),
    )


@pytest.mark.parametrize("name", ["filters/more.yml", "filters/more/287g.yaml"])
def test_a_filter_where_nobody_reads_it_is_told(complains: Complains, name: str) -> None:
    """A wrong suffix or a subfolder would silence a topic."""
    found = complains({name: FILTER_SANCTUARY})
    assert found[0].startswith(f"{name}: is not read (move it to filters/")


def test_the_shared_exclusion_is_checked_too(complains: Complains) -> None:
    """filters/_everywhere.yaml knows exclude and note."""
    text = 'exclude: "(a"\nquery: b\n'
    found = complains({"filters/_everywhere.yaml": text})
    assert found[0].startswith("filters/_everywhere.yaml:1:11: exclude: ")
    assert found[1].startswith("filters/_everywhere.yaml:2: unknown option 'query'")


def test_missing_files_are_told_with_what_to_write(tmp_path: Path) -> None:
    """An empty folder is the first thing that a new maintainer has."""
    with pytest.raises(ConfigError) as fault:
        load(tmp_path, kinds=KINDS)
    kinds = [line.partition(":")[0] for line in fault.value.complaints]
    assert kinds == ["filters/", "monitor.yaml", "sources.yaml"]
    assert all("(write " in line for line in fault.value.complaints)


def test_a_file_with_the_wrong_suffix_is_recognised(complains: Complains) -> None:
    """sources.yml is not read; the complaint says so."""
    found = complains({"sources.yaml": None, "sources.yml": "sources: []"})
    assert found[0].startswith("sources.yaml: is missing in ")
    assert "(rename sources.yml)" in found[0]


@pytest.mark.parametrize("text", ["", "# only words\n", "---\n", "~"])
def test_an_empty_file_is_told(complains: Complains, text: str) -> None:
    """Comments alone are empty, too."""
    found = complains({"monitor.yaml": text, "sources.yaml": text, "filters/287g.yaml": text})
    assert any(line.startswith("monitor.yaml: is empty (write") for line in found)
    assert any(line.startswith("sources.yaml: is empty (write") for line in found)
    assert any(line.startswith("filters/287g.yaml: is empty (write") for line in found)


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "12\n"])
def test_a_file_that_holds_no_options_is_told(complains: Complains, text: str) -> None:
    """A list or a word is not what stands here."""
    found = complains({"monitor.yaml": text})
    assert any(
        line.startswith("monitor.yaml:1: should hold options (name: value)") for line in found
    )


def test_a_list_of_sources_without_its_name_is_told(complains: Complains) -> None:
    """`sources:` forgotten, or given a mapping."""
    assert complains({"sources.yaml": "defaults: {every: 1h}\n"})[0].startswith(
        "sources.yaml:1: option 'sources' is missing"
    )
    assert complains({"sources.yaml": "sources: {id: a}\n"})[0].startswith(
        "sources.yaml:1: sources should be a list"
    )


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"sources: []\n# caf\xe9\n", "2: a character is not UTF-8 (save the file as UTF-8)"),
        ("sources: []".encode("utf-16"), "1: is UTF-16 (save it as UTF-8)"),
        (b"sources: []\n# \x00\n", "2: is no YAML: "),
        (b"sources: []\n# \x07\n", "2: is no YAML: "),
        (b"sources: []\n---\nsources: []\n", "2: a second document begins here"),
    ],
)
def test_a_file_in_no_readable_form_is_told(folder: Path, raw: bytes, complaint: str) -> None:
    """Wrong encodings and control characters, with their line."""
    (folder / "sources.yaml").write_bytes(raw)
    with pytest.raises(ConfigError) as fault:
        load(folder, kinds=KINDS)
    assert any(line.startswith(f"sources.yaml:{complaint}") for line in fault.value.complaints)


def test_a_file_that_cannot_be_opened_is_told(folder: Path) -> None:
    """A folder in a file's place is reported like a missing file."""
    (folder / "monitor.yaml").unlink()
    (folder / "monitor.yaml").mkdir()
    with pytest.raises(ConfigError) as fault:
        load(folder, kinds=KINDS)
    assert fault.value.complaints[0].startswith("monitor.yaml: is missing in ")


def test_hostile_yaml_is_bounded(complains: Complains) -> None:
    """Deep nesting, alias bombs and huge files end in a complaint, soon."""
    deep = "sources: " + "[" * 50_000
    assert any("nested deeper than 20" in line for line in complains({"sources.yaml": deep}))
    laughs = "a0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    assert any("expands to more than" in line for line in complains({"sources.yaml": laughs}))
    wide = "sources: [" + "x," * 120_000 + "]"
    assert any("expands to more than" in line for line in complains({"sources.yaml": wide}))
    huge = "# " + "x" * 2_100_000
    assert any("is larger than 2 MB" in line for line in complains({"sources.yaml": huge}))
    inside = "sources: &a [*a]"
    assert any("*a refers to nothing above" in line for line in complains({"sources.yaml": inside}))
    many = "[" + ", ".join(["ny"] * 40) + "]"
    route = f"{{jurisdiction: {many}, source: {many}, channel: '#x'}}"
    assert any(
        "stands for more than 1000" in line
        for line in complains(monitor=('{jurisdiction: ny, channel: "#ny"}', route))
    )


SECRETS = [
    "xoxb-1234-abcd",
    "xapp-1-A0-99-ff",
    "https://hooks.slack.com/services/T0/B0/XyZXyZXyZXyZ",
    "smtp://me:hunter2hunter2@mail.example.org:587",
    "https://x.example.gov/feed?api_key=abcdefghijk",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_yaml_is_refused_and_never_printed(complains: Complains, secret: str) -> None:
    """Wherever it stands, in a comment or as a wrong value, and in whichever file."""
    hidden = max(re.split(r"\W|https|example|hooks|services", secret), key=len)
    for words in (
        {"sources": ("client: alder", f"client: alder # {secret}")},
        {"sources": ("every: 30m", f"every: '{secret}'")},
        {"monitor": ('"#ny"', f"'{secret}'")},
        {"filter": ('"House Bill 287"', f'({secret} "')},
    ):
        found = complains(**words)
        assert any("what looks like a secret stands here" in line for line in found)
        assert hidden not in "\n".join(found)


def test_a_value_under_a_secret_name_is_never_printed(complains: Complains) -> None:
    """A token where true or false is wanted is still a token."""
    found = complains(sources=("client: alder", "client: alder\n    token: s3cr3tvalue"))
    assert found == ("sources.yaml:8: token should be true or false, not the text '…'",)
    found = complains(sources=("token: s3cr3tvalue", "smtp_password: s3cr3tvalue"))
    assert "s3cr3tvalue" not in "\n".join(found)

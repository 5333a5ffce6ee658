"""Whatever stands in the files: a configuration or complaints, and never anything else."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config import Config, load
from monitor.errors import ConfigError
from tests.config.conftest import FILES, KINDS, write

NAMES = st.sampled_from(sorted(FILES))
WORDS = (
    *(": ", "- ", "\n", "\n  ", "\t", "[", "]", "{", "}", "#", "&a ", "*a", "<<: ", "!!int "),
    *("~", "null", "no", "1e3", "0x1f", "-1", ".inf", "12:30", "''", '"', "? ", "---\n", "%"),
    *("every:", "cron: ", "kind: ", "topics: ", "9" * 20, "é", "\u2028", "\x85", "|\n"),
)
JUNK = st.one_of(st.text(max_size=12), st.sampled_from(WORDS))
COMPLAINT = re.compile(r"(filters/|[\w./-]+\.ya?ml(:\d+(:\d+)?)?): \S")
FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def loaded(files: dict[str, str]) -> Config | tuple[str, ...]:
    """Load what stands in a folder of its own, or tell the complaints."""
    with TemporaryDirectory() as folder:
        write(Path(folder), files)
        try:
            return load(Path(folder), {}, kinds=KINDS)
        except ConfigError as fault:
            told = fault.complaints
    assert told
    assert [line for line in told if not COMPLAINT.match(line)] == []
    return told


@FEW
@given(NAMES, st.data())
def test_random_edits_end_in_a_configuration_or_in_complaints(
    name: str, data: st.DataObject
) -> None:
    """Cut something out anywhere, put something in; nothing but ConfigError is raised."""
    text = FILES[name]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        stop = data.draw(st.integers(start, min(len(text), start + 15)))
        text = text[:start] + data.draw(JUNK) + text[stop:]
    loaded({**FILES, name: text})


@FEW
@given(NAMES, st.data())
def test_random_lines_moved_about_end_in_a_configuration_or_in_complaints(
    name: str, data: st.DataObject
) -> None:
    """Lines dropped, doubled and swapped: indentation and keys go wrong."""
    lines = FILES[name].splitlines()
    chosen = data.draw(st.lists(st.sampled_from(lines), min_size=1, max_size=len(lines) + 4))
    loaded({**FILES, name: "\n".join(chosen)})


@FEW
@given(NAMES, st.data())
def test_random_values_end_in_a_configuration_or_in_complaints(
    name: str, data: st.DataObject
) -> None:
    """Every option gets values of every other type."""
    lines = FILES[name].splitlines()
    index = data.draw(st.integers(0, len(lines) - 1))
    value = data.draw(
        st.one_of(
            JUNK,
            st.sampled_from(["[]", "{}", "[[]]", "[{}]", "{a: {b: c}}", "-0", "1.5", "true", "''"]),
        )
    )
    key, colon, _ = lines[index].partition(": ")
    lines[index] = f"{key}{colon}{value}"
    loaded({**FILES, name: "\n".join(lines)})


@FEW
@given(NAMES, st.text(max_size=60))
def test_any_text_at_all_ends_in_a_configuration_or_in_complaints(name: str, text: str) -> None:
    """Even what is no YAML."""
    loaded({**FILES, name: text})

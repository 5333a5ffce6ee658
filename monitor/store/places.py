"""A jurisdiction with all that lies within it, as a condition."""

from __future__ import annotations


def within(column: str, jurisdiction: str) -> tuple[str, tuple[str, str, str]]:
    """Return a condition on `column` and its values.

    The parts of an Open Civic Data division id stand from large to small between slashes; a
    court's id has no parts. "0" is the character after "/".
    """
    condition = f"({column} = ? OR ({column} >= ? AND {column} < ?))"
    return condition, (jurisdiction, f"{jurisdiction}/", f"{jurisdiction}0")

"""The WHERE of a query, put together from what a caller wants to restrict."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

from monitor.store.coding import stamp


class Conditions:
    """Conditions that must all hold, each with its values; an empty wish adds none."""

    def __init__(self, *conditions: str) -> None:
        self._conditions = list(conditions) or ["1"]
        self.values: list[Any] = []

    def both(self, condition: str, *values: Any) -> Self:
        """Add a condition with its values."""
        self._conditions.append(condition)
        self.values.extend(values)
        return self

    def equal(self, column: str, wanted: str) -> Self:
        """Ask for one value."""
        return self.both(f"{column} = ?", wanted) if wanted else self

    def one_of(self, column: str, wanted: Collection[str]) -> Self:
        """Ask for one of several values."""
        if not wanted:
            return self
        listed = "IN (SELECT value FROM json_each(?))"
        return self.both(f"{column} {listed}", json.dumps(list(wanted)))

    def since(self, column: str, when: datetime | None) -> Self:
        """Ask for a time at or after `when`."""
        return self if when is None else self.both(f"{column} >= ?", stamp(when))

    def before(self, column: str, when: datetime | None) -> Self:
        """Ask for a time before `when`."""
        return self if when is None else self.both(f"{column} < ?", stamp(when))

    def within(self, column: str, jurisdiction: str) -> Self:
        """Ask for a jurisdiction with all that lies within it.

        The parts of an Open Civic Data division id stand from large to small between slashes; a
        court's id has no parts. "0" is the character after "/".
        """
        if not jurisdiction:
            return self
        return self.both(
            f"({column} = ? OR ({column} >= ? AND {column} < ?))",
            jurisdiction,
            f"{jurisdiction}/",
            f"{jurisdiction}0",
        )

    def __str__(self) -> str:
        return " AND ".join(self._conditions)

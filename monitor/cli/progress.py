"""Shows how far a round has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from monitor.cli.common import say
from monitor.cli.terminal import steered
from monitor.models import Outcome

LINE_EVERY = 50


class Progress:
    """Counts sources as they finish; everything goes to stderr."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._failed = 0
        self._bar = _bar(total) if sys.stderr.isatty() and total else None

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self, name: str, outcome: Outcome) -> None:
        """Count one finished source."""
        self._done += 1
        self._failed += outcome is Outcome.FAILED
        if self._bar:
            failed = f", {self._failed} failed" if self._failed else ""
            self._bar.update(self._bar.task_ids[0], advance=1, note=f"{name[:40]}{failed}")
        elif self._done % LINE_EVERY == 0 and self._done < self._total:
            say(f"polled {self._done} of {self._total} sources, {self._failed} failed")


def _bar(total: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - rich is loaded on a terminal only
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    bar = Bar(
        TextColumn("Polling"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        console=Console(file=steered()),
        transient=True,
    )
    bar.add_task("polling", total=total, note="")
    return bar

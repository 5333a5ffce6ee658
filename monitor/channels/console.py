"""The console: alerts as text, coloured only on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from shutil import get_terminal_size
from typing import TextIO

from monitor.errors import TemporaryDelivery
from monitor.models import Alert, Delivery, Posted, Receipt
from monitor.render.text import WIDTH, Line, Span, Style, lines

# ECMA-48 "select graphic rendition"; https://ecma-international.org/publications-and-standards/standards/ecma-48/
_COLOURS = {
    Style.HEADLINE: "1",
    Style.URGENT: "1;31",
    Style.LABEL: "36",
    Style.DIM: "2",
    Style.HIT: "1;33",
    Style.OLD: "9;2",
    Style.LINK: "4;34",
}


class ConsoleChannel:
    """Writes alerts to a text stream, each followed by an empty line.

    stream: where to; colours are used where it is a terminal.
    """

    name = "console"
    pause = 0.0

    def __init__(
        self, stream: TextIO, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._stream = stream
        self._now = now

    def send(self, delivery: Delivery) -> Receipt:
        """Print one alert; raises TemporaryDelivery where nobody reads the stream any more."""
        self.show(delivery.alert)
        return Receipt(delivery.alert.key, self.name)

    def show(self, alert: Alert) -> None:
        """Print an alert that is in no outbox; raises TemporaryDelivery likewise."""
        try:
            self._write(alert)
        except (OSError, ValueError) as error:
            raise TemporaryDelivery(self.name, "closed", "the output is closed") from error

    def _write(self, alert: Alert) -> None:
        is_terminal = self._stream.isatty()
        width = min(get_terminal_size((WIDTH, 24)).columns, WIDTH) if is_terminal else WIDTH
        rows = lines(alert, self._now(), width)
        text = "\n".join(_coloured(row) if is_terminal else _bare(row) for row in rows)
        # A terminal that knows only ASCII shows "?" for what it lacks.
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(text.encode(encoding, "replace").decode(encoding) + "\n\n")
        self._stream.flush()

    def revise(self, posted: Posted) -> None:
        """Leave what was printed as it is."""

    def find(self, delivery: Delivery) -> Receipt | None:  # noqa: ARG002 - as the protocol says
        """Say that nothing arrived: a line printed twice does less harm than one never seen."""
        return None


def _bare(row: Line) -> str:
    return "".join(span.text for span in row)


def _coloured(row: Line) -> str:
    return "".join(map(_painted, row))


def _painted(span: Span) -> str:
    colour = _COLOURS.get(span.style)
    return f"\x1b[{colour}m{span.text}\x1b[0m" if colour else span.text

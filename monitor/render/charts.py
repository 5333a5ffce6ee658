"""Draws small pictures of numbers by week, without any letters, for light and dark mail."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from PIL import Image as Picture
from PIL import ImageDraw

WIDTH, HEIGHT = 520, 72
# Drawn in twice the size, so that it is sharp on screens that have two dots for one.
_SCALE = 2
_GAP = 0.3
_LEAST = 2
_DOT = 7
# Each stands out by 3:1 from the page in light and in dark (WCAG 2.1, 1.4.11).
COLUMN, LAST, LINE = "#5c7fb8", "#c26a12", "#7f8b99"


def columns(values: Sequence[int]) -> bytes:
    """Draw one column a number as a PNG with a clear ground; the last one stands out.

    A zero is a stroke on the base line, so that no week looks missing.
    """
    width, height = WIDTH * _SCALE, HEIGHT * _SCALE
    picture = Picture.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    largest = max((*values, 1))
    base = height - 2 * _SCALE
    step = width / len(values)
    for place, value in enumerate(values):
        left = round(place * step + step * _GAP / 2)
        right = max(round((place + 1) * step - step * _GAP / 2) - 1, left)
        top = base - max(round((base - _SCALE) * max(value, 0) / largest), _LEAST)
        colour = LAST if place == len(values) - 1 else COLUMN
        draw.rectangle((left, top, right, base), fill=colour)
    draw.rectangle((0, base, width, height), fill=LINE)
    return _compact(picture)


def line(values: Sequence[int]) -> bytes:
    """Draw numbers that differ little as a line with dots, from the least to the most, as a PNG.

    It shows how they grew, not how large they are: the numbers are said beside it.
    """
    width, height = WIDTH * _SCALE, HEIGHT * _SCALE
    picture = Picture.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    low, spread = min(values), max(max(values) - min(values), 1)
    room = height - 4 * _DOT
    step = (width - 4 * _DOT) / max(len(values) - 1, 1)
    spots = [
        (round(2 * _DOT + place * step), round(2 * _DOT + room * (1 - (value - low) / spread)))
        for place, value in enumerate(values)
    ]
    draw.line(spots, fill=COLUMN, width=2 * _SCALE)
    for place, (x, y) in enumerate(spots):
        colour = LAST if place == len(spots) - 1 else COLUMN
        draw.ellipse((x - _DOT, y - _DOT, x + _DOT, y + _DOT), fill=colour)
    return _compact(picture)


def _compact(picture: Picture.Image) -> bytes:
    """Write a picture of few colours as a PNG with a palette."""
    out = BytesIO()
    picture.quantize(8, method=Picture.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
    return out.getvalue()

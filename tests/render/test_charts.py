"""Small pictures of numbers: right, small, and on a clear ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import pytest
from PIL import Image

from monitor.render.charts import COLUMN, HEIGHT, LAST, WIDTH, columns, line

Drawn = Callable[[Sequence[int]], bytes]


def pixels(data: bytes) -> Image.Image:
    """Read a picture."""
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture.convert("RGBA")


def dot(picture: Image.Image, x: int, y: int) -> tuple[int, ...]:
    """Read one dot: red, green, blue, and how solid it is."""
    found = picture.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def rgb(colour: str) -> tuple[int, ...]:
    """Read "#rrggbb"."""
    return tuple(bytes.fromhex(colour[1:]))


def heights(picture: Image.Image, count: int) -> list[int]:
    """Measure the columns in their middles, in dots above the base line."""
    tall = []
    for place in range(count):
        x = int((place + 0.5) * picture.width / count)
        drawn = [dot(picture, x, y) for y in range(picture.height)]
        tall.append(sum(one[:3] in {rgb(COLUMN), rgb(LAST)} and one[3] > 0 for one in drawn))
    return tall


@pytest.mark.parametrize("draw", [columns, line])
@pytest.mark.parametrize("values", [(1,), (0, 0), (3, 1, 2), tuple(range(60)), (10**9, 1)])
def test_pictures_are_small_and_clear(draw: Drawn, values: tuple[int, ...]) -> None:
    """Twice the shown size, under 4 KB, and one sees the page through them."""
    data = draw(values)
    assert len(data) < 4_000
    picture = pixels(data)
    assert picture.size == (2 * WIDTH, 2 * HEIGHT)
    assert dot(picture, 0, 0)[3] == 0


def test_columns_are_as_tall_as_their_numbers() -> None:
    """Half the number is half as tall; zero is a stroke on the line."""
    tall = heights(pixels(columns((10, 20, 0, 5))), 4)
    assert tall[1] == pytest.approx(2 * tall[0], abs=4)
    assert tall[0] == pytest.approx(2 * tall[3], abs=4)
    assert 0 < tall[2] < 6
    assert tall[1] > 130


def test_the_last_week_stands_out() -> None:
    """By its colour; in words it is told beside the picture."""
    picture = pixels(columns((5, 5)))
    assert dot(picture, picture.width // 4, 100)[:3] == rgb(COLUMN)
    assert dot(picture, 3 * picture.width // 4, 100)[:3] == rgb(LAST)


def test_a_line_rises_as_its_numbers() -> None:
    """From the least at the bottom to the most at the top."""
    picture = pixels(line((1_000, 1_005, 1_010)))
    left, right = dot(picture, 14, 130), dot(picture, picture.width - 14, 14)
    assert left[:3] == rgb(COLUMN)
    assert right[:3] == rgb(LAST)

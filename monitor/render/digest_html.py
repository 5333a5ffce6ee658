"""Shows a digest as a mail's HTML: one column of 600 pixels, light and dark, whole without images.

Nothing is loaded from anywhere: pictures travel with the mail, and what they show is said in words
and in bars as well. Mail programs cut what is longer than about 100 KB, so that this cuts first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from monitor.models import Digest, Section, Subscriber
from monitor.render.charts import columns, line
from monitor.render.digest_matters import WIDE, Room
from monitor.render.digest_shown import Cut, ShownDigest, place_of, shown_digest
from monitor.render.digest_sides import Chart
from monitor.render.digest_values import NO_LINKS, Html, Image, Links
from monitor.render.shown import Quote

# Gmail shows the first 102 KB of a message.
MOST_BYTES = 80_000
# From generous to terse: what is tried before whole matters are left out.
_ROOMS = (
    WIDE,
    Room(title=160, passage=180, happened=2, dates=2, ways=4),
    Room(title=120, passage=110, happened=1, dates=1, ways=3, sources=False),
    Room(title=90, passage=0, happened=1, dates=1, ways=1, why=False, sources=False),
)


def render_html(digest: Digest, subscriber: Subscriber | None, links: Links = NO_LINKS) -> Html:
    """Render one reader's copy, in at most 80,000 bytes, with its pictures.

    digest: what this subscriber asked for (`monitor.digest.for_subscriber`); None for a preview in
    English. Where it is too long, lines are shortened, then the last sections cut to their counts.
    """
    sheet = _Sheet(digest, subscriber, links, _images(shown_digest(digest, subscriber, links)))
    for room in _ROOMS:
        html = sheet.html(Cut(room))
        if len(html.encode()) <= MOST_BYTES:
            return Html(html, tuple(sheet.images.values()))
    return Html(sheet.html(_fitting(sheet)), tuple(sheet.images.values()))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One reader's copy, to be written in more or fewer words."""

    digest: Digest
    subscriber: Subscriber | None
    links: Links
    images: Mapping[str, Image]

    def html(self, cut: Cut) -> str:
        """Write it, with the styles at the elements: many mail programs drop those of the head."""
        shown = shown_digest(self.digest, self.subscriber, self.links, cut)
        page = _template().render(digest=shown, say=shown.tongue.say, pictures=self.images)
        return _inliner().inline(page).replace(' data-css-inline="keep"', "", 1)

    def fits(self, cut: Cut) -> bool:
        """Say whether it is short enough so."""
        return len(self.html(cut).encode()) <= MOST_BYTES


def _fitting(sheet: _Sheet) -> Cut:
    """Leave out matters from the end until the rest fits; of the last section some may stay."""
    cut = Cut(_ROOMS[-1], {})
    for section in reversed(Section):
        count = len(sheet.digest.of(section))
        if count and sheet.fits(cut.only(section, 0)):
            most = bisect_left(
                range(1, count), True, key=lambda n: not sheet.fits(cut.only(section, n))
            )
            return cut.only(section, most)
        cut = cut.only(section, 0)
    return cut


def _images(shown: ShownDigest) -> Mapping[str, Image]:
    """Draw the charts that the digest has, by name."""
    trends = [section.trend for section in shown.sections if section.trend]
    charts = {"agreements": trends[0] if trends else None, "activity": shown.activity}
    return {name: _image(name, one) for name, one in charts.items() if one}


def _image(name: str, chart: Chart) -> Image:
    draw = columns if chart.bars else line
    return Image(f"{name}@monitor.invalid", f"{name}.png", draw(chart.values), chart.alt)


def pieces(quote: Quote) -> Iterator[tuple[str, bool]]:
    """Cut a quotation into stretches, each with whether it is what was matched."""
    position = 0
    for start, end in quote.hits:
        if start > position:
            yield quote.text[position:start], False
        yield quote.text[start:end], True
        position = end
    yield quote.text[position:], False


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("monitor.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters |= {"pieces": pieces, "place_of": place_of}
    return environment.get_template("digest.html.j2")


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(minify_css=True, load_remote_stylesheets=False)

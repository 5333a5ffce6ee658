"""Shows a digest as a mail's HTML: one column of 600 pixels, light and dark, whole without images.

Nothing is loaded from anywhere: pictures travel with the mail, and what they show is said in words
and in bars as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from monitor.models import Digest, Subscriber
from monitor.render.charts import columns, line
from monitor.render.digest_fit import NO_MATTERS, View
from monitor.render.digest_shown import ShownDigest, place_of
from monitor.render.digest_sides import Chart
from monitor.render.digest_values import NO_LINKS, Html, Image, Links
from monitor.render.shown import Quote


def render_html(digest: Digest, subscriber: Subscriber | None, links: Links = NO_LINKS) -> Html:
    """Render one reader's copy, in at most 80,000 bytes, with its pictures.

    digest: what this subscriber asked for (`monitor.digest.for_subscriber`); None for a preview in
    English. Where it is too long, lines are shortened, then the last sections cut to their counts.
    """
    view = View(digest, subscriber, links)
    images = _images(view.shown(NO_MATTERS))

    def page(shown: ShownDigest) -> str:
        """Write it, with the styles at the elements: many mail programs drop those of the head."""
        html = _template().render(digest=shown, say=shown.tongue.say, pictures=images)
        return _inliner().inline(html).replace(' data-css-inline="keep"', "", 1)

    return Html(view.fitted(page), tuple(images.values()))


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

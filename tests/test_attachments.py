"""Documents that hang on new items are read, and a match names their page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.attachments import MOST_OF_ONE_ITEM, Reader, wanted
from monitor.errors import FetchError
from monitor.matching import Filter, FilterSet
from monitor.models import Attachment, Item, ItemType, Request, Response, Validators

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FILTERS = FilterSet((Filter("detainers", "Detainers", "detainer"),))


class Shelf:
    """Hands out documents by their address, and remembers what was asked."""

    def __init__(self, **documents: str | Exception) -> None:
        self.documents = documents
        self.asked: list[Request] = []

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Hand one document out."""
        assert last is None
        self.asked.append(request)
        found = self.documents[request.url.rpartition("/")[2].partition(".")[0]]
        if isinstance(found, Exception):
            raise found
        headers = (("content-type", "text/plain; charset=utf-8"),)
        return Response(request, request.url, 200, headers, found.encode(), NOW)


def item(*names: str, type: ItemType = ItemType.AGENDA_ITEM, muted: str = "") -> Item:  # noqa: A002
    """Make an item with attachments of these names."""
    attachments = tuple(Attachment(f"File {n}", f"https://town.example.org/{n}.txt") for n in names)
    return Item(
        source="town",
        key="1",
        type=type,
        jurisdiction="ny",
        title="Item 4",
        text="",
        url="",
        published=None,
        fingerprint="f",
        attachments=attachments,
        muted=muted,
    )


def test_a_match_in_a_document_names_the_document() -> None:
    """The title says nothing; the attachment does."""
    reader = Reader(Shelf(a="The sheriff honors every detainer."), 0.0, most=5)
    (match,) = FILTERS.match(item("a"), documents=reader.fields(item("a")))
    assert match.passages[0].field == "File a"
    assert "detainer" in match.passages[0].text


def test_a_page_break_makes_pages() -> None:
    """A text of several pages says on which one it stands."""
    reader = Reader(Shelf(a="Call to order\fThe detainer policy"), 0.0, most=5)
    assert [name for name, _ in reader.fields(item("a"))] == ["File a p. 1", "File a p. 2"]


def test_each_address_is_asked_once_a_poll() -> None:
    """An agenda packet hangs on all of its items."""
    shelf = Shelf(a="Words")
    reader = Reader(shelf, 2.0, most=5)
    assert reader.fields(item("a")) == reader.fields(item("a"))
    assert len(shelf.asked) == 1
    assert shelf.asked[0].pace == 2.0


def test_a_document_that_cannot_be_had_is_a_warning() -> None:
    """The item stands, its other documents are read, and the poll says what is missing."""
    shelf = Shelf(a=FetchError("https://town.example.org/a.txt", "gone", 404), b="A detainer")
    reader = Reader(shelf, 0.0, most=5)
    assert [name for name, _ in reader.fields(item("a", "b"))] == ["File b"]
    assert reader.summed_up() == ("https://town.example.org/a.txt: gone",)


def test_a_poll_reads_a_bounded_number_and_says_what_it_left() -> None:
    """A packet of hundreds of files holds no poll up, and is not passed over in silence."""
    shelf = Shelf(a="1", b="2", c="3")
    reader = Reader(shelf, 0.0, most=2)
    reader.fields(item("a", "b", "c"))
    assert len(shelf.asked) == 2
    assert reader.summed_up() == ("1 documents were not read: 2 a poll",)


@pytest.mark.parametrize("type", [ItemType.NEWS, ItemType.DOCKET_ENTRY, ItemType.ROW])
def test_documents_of_news_and_dockets_are_left_alone(type: ItemType) -> None:  # noqa: A002
    """A feed's enclosure is a picture or a podcast; a docket's document costs money."""
    shelf = Shelf(a="A detainer")
    assert Reader(shelf, 0.0, most=5).fields(item("a", type=type)) == ()
    assert Reader(shelf, 0.0, most=5).fields(item("a", muted="clerical")) == ()
    assert Reader(shelf, 0.0, most=0).fields(item("a")) == ()
    assert shelf.asked == []


def test_pictures_and_recordings_are_no_documents() -> None:
    """What holds no words is not asked for, nor are more than a few files of one item."""
    files = [
        Attachment("Video", "https://x.example/m.mp4"),
        Attachment("Photo", "https://x.example/p", "image/png"),
        Attachment("Mail", "mailto:clerk@x.example"),
        *(Attachment(f"F{n}", f"https://x.example/{n}.pdf") for n in range(9)),
    ]
    chosen = wanted(files)
    assert [one.title for one in chosen] == ["F0", "F1", "F2", "F3", "F4"]
    assert len(chosen) == MOST_OF_ONE_ITEM

"""Reads a JSON answer that is one list of records."""

from __future__ import annotations

import json

from monitor.connectors._json_answers import Record, complaint, subject_of
from monitor.errors import FormatError, SoftError
from monitor.models import Response
from monitor.text import clean_text, one_line

_BOM = b"\xef\xbb\xbf"


def read_list(response: Response) -> tuple[Record, ...]:
    """Read an answer that is a list; what is no object becomes an empty record.

    Raises SoftError for an empty body, a web page or an error object, FormatError for the rest.
    """
    subject = subject_of(response)
    body = response.body.removeprefix(_BOM).strip()
    if not body:
        raise SoftError(subject, "the answer is empty")
    shown = one_line(clean_text(body[:2_000].decode("utf-8", "replace"), html=True), 80)
    if body.startswith(b"<"):
        raise SoftError(subject, f"a page instead of JSON: {shown}")
    try:
        answer = json.loads(body, strict=False)
    except (ValueError, RecursionError) as fault:
        raise FormatError(subject, f"the answer is not JSON: {shown}") from fault
    if isinstance(answer, dict):
        raise complaint(Record(answer), response) or FormatError(
            subject, f"the answer is no list of records: {shown}"
        )
    if not isinstance(answer, list):
        raise FormatError(subject, f"the answer is no list of records: {shown}")
    return tuple([Record(one if isinstance(one, dict) else {}) for one in answer])

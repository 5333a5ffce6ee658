"""Reads a JSON answer that is one list of records."""

from __future__ import annotations

import json

from monitor.connectors._json_answers import (
    Record,
    complaint,
    read_object,
    rows,
    subject_of,
)
from monitor.errors import FormatError
from monitor.models import Response


def read_list(response: Response) -> tuple[Record, ...]:
    """Read a list's records; what is no object becomes an empty record.

    Raises SoftError for an empty body, a web page, or an error in the publisher's words,
    FormatError for anything else.
    """
    body = response.body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body.startswith(b"["):
        answer = read_object(response)
        raise complaint(answer, response) or FormatError(
            subject_of(response), "an object where a list should be"
        )
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise FormatError(subject_of(response), "the answer is not JSON") from fault
    return rows(Record({"list": found}), "list", response)

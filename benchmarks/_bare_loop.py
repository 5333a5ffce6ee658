"""Fetch a list of addresses with httpx and nothing besides: the floor under every feed reader.

    python benchmarks/_bare_loop.py URLS STATE THREADS

It remembers each ETag and asks with it, reads each body whole, and stores nothing else.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx


def main(urls: Path, state: Path, threads: int) -> None:
    """Ask once for every address in `urls`, one a line."""
    etags: dict[str, str] = json.loads(state.read_text()) if state.exists() else {}
    with httpx.Client() as client, ThreadPoolExecutor(threads) as pool:

        def visit(url: str) -> tuple[str, str]:
            headers = {"If-None-Match": etags[url]} if url in etags else {}
            answer = client.get(url, headers=headers)
            if answer.status_code not in {200, 304}:
                raise SystemExit(f"{url}: HTTP {answer.status_code}")
            return url, answer.headers.get("etag", "")

        found = pool.map(visit, urls.read_text().split())
        state.write_text(json.dumps({url: etag for url, etag in found if etag}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))

"""Poll feeds with the reader library; runs in the rivals' virtual environment.

python benchmarks/_reader_poll.py add URLS STATE
python benchmarks/_reader_poll.py update STATE THREADS
"""

from __future__ import annotations

import sys
from pathlib import Path

from reader import make_reader


def add(urls: Path, state: str) -> None:
    """Subscribe to every address in `urls`, one a line."""
    with make_reader(state) as reader:
        for url in urls.read_text().split():
            reader.add_feed(url)


def update(state: str, threads: int) -> None:
    """Poll all feeds."""
    with make_reader(state) as reader:
        reader.update_feeds(workers=threads, scheduled=False)


if __name__ == "__main__":
    if sys.argv[1] == "add":
        add(Path(sys.argv[2]), sys.argv[3])
    else:
        update(sys.argv[2], int(sys.argv[3]))

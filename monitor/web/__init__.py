"""The web pages: what is ahead, each source's health, metrics, and what subscribers click on.

    WebServer ─ a thread beside the service ─▶ waitress ─▶ app
                                                            ├ doors   by which name was asked?
                                                            ├ Pages   /  /search  /matters  /status
                                                            ├ Feeds   /calendar.ics  /feed.atom
                                                            ├ Vitals  /health  /metrics
                                                            └ Acts    /confirm  /unsubscribe

Each request opens the database for itself, and reads; only what subscribers do, and what calendars
were given, is written. Importing this costs a tenth of a second: only `monitor run` does.
"""

from monitor.web.app import Premises
from monitor.web.server import WebServer

__all__ = ["Premises", "WebServer"]

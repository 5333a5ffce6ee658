"""What people do in Slack: buttons, menus and the command /monitor, over Socket Mode.

    Slack ══ link ─▶ payloads ─▶ inbox ─▶ ack ─▶ queue ─▶ acting    a click → the store → an edit
     ▲                (checked)  (on disk)    (bounded)  └▶ commands  a question → the store
     └─────────────────── replies ◀── answers ◀──────────────┘        always to the one person alone

Socket Mode needs no public address: https://docs.slack.dev/apis/events-api/using-socket-mode.
Whatever comes in was sent by anybody in the workspace, and is believed in nothing.
"""

from monitor.slackapp.app import SlackApp

__all__ = ["SlackApp"]

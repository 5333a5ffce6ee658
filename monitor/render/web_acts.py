"""Shows subscribers the pages that their mail links to: confirm, leave, and how that went.

They are asked by a button, for programs open links to look behind them, and must change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.models import Language
from monitor.render.web_sheet import page


class Step(StrEnum):
    """Where somebody stands with a link of their mail.

    ask_…: they may press the button. confirmed, left: done, now or before. gone: they had left, and
    cannot confirm. unknown: the link leads nowhere.
    """

    ASK_CONFIRM = "ask_confirm"
    ASK_LEAVE = "ask_leave"
    CONFIRMED = "confirmed"
    LEFT = "left"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Words:
    """A page's heading and words, and what its button says; "" for no button."""

    heading: str
    words: str
    button: str = ""


_WORDS = {
    Language.ENGLISH: {
        Step.ASK_CONFIRM: _Words(
            "Do you want the digest?",
            "Press the button, and “{title}” comes to your address from now on. You can leave at "
            "any time by a link in each message.",
            "Yes, send it to me",
        ),
        Step.ASK_LEAVE: _Words(
            "Do you want to leave?",
            "Press the button, and “{title}” does not come to your address any more.",
            "Unsubscribe",
        ),
        Step.CONFIRMED: _Words(
            "You get the digest", "“{title}” comes to your address. There is nothing else to do."
        ),
        Step.LEFT: _Words(
            "You have left", "Nothing more is sent to your address. There is nothing else to do."
        ),
        Step.GONE: _Words(
            "You have left",
            "Nothing is sent to your address. Should you want the digest after all, write to who "
            "sent it to you.",
        ),
        Step.UNKNOWN: _Words(
            "This link leads nowhere",
            "It may have been cut in two on its way: copy the whole address out of your message. "
            "Or answer the message; somebody will see to it.",
        ),
    },
    Language.SPANISH: {
        Step.ASK_CONFIRM: _Words(
            "¿Quiere recibir el boletín?",
            "Pulse el botón y desde ahora recibirá «{title}» en su dirección. Puede darse de baja "
            "en cualquier momento con un enlace de cada mensaje.",
            "Sí, quiero recibirlo",
        ),
        Step.ASK_LEAVE: _Words(
            "¿Quiere darse de baja?",
            "Pulse el botón y no recibirá más «{title}» en su dirección.",
            "Darme de baja",
        ),
        Step.CONFIRMED: _Words(
            "Usted recibe el boletín", "Recibirá «{title}» en su dirección. No hace falta nada más."
        ),
        Step.LEFT: _Words(
            "Se ha dado de baja", "No se le enviará nada más. No hace falta nada más."
        ),
        Step.GONE: _Words(
            "Se ha dado de baja",
            "No se le envía nada. Si de todos modos quiere el boletín, escriba a quien se lo "
            "enviaba.",
        ),
        Step.UNKNOWN: _Words(
            "Este enlace no lleva a ninguna parte",
            "Quizá se cortó por el camino: copie la dirección completa de su mensaje. O responda "
            "al mensaje y alguien se ocupará.",
        ),
    },
}


def act_html(step: Step, title: str, language: Language) -> str:
    """Show where somebody stands; `title` is the digest's. Nothing tells who they are."""
    words = _WORDS[language][step]
    return page(
        "web_act.html.j2",
        heading=words.heading,
        words=words.words.format(title=title),
        button=words.button,
        language=language.value,
        served=False,
    )

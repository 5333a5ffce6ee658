"""Says in Spanish what happened to a matter; titles and a publisher's own words stay as they are.

The composer says the same in English (monitor/digest/sentences.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monitor.models import Hearing, ItemType, Turn, TurnKind
from monitor.render.changes import said
from monitor.render.tongue import SPANISH
from monitor.render.words_es import FIELDS, PHRASES
from monitor.stages import stage_words
from monitor.text import fold
from monitor.wording import field_name

_VALUE = 120
_NEW = {
    ItemType.BILL: "Nuevo proyecto de ley",
    ItemType.COUNCIL_ITEM: "Nuevo asunto del concejo",
    ItemType.AGENDA_ITEM: "Nuevo punto en un orden del día",
    ItemType.MEETING: "Nueva reunión",
    ItemType.DOCKET_ENTRY: "Nuevo escrito judicial",
    ItemType.DOCKET_CAPTION: "Nuevo caso",
    ItemType.OPINION: "Nueva sentencia",
    ItemType.EXECUTIVE_ORDER: "Nueva orden ejecutiva",
    ItemType.FEDERAL_REGISTER: "Nuevo en el Registro Federal",
    ItemType.PRESS_RELEASE: "Nuevo comunicado de prensa",
    ItemType.NEWS: "Nueva noticia",
    ItemType.AGREEMENT: "Nuevo acuerdo",
    ItemType.PAGE_CHANGE: "Página modificada",
    ItemType.ROW: "Nuevo en una lista",
}
_GONE = {
    ItemType.MEETING: "Retirada del calendario",
    ItemType.AGENDA_ITEM: "Retirado del orden del día",
}
_BACK = {
    ItemType.MEETING: "De nuevo en el calendario",
    ItemType.AGENDA_ITEM: "De nuevo en el orden del día",
}
_FIXED = {
    TurnKind.AMENDED: "Texto enmendado",
    TurnKind.RETITLED: "Título cambiado",
    TurnKind.DOCUMENTS: "Documentos modificados",
    TurnKind.ADDED_LATE: "Añadido a última hora al orden del día",
    TurnKind.READ_NOW: "El orden del día ya se puede leer",
}
_MOVED = {"meeting": "Reunión aplazada o adelantada: ahora", "hearing": "Audiencia cambiada: ahora"}
_SET = {"meeting": "Reunión fijada para", "hearing": "Audiencia fijada para"}


def turn_in_spanish(turn: Turn, type_: ItemType) -> str:
    """Say one thing that happened to a matter of this type, without a full stop."""
    if turn.kind in _FIXED:
        return _FIXED[turn.kind]
    return _SAID[turn.kind](turn, type_)


def _stage(turn: Turn, type_: ItemType) -> str:
    words = SPANISH.stage(turn.stage, type_) if turn.stage else "Otra etapa"
    own = said(turn.new, _VALUE)
    english = fold(stage_words(turn.stage, type_)) if turn.stage else ""
    return words if not own or fold(own) in english else f"{words} («{own}»)"


def _date(turn: Turn, type_: ItemType) -> str:
    del type_
    if turn.hearing is None:
        is_off = turn.kind is TurnKind.DATE_CANCELLED
        return "Fecha cancelada" if is_off else "Fechas modificadas"
    when = said(SPANISH.hearing_time(turn.hearing), _VALUE)
    kind = SPANISH.date_kind(turn.hearing.kind)
    if turn.kind is TurnKind.DATE_CANCELLED:
        return f"{SPANISH.say('{what} (cancelled)', what=kind)}, {when}".rstrip(", ")
    words = _MOVED if turn.kind is TurnKind.DATE_MOVED else _SET
    return f"{words.get(turn.hearing.kind, f'{kind}:')} {_article(turn.hearing)}{when}".rstrip()


def _article(hearing: Hearing) -> str:
    return "el " if hearing.starts is not None else ""


def _filed(turn: Turn, type_: ItemType) -> str:
    del type_
    ruling = SPANISH.stage(turn.stage, ItemType.DOCKET_ENTRY) if turn.stage else ""
    own = said(turn.new, _VALUE)
    english = fold(stage_words(turn.stage, ItemType.DOCKET_ENTRY)) if turn.stage else ""
    quoted = f"«{own}»" if own and fold(own) not in english else ""
    chief = f"{ruling} ({quoted})" if ruling and quoted else ruling or quoted
    if turn.count == 1:
        return f"Presentado: {chief}" if chief else "Un escrito presentado"
    told = f"; el de más peso: {chief}" if chief else ""
    return f"{turn.count} escritos presentados{told}"


def _reported(turn: Turn, type_: ItemType) -> str:
    del type_
    name = said(turn.new, _VALUE)
    if turn.count > 1:
        return f"{turn.count} publicaciones más de {name}"
    return f"Otra publicación de {name}"


def _value(turn: Turn, type_: ItemType) -> str:
    del type_
    english = "Status" if turn.kind is TurnKind.STATUS else field_name(turn.name)
    name = FIELDS.get(english) or PHRASES.get(english) or f"Dato «{said(english, _VALUE)}»"
    old, new = said(turn.old, _VALUE), said(turn.new, _VALUE)
    if old and new:
        return f"{name}: {old} → {new}"
    return f"{name}: {new or 'ya ninguno'}"


_SAID: Mapping[TurnKind, Callable[[Turn, ItemType], str]] = {
    TurnKind.NEW: lambda _, type_: _NEW[type_],
    TurnKind.STAGE: _stage,
    TurnKind.DATE_SET: _date,
    TurnKind.DATE_MOVED: _date,
    TurnKind.DATE_CANCELLED: _date,
    TurnKind.STATUS: _value,
    TurnKind.FIELD: _value,
    TurnKind.FILED: _filed,
    TurnKind.REPORTED: _reported,
    TurnKind.GONE: lambda _, type_: _GONE.get(type_, "Ya no figura en la lista"),
    TurnKind.LISTED_AGAIN: lambda _, type_: _BACK.get(type_, "De nuevo en la lista"),
}

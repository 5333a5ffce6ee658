"""The Spanish table: every fixed phrase of a digest by its English words, {names} as they are.

Written for readers in the United States: "ICE", "287(g)" and the names of courts, places, bills and
laws stay as they are published. Commas part thousands, as there.
"""

from __future__ import annotations

from collections.abc import Mapping

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")

_HEADINGS = {
    "Immigration policy digest": "Boletín de política migratoria",
    "Immigration policy hearings": "Audiencias de política migratoria",
    "What needs action": "Lo que pide acción",
    "Hearings and deadlines ahead, and how to take part.": (
        "Audiencias y plazos próximos, y cómo participar."
    ),
    "Won": "Ganado",
    "Decided, towards less cooperation with ICE.": "Decidido, hacia menos cooperación con ICE.",
    "Lost": "Perdido",
    "Decided, towards more cooperation with ICE.": "Decidido, hacia más cooperación con ICE.",
    "Suits and rulings": "Demandas y fallos",
    "New cases, and what courts decided.": "Casos nuevos y lo que decidieron los tribunales.",
    "287(g) agreements": "Acuerdos 287(g)",
    "Agreements by which local officers act for ICE.": (
        "Acuerdos por los que agentes locales actúan para ICE."
    ),
    "Moving": "En marcha",
    "Known matters that changed.": "Asuntos conocidos que cambiaron.",
    "New": "Nuevo",
    "Seen for the first time.": "Visto por primera vez.",
    "Watching": "En observación",
    "Weak signs only; nobody was alerted to them.": (
        "Solo indicios débiles; no se avisó a nadie de ellos."
    ),
    "Also planned": "También previsto",
    "Further dates in the next two weeks.": "Otras fechas de las próximas dos semanas.",
    "How many matters moved each week?": "¿Cuántos asuntos se movieron cada semana?",
    "How many 287(g) agreements are in force?": "¿Cuántos acuerdos 287(g) están vigentes?",
    "From {first} to {last} in {count} weeks ({change}).": (
        "De {first} a {last} en {count} semanas ({change})."
    ),
    "Week by week": "Semana a semana",
    "What was checked": "Qué se revisó",
    "How to take part": "Cómo participar",
    "A quiet week": "Una semana tranquila",
    "A quiet day": "Un día tranquilo",
}
_COUNTS = {
    "{n} needs action": "{n} pide acción",
    "{n} need action": "{n} piden acción",
    "{n} won": "ganados: {n}",
    "{n} lost": "perdidos: {n}",
    "{n} suit or ruling": "{n} demanda o fallo",
    "{n} suits and rulings": "{n} demandas y fallos",
    "{n} agreement added": "{n} acuerdo añadido",
    "{n} agreements added": "{n} acuerdos añadidos",
    "{n} agreement ended": "{n} acuerdo terminado",
    "{n} agreements ended": "{n} acuerdos terminados",
    "{n} agreement changed": "{n} acuerdo modificado",
    "{n} agreements changed": "{n} acuerdos modificados",
    "{n} moving": "en marcha: {n}",
    "{n} new": "nuevos: {n}",
    "{n} watched": "en observación: {n}",
    "{n} visit": "{n} visita",
    "{n} visits": "{n} visitas",
    "added": "añadidos",
    "ended": "terminados",
    "in force nationwide": "vigentes en todo el país",
    "and {n} more": "y {n} más",
    "{named} and {n} more": "{named} y {n} más",
}
_SENTENCES = {
    "Nothing new.": "Nada nuevo.",
    " — next: {when}": " — lo próximo: {when}",
    "Nothing new was published on what you follow.": (
        "No se publicó nada nuevo sobre lo que usted sigue."
    ),
    "Nothing new was published on what you follow, but for {n} weak sign, at the end.": (
        "No se publicó nada nuevo sobre lo que usted sigue, salvo {n} indicio débil, al final."
    ),
    "Nothing new was published on what you follow, but for {n} weak signs, at the end.": (
        "No se publicó nada nuevo sobre lo que usted sigue, salvo {n} indicios débiles, al final."
    ),
    "{n} more does not fit here.": "{n} más no cabe aquí.",
    "{n} more do not fit here.": "{n} más no caben aquí.",
    "{n} matter, too much for here.": "{n} asunto, demasiado para aquí.",
    "{n} matters, too many here.": "{n} asuntos, demasiados para aquí.",
    "{n} more, with lesser changes.": "{n} más, con cambios menores.",
    "All matters at {host}": "Todos los asuntos en {host}",
    "For the whole list, write to {contact}.": "Para la lista completa, escriba a {contact}.",
    "{checked} of {sources} sources were checked ({polls}).": (
        "Se revisaron {checked} de {sources} fuentes ({polls})."
    ),
    "All of them answered.": "Todas respondieron.",
    "Sources that failed": "Fuentes que fallaron",
    "Silent for longer than expected": "En silencio más tiempo de lo esperado",
    "Entries may have been missed": "Es posible que falten entradas",
    "Not visited in this time": "Sin visitar en este tiempo",
    "These courts' feeds carry only a part of the filings": (
        "Los canales de estos tribunales traen solo una parte de los escritos"
    ),
    "Composed {when}.": "Compuesto el {when}.",
    "The dates are in the attached calendar, {file}.": (
        "Las fechas están en el calendario adjunto, {file}."
    ),
    "You asked for: {wanted}.": "Usted pidió: {wanted}.",
    "Nothing in this mail tells anybody that you read it.": (
        "Nada en este correo avisa a nadie de que usted lo leyó."
    ),
    "Unsubscribe": "Darse de baja",
    "Change what you get": "Cambiar lo que recibe",
    "Questions:": "Preguntas:",
    "Source: {names}": "Fuente: {names}",
    "(without a title)": "(sin título)",
    "{what} (cancelled)": "{what} (se canceló)",
    "Chart of {count} weeks, {first} to {last}: most {high} (week of {high_week}), "
    "least {low} (week of {low_week}), last {now}.": (
        "Gráfico de {count} semanas, del {first} al {last}: máximo {high} (semana del "
        "{high_week}), mínimo {low} (semana del {low_week}), última {now}."
    ),
    "All {count} weeks, {first} to {last}": "Las {count} semanas, del {first} al {last}",
}
_TIMES = {
    "today": "hoy",
    "tomorrow": "mañana",
    "in {n} hour": "en {n} hora",
    "in {n} hours": "en {n} horas",
    "in {n} days": "en {n} días",
    "over": "vencido",
    "Hearing": "Audiencia",
    "Meeting": "Reunión",
    "Comments due": "Comentarios hasta",
    "In force": "En vigor",
    "Return date": "Fecha de comparecencia",
    "Date": "Fecha",
}
_WAYS = {
    "Sign up by": "Inscribirse hasta",
    "E-mail": "Correo electrónico",
    "Call": "Teléfono",
    "Form": "Formulario",
    "Join or watch": "Conectarse o ver",
    "In person": "En persona",
    "Access help": "Ayuda de acceso",
    "at the meeting": "en la reunión",
}
_KINDS = {
    "Limits cooperation with ICE": "Limita la cooperación con ICE",
    "Expands cooperation with ICE": "Amplía la cooperación con ICE",
    "Bill": "Proyecto de ley",
    "Council item": "Asunto del concejo",
    "Agenda item": "Punto del orden del día",
    "Docket entry": "Escrito judicial",
    "Case": "Caso",
    "Opinion": "Sentencia",
    "Executive order": "Orden ejecutiva",
    "Federal Register": "Registro Federal",
    "Press release": "Comunicado de prensa",
    "News": "Noticia",
    "Agreement": "Acuerdo",
    "Web page": "Página web",
    "List": "Lista",
    "United States": "Estados Unidos",
}
# Titles of the filters that are shipped; others stay as their file has them.
_TOPICS = {
    "Data that reaches immigration enforcement": "Datos que llegan al control migratorio",
    "Detainers and jail cooperation": "Órdenes de retención (detainers) y cooperación de cárceles",
    "Immigration detention": "Detención migratoria",
    "Federal operations and troop deployments": "Operativos federales y despliegue de tropas",
    "Federal rules and notices on enforcement": "Normas y avisos federales sobre control",
    "Money tied to immigration enforcement": "Fondos ligados al control migratorio",
    "ICE and civil immigration enforcement": "ICE y control migratorio civil",
    "Legal defence and help for people facing enforcement": (
        "Defensa legal y ayuda ante el control migratorio"
    ),
    "Cases": "Casos judiciales",
    "Masks and identification of officers": "Máscaras e identificación de agentes",
    "Acts known by name": "Leyes conocidas por su nombre",
    "New cases, by their parties": "Casos nuevos, por sus partes",
    "Oversight, records and accountability": "Supervisión, registros y rendición de cuentas",
    "Public property and staging": "Propiedad pública y zonas de operativos",
    "Deportation and removal law": "Derecho de deportación y expulsión",
    "Sanctuary and welcoming laws": "Leyes santuario y de bienvenida",
    "Courthouses, schools, hospitals, places of worship": (
        "Tribunales, escuelas, hospitales, lugares de culto"
    ),
    "En español": "En español",
    "Immigration, not enforcement (digest only)": "Inmigración, sin control (solo en el boletín)",
}
_STAGES = {
    "Introduced": "Presentado",
    "In committee": "En comisión",
    "Hearing set": "Audiencia fijada",
    "Amended": "Enmendado",
    "Reported from committee": "Dictaminado por la comisión",
    "Passed one chamber": "Aprobado en una cámara",
    "Passed": "Aprobado",
    "Signed": "Firmado",
    "Vetoed": "Vetado",
    "Enacted": "Promulgado",
    "Repealed": "Derogado",
    "Failed": "Rechazado",
    "Withdrawn": "Retirado",
    "Proposed": "Propuesto",
    "Final": "Definitivo",
    "Filed": "Presentado ante el tribunal",
    "Motion": "Petición (motion)",
    "Order": "Orden judicial",
    "Restraining order granted": "Orden de restricción temporal concedida",
    "Restraining order denied": "Orden de restricción temporal denegada",
    "Injunction granted": "Medida cautelar (injunction) concedida",
    "Injunction denied": "Medida cautelar (injunction) denegada",
    "Injunction stayed": "Medida cautelar (injunction) suspendida",
    "Injunction vacated": "Medida cautelar (injunction) anulada",
    "Judgment": "Fallo",
    "Appealed": "Apelado",
    "Mandate issued": "Mandato emitido",
    "Remanded": "Devuelto al tribunal inferior",
    "Closed": "Cerrado",
    "Pending": "Pendiente",
    "Terminated": "Terminado",
    "Revoked": "Revocada",
    "Rescinded": "Rescindido",
    "Proposed rule": "Norma propuesta",
    "Final rule": "Norma definitiva",
    "Case closed": "Caso cerrado",
}
FIELDS: Mapping[str, str] = {
    "Status": "Estado",
    "Dates": "Fechas",
    "Documents": "Documentos",
    "Body": "Órgano",
    "Title": "Título",
    "Text": "Texto",
    "Action": "Acción",
    "Agenda date": "Fecha en el orden del día",
    "Docket number": "Número de expediente",
    "Document number": "Número de documento",
    "Editorial note": "Nota editorial",
    "Enactment number": "Número de ley",
    "Executive order number": "Número de orden ejecutiva",
    "File": "Expediente",
    "Final action": "Acción final",
    "Last action": "Última acción",
    "Latest action date": "Fecha de la última acción",
    "Nature of suit": "Materia de la demanda",
    "Signing date": "Fecha de firma",
    "Sponsors": "Patrocinadores",
    "Lead sponsor": "Patrocinador principal",
    "Judge": "Juez",
    "Support type": "Modelo de acuerdo",
    "Time": "Hora",
    "Type": "Tipo",
    "Version": "Versión",
}

# What was put together of parts before (monitor/digest/coverage.py, composing.py, silence.py); a
# reason in it is a machine's own words.
PATTERNS: tuple[tuple[str, str], ...] = (
    (r"could not be read(?=;|$)", "no se pudo leer"),
    (r"; it was never read$", "; nunca se ha leído"),
    (r"; last read (.+)$", r"; última lectura: \1"),
    (r"^nothing new(?= in )", "nada nuevo"),
    (r"^(\d+) new(?= in )", r"\1 nuevos"),
    (r" in a day(?=, where)", " en un día"),
    (r" in a week(?=, where)", " en una semana"),
    (r" in a month(?=, where)", " en un mes"),
    (r" in (\d+) days(?=, where)", r" en \1 días"),
    (r" in (\d+) hours(?=, where)", r" en \1 horas"),
    (r", where (\d+) were expected$", r", cuando se esperaban \1"),
    (
        r"^nothing since (\w{3} \d+), (\d+) working days ago; its longest pause before was (\d+)$",
        r"nada desde el \1, hace \2 días laborables; su pausa más larga hasta ahora fue de \3",
    ),
    (
        r"^more was published than its list holds, once$",
        "se publicó más de lo que cabe en su lista",
    ),
    (
        r"^more was published than its list holds, (\d+) times$",
        r"se publicó más de lo que cabe en su lista, \1 veces",
    ),
    (r"^On the watch list: ", "En la lista de seguimiento: "),
)
PHRASES: Mapping[str, str] = {
    **_HEADINGS,
    **_COUNTS,
    **_SENTENCES,
    **_TIMES,
    **_WAYS,
    **_KINDS,
    **_STAGES,
    **_TOPICS,
}

"""Docket entries: every trap of the labels, and rulings whose object is something else."""

from __future__ import annotations

import pytest

from monitor.models import Entry, Identifier, ItemType, Stage
from monitor.stages import read_stage
from monitor.stages.dockets import stage_of_words

S = Stage
# Made up, in the manner of CM/ECF; the outcome stands before the words.
LABELS = (
    (S.MOTION, "Preliminary Injunction"),
    (S.MOTION, "Temporary Restraining Order"),
    (S.MOTION, "TRO"),
    (S.MOTION, "Emergency Preliminary Injunction"),
    (S.MOTION, "Dismiss"),
    (S.MOTION, "Dismiss for Lack of Jurisdiction"),
    (S.MOTION, "Summary Judgment"),
    (S.MOTION, "Stay"),
    (S.MOTION, "Remand"),
    (S.MOTION, "Intervene"),
    (S.MOTION, "Motion for Preliminary Injunction"),
    (S.MOTION, "Vacate"),
    (S.ORDER, "Order on Motion for Preliminary Injunction"),
    (S.ORDER, "Order on Motion for TRO"),
    (S.ORDER, "Order on Motion to Dismiss"),
    (S.ORDER, "Memorandum & Opinion"),
    (S.ORDER, "Memorandum and/or Opinion"),
    (S.ORDER, "Order"),
    (S.JUDGMENT, "Judgment"),
    (S.INJUNCTION_GRANTED, "Permanent Injunction"),
    (S.FILED, "Complaint (Attorney Civil Case Opening)"),
    (S.FILED, "Notice of Removal (Attorney Civil Case Opening)"),
    (None, "Amended Complaint"),
    (S.APPEALED, "Notice of Appeal to 9th Circuit"),
    (S.APPEALED, "Notice of Appeal - Interlocutory"),
    (S.APPEALED, "Transmission of Notice of Appeal and Docket Sheet"),
    (S.MANDATE, "USCA Mandate"),
    (S.ORDER, "Minute Order"),
    (None, "Notice of Appearance"),
    (S.HEARING_SET, "Set/Reset Hearings"),
    (None, "Set/Reset Deadlines"),
    (None, "Letter"),
    (S.HEARING_SET, "Notice of Hearing on Motion"),
)
TEXTS = (
    (S.ORDER, "ORDER: the motion for a preliminary injunction is DENIED AS MOOT."),
    (S.ORDER, "ORDER: the motion for a TRO is moot and therefore denied; a hearing follows"),
    (
        S.INJUNCTION_GRANTED,
        (
            "OPINION AND ORDER re: 12 MOTION for Preliminary Injunction filed by City. For "
            "the foregoing reasons, Plaintiffs' motion is GRANTED."
        ),
    ),
    (
        S.INJUNCTION_DENIED,
        (
            "OPINION AND ORDER re: 12 MOTION for Preliminary Injunction filed by City. The "
            "motion is denied."
        ),
    ),
    (
        S.ORDER,
        (
            "OPINION AND ORDER re: 12 MOTION for Preliminary Injunction; 13 MOTION to "
            "Dismiss. The motion is denied."
        ),
    ),
    (
        S.TRO_GRANTED,
        (
            "MINUTE ORDER. Upon consideration of 12 Motion for Temporary Restraining Order, "
            "it is hereby ORDERED that the motion is GRANTED."
        ),
    ),
    (S.ORDER, "OPINION AND ORDER re: 12 MOTION for Extension of Time. The motion is granted."),
    (
        S.INJUNCTION_GRANTED,
        (
            "Judge A. Example: ELECTRONIC ORDER entered granting 12 Motion for Preliminary "
            "Injunction"
        ),
    ),
    (
        S.INJUNCTION_GRANTED,
        (
            "District Judge B. C. Example: ORDER entered. MEMORANDUM AND ORDER granting 12 "
            "Motion for Preliminary Injunction"
        ),
    ),
    (
        S.INJUNCTION_GRANTED,
        (
            "Order by Judge A. Example granting 111 Motion for Preliminary Injunction.(abc, "
            "COURT STAFF)"
        ),
    ),
    (
        None,
        ("DISSENT from 14 Memorandum Opinion and Order Granting Motion for Preliminary Injunction"),
    ),
    (S.CLOSED, "Notice of Voluntary Dismissal"),
    (S.CLOSED, "Stipulation of Dismissal"),
    (None, "Notice of Voluntary Dismissal as to Party"),
    (
        S.INJUNCTION_GRANTED,
        (
            "ORDER granting 12 Motion for Preliminary Injunction. Signed by Judge A. Example on "
            "3/1/2026."
        ),
    ),
    (
        S.INJUNCTION_GRANTED,
        "ORDER granting in part and denying in part 12 Motion for Preliminary Injunction",
    ),
    (
        S.INJUNCTION_GRANTED,
        "ORDER GRANTING PLAINTIFFS' MOTION FOR A PRELIMINARY INJUNCTION by Judge Example",
    ),
    (
        S.INJUNCTION_GRANTED,
        (
            "MEMORANDUM OPINION AND ORDER granting the City of Nowhere's emergency motion for a "
            "preliminary injunction"
        ),
    ),
    (
        S.INJUNCTION_GRANTED,
        "ORDER: Plaintiffs' Motion for Preliminary Injunction (Doc. 5) is GRANTED IN PART.",
    ),
    (S.INJUNCTION_GRANTED, "PRELIMINARY INJUNCTION. Signed by Judge A. Example on 4/1/2026."),
    (
        S.MOTION,
        "PRELIMINARY INJUNCTION by City of Nowhere against Department. (Attachments: # 1 Brief)",
    ),
    (S.TRO_GRANTED, "TEMPORARY RESTRAINING ORDER. Signed by Judge Example"),
    (S.TRO_GRANTED, "ORDER granting 3 Emergency Motion for Temporary Restraining Order"),
    (S.TRO_GRANTED, "ORDER extending Temporary Restraining Order for 14 days"),
    (S.TRO_GRANTED, "MINUTE ORDER granting 2 Motion for TRO"),
    (S.TRO_DENIED, "ORDER denying 2 Motion for TRO"),
    (
        S.INJUNCTION_DENIED,
        "ORDER denying 2 Motion for Preliminary Injunction; denying 3 Motion to Expedite",
    ),
    (
        S.INJUNCTION_DENIED,
        (
            "OPINION AND ORDER: for the reasons stated, the motion for a preliminary injunction is "
            "DENIED without prejudice."
        ),
    ),
    (S.ORDER, "ORDER denying as moot 12 Motion for Preliminary Injunction"),
    (
        S.ORDER,
        (
            "ORDER granting 15 Motion for Extension of Time to File Response re 12 MOTION for "
            "Preliminary Injunction"
        ),
    ),
    (
        S.ORDER,
        (
            "ORDER granting 15 Consent Motion for Leave to File Excess Pages re 12 MOTION for "
            "Preliminary Injunction"
        ),
    ),
    (S.ORDER, "ORDER granting Motion to Expedite Hearing on Motion for Preliminary Injunction"),
    (S.ORDER, "ORDER denying 40 Motion to Stay Preliminary Injunction Pending Appeal"),
    (S.INJUNCTION_STAYED, "ORDER granting 40 Motion to Stay Preliminary Injunction Pending Appeal"),
    (S.ORDER, "ORDER granting 40 Motion to Stay Case Pending Appeal of Preliminary Injunction"),
    (S.ORDER, "ORDER granting 41 Motion to Stay Briefing on Motion for Preliminary Injunction"),
    (S.MOTION, "MOTION to Dissolve Preliminary Injunction by Department"),
    (S.INJUNCTION_VACATED, "ORDER granting 50 Motion to Dissolve Preliminary Injunction"),
    (S.ORDER, "ORDER denying 50 Motion to Dissolve Preliminary Injunction"),
    (S.INJUNCTION_VACATED, "ORDER vacating preliminary injunction"),
    (S.ORDER, "ORDER vacating hearing on Motion for Preliminary Injunction"),
    (S.REMANDED, "MANDATE of USCA reversing and remanding as to 12 Notice of Appeal"),
    (S.MANDATE, "USCA MANDATE affirming the decision of the district court"),
    (
        S.APPEALED,
        "NOTICE of Appeal as to 45 Order on Motion for Preliminary Injunction by Department",
    ),
    (S.APPEALED, "NOTICE OF INTERLOCUTORY APPEAL from 45 Order. Document filed by Kristi Example."),
    (None, "RESPONSE in Opposition re 12 MOTION for Preliminary Injunction filed by Department"),
    (None, "REPLY to Response to Motion re 12 MOTION for Preliminary Injunction"),
    (None, "BRIEF in support of ORDER granting preliminary injunction"),
    (None, "NOTICE of Compliance re 20 Order granting Preliminary Injunction"),
    (None, "NOTICE of Supplemental Authority re 12 MOTION for Preliminary Injunction"),
    (S.MOTION, "NOTICE OF MOTION AND MOTION for Preliminary Injunction filed by City"),
    (S.MOTION, "First MOTION for Preliminary Injunction (Hearing set for 3/4/2026)"),
    (
        S.MOTION,
        "Emergency MOTION for Temporary Restraining Order , MOTION for Preliminary Injunction",
    ),
    (
        S.HEARING_SET,
        (
            "NOTICE of Hearing on 12 MOTION for Preliminary Injunction. Motion Hearing set for "
            "3/4/2026"
        ),
    ),
    (S.HEARING_SET, "ORDER setting hearing on 12 Motion for Preliminary Injunction"),
    (S.CLOSED, "ORDER DISMISSING CASE. Signed by Judge"),
    (S.CLOSED, "ORDER: The action is dismissed without prejudice. Clerk to close the case."),
    (S.ORDER, "ORDER granting 30 Motion to Dismiss for Failure to State a Claim"),
    (S.ORDER, "ORDER denying 30 Motion to Dismiss"),
    (S.CLOSED, "NOTICE of Voluntary Dismissal by City of Nowhere"),
    (None, "NOTICE of Voluntary Dismissal as to Defendant Example"),
    (S.CLOSED, "***Civil Case Terminated."),
    (S.CLOSED, "ORDER remanding case to Superior Court of California"),
    (S.JUDGMENT, "JUDGMENT in favor of City of Nowhere against Department"),
    (S.JUDGMENT, "ORDER granting 60 Motion for Summary Judgment"),
    (S.ORDER, "ORDER denying 60 Motion for Summary Judgment"),
    (S.ORDER, "ORDER granting 61 Motion for Extension of Time re Motion for Summary Judgment"),
    (S.ORDER, "ORDER reopening case. The case was administratively closed on 1/1/2026"),
    (S.ORDER, "ORDER granting 77 Motion to Enforce Preliminary Injunction"),
    (S.ORDER, "ORDER granting 78 Motion to Clarify Preliminary Injunction"),
    (S.ORDER, "ORDER modifying preliminary injunction"),
    (S.MOTION, "MOTION to Stay Preliminary Injunction pending appeal by Department"),
    (None, "MEMORANDUM OF LAW in Support re 12 MOTION for Preliminary Injunction"),
    (
        None,
        (
            "Minute Entry for proceedings held before Judge Example: Motion Hearing held on "
            "3/4/2026 "
            "re 12 MOTION for Preliminary Injunction"
        ),
    ),
    (
        S.INJUNCTION_GRANTED,
        "Minute Entry: Motion Hearing held. The Court GRANTS 12 MOTION for Preliminary Injunction.",
    ),
    (S.ORDER, "ORDER TO SHOW CAUSE why a preliminary injunction should not be granted"),
    (S.ORDER, "SCHEDULING ORDER re Motion for Preliminary Injunction"),
    (S.ORDER, "STIPULATION AND ORDER re briefing schedule for preliminary injunction"),
    (S.INJUNCTION_GRANTED, "STIPULATION AND ORDER granting preliminary injunction"),
    (None, "PROPOSED ORDER granting preliminary injunction"),
    (None, "Proposed Order granting 12 Motion for Preliminary Injunction"),
    (
        S.INJUNCTION_GRANTED,
        "ORDER Denying Motion to Dismiss and Granting Motion for Preliminary Injunction",
    ),
    (
        S.INJUNCTION_GRANTED,
        "ORDER granting 12 Motion for Preliminary Injunction; denying as moot 3 Motion for TRO",
    ),
    (
        S.INJUNCTION_DENIED,
        "ORDER denying 12 Motion for Preliminary Injunction; denying as moot 3 Motion for TRO",
    ),
    (S.ORDER, "ORDER granting 12 Motion to Withdraw Motion for Preliminary Injunction"),
    (
        S.ORDER,
        (
            "ORDER granting motion to consolidate hearing on preliminary injunction with "
            "trial on the "
            "merits"
        ),
    ),
    (S.MOTION, "Joint MOTION to Extend Temporary Restraining Order"),
    (None, "TRANSCRIPT of Preliminary Injunction hearing"),
    (None, "EXHIBIT re TRO"),
    (None, "Notice of Appeal fee received"),
    (S.INJUNCTION_DENIED, "ORDER denying motion for injunction pending appeal"),
    (S.ORDER, "ORDER staying proceedings pending appeal"),
    (None, "CLERK'S NOTICE"),
    (S.ORDER, "ELECTRONIC ORDER finding as moot 3 Motion for TRO"),
    (
        S.TRO_GRANTED,
        (
            "ORDER GRANTING PETITIONER'S EX PARTE APPLICATION FOR TEMPORARY RESTRAINING "
            "ORDER [DKT. "
            "NO. 5-1]"
        ),
    ),
    (
        S.INJUNCTION_GRANTED,
        "FINDINGS OF FACT AND CONCLUSIONS OF LAW and ORDER granting permanent injunction",
    ),
    (S.MOTION, "Ex Parte Application for Temporary Restraining Order"),
    (None, "DECLARATION of A. Example in support of Motion for TRO"),
    (None, "AFFIDAVIT of Service of Order granting TRO"),
    (S.ORDER, "ORDER denying motion for reconsideration of order granting preliminary injunction"),
    (S.ORDER, "ORDER denying 90 Motion to Clarify 45 Order Granting Preliminary Injunction"),
    (S.ORDER, "ORDER granting Motion for Preliminary Injunction Hearing"),
    (
        S.ORDER,
        (
            "ORDER: the Court having granted the motion for preliminary injunction, a status "
            "conference is set"
        ),
    ),
    (
        S.INJUNCTION_GRANTED,
        (
            "ORDER granting 12 Motion for Preliminary Injunction; the temporary restraining "
            "order is "
            "dissolved"
        ),
    ),
    (S.ORDER, "ORDER lifting stay of preliminary injunction"),
    (S.ORDER, "ORDER denying 5 Motion to Vacate Preliminary Injunction"),
    (S.ORDER, "ORDER granting 4 Stipulation re preliminary injunction"),
    (
        S.ORDER,
        "ORDER granting leave to file amicus brief in support of motion for preliminary injunction",
    ),
    (S.ORDER, "ORDER granting 8 Motion to Stay Proceedings Pending Resolution of Appeal"),
    (None, "OBJECTION to ORDER granting preliminary injunction"),
    (None, "Appearance entered for TRO hearing"),
    (
        S.INJUNCTION_GRANTED,
        (
            "ORDER: IT IS ORDERED that Defendants are preliminarily enjoined from enforcing the "
            "conditions"
        ),
    ),
    (S.INJUNCTION_VACATED, "ORDER: The preliminary injunction is hereby DISSOLVED."),
    (S.ORDER, "ORDER vacating stay of preliminary injunction"),
    (S.TRO_GRANTED, "Minute Order: TRO granted until March 1"),
    (S.ORDER, "Order on Stipulation"),
    (None, "REPORT AND RECOMMENDATION that motion for preliminary injunction be granted"),
    (
        S.ORDER,
        "ORDER adopting schedule; hearing whether to grant preliminary injunction set for March 3",
    ),
)
ABOVE = (
    (S.REMANDED, "Judgment VACATED and case REMANDED for further consideration."),
    (S.ORDER, "Application (26A11) referred to the Court. Application denied by the Court."),
    (None, "Application (26A11) referred to the Court."),
    (
        S.ORDER,
        (
            "Application (26A1) granted by Justice Nobody extending the time to file until "
            "May 1, 2027."
        ),
    ),
    (S.ORDER, "Application (25A1231) denied as moot."),
    (None, "Response to application (26A800) requested by Justice Nobody, due May 4, 2026"),
    (
        S.INJUNCTION_STAYED,
        (
            "The applications for stay are granted. The District Court's May 1, 2026, order "
            "granting a preliminary injunction is stayed pending appeal."
        ),
    ),
    (
        S.ORDER,
        (
            "The application for stay is granted. The May 1, 2026 order of the District "
            "Court is stayed."
        ),
    ),
    (S.ORDER, "The application for stay is denied."),
    (S.FILED, "Petition for a writ of certiorari filed. (Response due July 2, 2026)"),
    (
        S.INJUNCTION_STAYED,
        "ORDER: The district court's preliminary injunction is STAYED pending appeal.",
    ),
    (
        S.INJUNCTION_STAYED,
        "ORDER granting emergency motion for administrative stay of the preliminary injunction",
    ),
    (S.ORDER, "ORDER: temporary administrative stay granted."),
    (
        S.INJUNCTION_STAYED,
        (
            "Application (26A901) for stay of injunction pending appeal presented to Justice "
            "Nobody "
            "granted."
        ),
    ),
    (S.ORDER, "Application (26A901) denied by the Court."),
    (
        S.ORDER,
        (
            "Application (26A901) for a stay presented to The Chief Justice and by him referred to "
            "the Court is granted."
        ),
    ),
    (S.MOTION, "Application (26A901) for a stay, submitted to Justice Nobody."),
    (S.CLOSED, "Petition DENIED."),
    (S.ORDER, "Petition GRANTED."),
    (S.JUDGMENT, "JUDGMENT ISSUED."),
    (S.FILED, "Petition for a writ of certiorari filed. (Response due December 1, 2026)"),
    (None, "DISTRIBUTED for Conference of 12/4/2026."),
    (S.HEARING_SET, "SET FOR ARGUMENT on Monday, January 11, 2027."),
    (
        S.INJUNCTION_VACATED,
        "OPINION filed: we VACATE the district court's preliminary injunction and REMAND.",
    ),
    (S.JUDGMENT, "OPINION filed. AFFIRMED."),
    (S.REMANDED, "ORDER: VACATED AND REMANDED to the district court"),
    (S.MANDATE, "MANDATE ISSUED."),
    (S.ORDER, "ORDER denying rehearing en banc"),
    (S.MOTION, "PETITION for rehearing en banc filed"),
    (None, "APPELLANT BRIEF FILED"),
    (S.CLOSED, "ORDER dismissing appeal"),
    (
        S.JUDGMENT,
        "OPINION filed : AFFIRMED the district court's order denying preliminary injunction",
    ),
    (S.JUDGMENT, "OPINION issued. We affirm the grant of the preliminary injunction."),
    (
        S.REMANDED,
        (
            "Motion of petitioner for leave to proceed in forma pauperis GRANTED. Petition "
            "GRANTED. "
            "Judgment VACATED and case REMANDED."
        ),
    ),
    (
        S.INJUNCTION_STAYED,
        (
            "The application for stay presented to Justice Nobody is granted. The preliminary "
            "injunction entered May 1, 2026 is stayed pending disposition of the appeal."
        ),
    ),
)


@pytest.mark.parametrize(("stage", "label"), LABELS)
def test_a_label_tells_motion_from_ruling(stage: Stage | None, label: str) -> None:
    """CM/ECF names a motion by its relief; the outcome of a ruling no label tells."""
    assert stage_of_words(label) is stage


@pytest.mark.parametrize(("stage", "words"), TEXTS)
def test_a_text_tells_the_outcome_only_of_what_is_ruled(stage: Stage | None, words: str) -> None:
    """The injunction must be the object of the court's verb."""
    assert stage_of_words(words) is stage


@pytest.mark.parametrize(("stage", "words"), ABOVE)
def test_higher_courts_are_read_as_such(stage: Stage | None, words: str) -> None:
    """Stays, remands, mandates and petitions mean something else above."""
    assert stage_of_words(words, above=True) is stage


@pytest.mark.parametrize("label", [label for stage, label in LABELS if stage is Stage.MOTION])
def test_no_motion_is_ever_told_as_an_injunction(label: str) -> None:
    """Whatever precedes or follows the name of a motion that is none of a court's words."""
    for dressed in (
        label,
        f"Emergency {label}",
        f"{label} filed by City of Nowhere",
        label.upper(),
    ):
        assert stage_of_words(dressed) in {Stage.MOTION, None}


def entry(title: str, body: str = "", *labels: str, court: str = "cand") -> Entry:
    """Make a docket entry as the connectors of courts do."""
    return Entry(
        type=ItemType.DOCKET_ENTRY,
        key="k",
        title=title,
        body=body,
        labels=labels,
        identifiers=(Identifier("docket", court, "3:26-cv-09901"),),
    )


def test_a_feeds_entry_is_read_by_its_events() -> None:
    """PACER's title repeats the labels; of several events the weightiest speaks."""
    said = read_stage(
        entry("A v. B — [Preliminary Injunction] (a motion)", "", "Preliminary Injunction")
    )
    assert said is not None
    assert (said.stage, said.said) == (Stage.MOTION, "Preliminary Injunction")
    both = entry("A v. B — [Order] / [Judgment]", "", "Order", "Judgment")
    assert read_stage(both) is not None
    found = read_stage(both)
    assert found is not None
    assert found.stage is Stage.JUDGMENT


def test_courtlisteners_entry_is_read_by_the_clerks_whole_words() -> None:
    """The title is cut off, the text goes on; the label of our own making says nothing."""
    words = (
        "ORDER granting in part " + "and denying in part " + "12 Motion for Preliminary Injunction"
    )
    said = read_stage(entry(f"A v. B — {words[:30].strip()}…", words, "Ruling"))
    assert said is not None
    assert said.stage is Stage.INJUNCTION_GRANTED


def test_a_searchs_snippet_is_no_docket_text() -> None:
    """A snippet of the document argues; only the clerk's words tell what the entry is."""
    made = entry(
        "A v. B — MOTION for Preliminary Injunction", "the court GRANTS the injunction", "Motion"
    )
    said = read_stage(made)
    assert said is not None
    assert said.stage is Stage.MOTION


def test_the_court_decides_how_an_opinion_is_read() -> None:
    """An opinion of a court of appeals decides the case; a district court's may be on anything."""
    above = read_stage(entry("A v. B — [Opinion Issued]", "", "Opinion Issued", court="ca9"))
    below = read_stage(entry("A v. B — [Opinion]", "", "Opinion"))
    assert above is not None
    assert above.stage is Stage.JUDGMENT
    assert below is not None
    assert below.stage is Stage.ORDER

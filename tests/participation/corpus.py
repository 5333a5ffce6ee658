"""Sentences made up in the manner of councils, legislatures and agencies, and what each states.

The meeting is on Tuesday, December 1, 2026, at 6:00 pm in New York. What is stated is written as
"comment by 2026-11-30 17:00" (a day alone where only the day is known), "comment? WORDS" where the
words fix no time, and "email …", "phone …", "video …", "form …", "in person …", "aid …"; behind a
number or link stand its codes in brackets. No sentence is a publisher's own; all addresses are
examples, all numbers out of use.
"""

from __future__ import annotations

DEADLINES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Written comments must be received by 5:00 p.m. on Monday, November 30, 2026.",
        ("comment by 2026-11-30 17:00",),
    ),
    (
        "Please submit written testimony no later than Monday, November 30, 2026, at 12:00 PM.",
        ("comment by 2026-11-30 12:00",),
    ),
    (
        "Comments will be accepted until noon on November 30, 2026.",
        ("comment by 2026-11-30 12:00",),
    ),
    (
        "Comments are due by 11/30/2026 at 4:30 pm.",
        ("comment by 2026-11-30 16:30",),
    ),
    (
        "Comments are due 4 pm on 11/30/26.",
        ("comment by 2026-11-30 16:00",),
    ),
    (
        "Public comments must be received on or before November 30, 2026.",
        ("comment by 2026-11-30",),
    ),
    (
        "Written public comment deadline: November 30, 2026, 3:00 PM",
        ("comment by 2026-11-30 15:00",),
    ),
    (
        "The deadline to submit written comments is 3 p.m. EST on Nov. 30, 2026.",
        ("comment by 2026-11-30 15:00",),
    ),
    (
        "Written comments must be submitted by 2:00 p.m. Pacific Time on November 30, 2026.",
        ("comment by 2026-11-30 17:00",),
    ),
    (
        "The comment period closes at 11:59 p.m. on November 30, 2026.",
        ("comment by 2026-11-30 23:59",),
    ),
    (
        "DATES: Comments must be received on or before January 4, 2027.",
        ("comment by 2027-01-04",),
    ),
    (
        "Written testimony will be accepted through Friday, December 4, 2026.",
        ("comment by 2026-12-04",),
    ),
    (
        "Comments must be submitted by 17:00 on November 30, 2026.",
        ("comment by 2026-11-30 17:00",),
    ),
    (
        "Written public comment deadline: 10 AM, Mon Nov 30th",
        ("comment by 2026-11-30 10:00",),
    ),
    (
        "Comments must be received by 5 p.m. on Monday, November 30.",
        ("comment by 2026-11-30 17:00",),
    ),
    (
        "Comments are due by noon on 11/30.",
        ("comment by 2026-11-30 12:00",),
    ),
    (
        "Comments must be received by 5 p.m. on Monday, March 2.",
        ("comment? by 5 p.m. on Monday, March 2",),
    ),
    (
        "Comments must be received by 5 p.m. on August 3.",
        ("comment? by 5 p.m. on August 3",),
    ),
    (
        "Written comments are accepted by 5:00 p.m. on Monday, December 1, 2026.",
        ("comment? by 5:00 p.m. on Monday, December 1, 2026",),
    ),
    (
        "Written comments must be submitted no later than 24 hours before the meeting.",
        ("comment by 2026-11-30 18:00",),
    ),
    (
        "Comments must be received at least two (2) hours prior to the start of the meeting.",
        ("comment by 2026-12-01 16:00",),
    ),
    (
        (
            "Email comments up to 30 minutes before the scheduled meeting time of the Council "
            "meeting."
        ),
        ("comment by 2026-12-01 17:30",),
    ),
    (
        "Comments may be submitted online up to two hours before the meeting.",
        ("comment by 2026-12-01 16:00",),
    ),
    (
        "Written comments must be filed forty-eight (48) hours in advance of the hearing.",
        ("comment by 2026-11-29 18:00",),
    ),
    (
        "Written comments must be filed forty-eight (24) hours in advance of the hearing.",
        ("comment? forty-eight (24) hours in advance of the hearing",),
    ),
    (
        "Comments must be received by noon the day before the meeting.",
        ("comment by 2026-11-30 12:00",),
    ),
    (
        (
            "The eComment period will remain open until 6:00 p.m. the day before the scheduled "
            "meeting."
        ),
        ("comment by 2026-11-30 18:00",),
    ),
    (
        "Comments received by 3:00 p.m. on the day of the meeting will be given to the Council.",
        ("comment by 2026-12-01 15:00",),
    ),
    (
        (
            "Written comments received after 3 p.m. on the day of the meeting will not be "
            "distributed."
        ),
        ("comment by 2026-12-01 15:00",),
    ),
    (
        "Comments must be e-mailed by 4:00 p.m. on the Friday before the meeting.",
        ("comment by 2026-11-27 16:00",),
    ),
    (
        "Written comments are due by 10 a.m. one business day before the meeting.",
        ("comment by 2026-11-30 10:00",),
    ),
    (
        "Written comments are due one business day before the meeting.",
        ("comment by 2026-11-30",),
    ),
    (
        "Written comments must be received by 5 p.m. on the business day before the meeting.",
        ("comment by 2026-11-30 17:00",),
    ),
    (
        "Written comments are due two business days before the meeting.",
        ("comment? two business days before the meeting",),
    ),
    (
        "Comments must be received at least three days before the hearing.",
        ("comment by 2026-11-28",),
    ),
    (
        "Comments may be submitted until the close of the public hearing.",
        ("comment? until the close of the public hearing",),
    ),
    (
        "eComments will be accepted until the item is called.",
        ("comment? until the item is called",),
    ),
    (
        "Comments received by 3:00 p.m. will be read into the record.",
        ("comment? by 3:00 p.m.",),
    ),
    (
        "Speakers must sign up prior to the item being acted upon by the Board.",
        ("speak? prior to the item being acted upon",),
    ),
    (
        "Comments must be received by noon on Monday.",
        ("comment? by noon on Monday",),
    ),
    (
        "Comments must be received by midnight on November 30, 2026.",
        ("comment? by midnight on November 30, 2026",),
    ),
    (
        "Comments must be received before December 1, 2026.",
        ("comment? before December 1, 2026",),
    ),
    (
        "To speak, register by 2:00 p.m. on the day of the meeting.",
        ("speak by 2026-12-01 14:00",),
    ),
    (
        "Those wishing to testify must sign up at least one hour before the hearing.",
        ("speak by 2026-12-01 17:00",),
    ),
    (
        (
            "Speaker cards must be turned in to the clerk before the start of the meeting; "
            "please sign."
        ),
        ("speak by 2026-12-01 18:00",),
    ),
    (
        (
            "Sign up to speak by noon on November 30, 2026; written comments are due by 5 p.m. "
            "on November 30, 2026."
        ),
        (
            "comment by 2026-11-30 17:00",
            "speak by 2026-11-30 12:00",
        ),
    ),
    (
        "Requests to speak and written comments must be received by noon on November 30, 2026.",
        (
            "comment by 2026-11-30 12:00",
            "speak by 2026-11-30 12:00",
        ),
    ),
    (
        "Deadline for registration to speak is November 30, 2026, 8:00 p.m. EST.",
        ("speak by 2026-11-30 20:00",),
    ),
    (
        (
            "Los comentarios públicos por escrito deben enviarse antes de las 5 p. m. del lunes, "
            "30 de noviembre de 2026."
        ),
        ("comment by 2026-11-30 17:00",),
    ),
    (
        "Envíe sus comentarios a más tardar el 30 de noviembre de 2026 a las 12:00 p.m.",
        ("comment by 2026-11-30 12:00",),
    ),
    (
        "Los comentarios por escrito se aceptarán hasta 24 horas antes de la reunión.",
        ("comment by 2026-11-30 18:00",),
    ),
    (
        (
            "Para hablar en la audiencia debe inscribirse antes del mediodía del día anterior a "
            "la reunión."
        ),
        ("speak by 2026-11-30 12:00",),
    ),
)

WAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Written comments may be emailed to cityclerk@example.gov.",
        ("email cityclerk@example.gov",),
    ),
    (
        "Submit comments by e-mail: Public.Comment@ci.example.us.",
        ("email Public.Comment@ci.example.us",),
    ),
    (
        (
            "Members of the public may submit written comments before the meeting.\nPlease "
            "e-mail them to clerk@example.gov."
        ),
        ("email clerk@example.gov",),
    ),
    (
        (
            "You may comment in one of the following ways:\n• Email: council@example.gov\n• "
            "Phone: (212) 555-0142\n• Online: https://www.example.gov/comment\n• Mail: 1 Main "
            "Street"
        ),
        (
            "email council@example.gov",
            "phone (212) 555-0142",
            "form https://www.example.gov/comment",
        ),
    ),
    (
        (
            "To make a comment at this meeting, please register in advance by emailing "
            "board@example.gov"
        ),
        ("email board@example.gov",),
    ),
    (
        "Written comments may be sent to villageclerk.example@gmail.com.",
        ("email villageclerk.example@gmail.com",),
    ),
    (
        (
            "Join Zoom Meeting\nhttps://us02web.zoom.us/j/81234567890?pwd=abc\nMeeting ID: 812 "
            "3456 7890\nPasscode: 424242\nDial by your location\n+1 646 555 0199 US (New York)"
        ),
        (
            "phone +1 646 555 0199 [meeting ID 812 3456 7890, passcode 424242]",
            "video https://us02web.zoom.us/j/81234567890?pwd=abc [passcode 424242]",
        ),
    ),
    (
        (
            "VIA ZOOM Web Link bit.ly/ExampleCouncil or by calling +1 646 555 0199 and use "
            "meeting ID 812 3456 7890 to join."
        ),
        (
            "phone +1 646 555 0199 [meeting ID 812 3456 7890]",
            "video https://bit.ly/ExampleCouncil [meeting ID 812 3456 7890]",
        ),
    ),
    (
        "To listen, dial in at (877) 555-0100, access code 111111.",
        ("phone (877) 555-0100 [access code 111111]",),
    ),
    (
        "One tap mobile: +16465550199,,81234567890#,,,,*424242# US (New York)",
        ("phone +16465550199 [meeting ID 81234567890, passcode 424242]",),
    ),
    (
        (
            "Join by Webex: https://example.webex.com/example/j.php?MTID=m1\nWebinar number:\n"
            "2634 343 4016\nJoin by phone\n+1-312-555-0110 United States Toll (Chicago)\nAccess "
            "code: 2634 343 4016"
        ),
        (
            "phone +1-312-555-0110 [meeting ID 2634 343 4016, access code 2634 343 4016]",
            (
                "video https://example.webex.com/example/j.php?MTID=m1 [meeting ID 2634 343 "
                "4016, access code 2634 343 4016]"
            ),
        ),
    ),
    (
        (
            "Join the hearing on Microsoft Teams: "
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting"
        ),
        ("video https://teams.microsoft.com/l/meetup-join/19%3ameeting",),
    ),
    (
        "Watch the meeting live at https://www.youtube.com/@examplecouncil.",
        ("video https://www.youtube.com/@examplecouncil",),
    ),
    (
        "The meeting will be livestreamed at www.example.gov/live.",
        ("video https://www.example.gov/live",),
    ),
    (
        "Watch live: https://example.granicus.com/player/camera/2?publish_id=3",
        ("video https://example.granicus.com/player/camera/2?publish_id=3",),
    ),
    (
        "Submit an eComment at https://example.granicusideas.com/meetings.",
        ("form https://example.granicusideas.com/meetings",),
    ),
    (
        (
            "Comments may be filed through the portal, https://www.regulations.gov, docket "
            "ICEB-2026-0001."
        ),
        ("form https://www.regulations.gov",),
    ),
    (
        "Those wishing to speak must sign up at forms.gle/AbCdEf.",
        ("form https://forms.gle/AbCdEf",),
    ),
    (
        "Public comment may be given in person at City Hall, 1 Main Street, Example.",
        ("in person City Hall, 1 Main Street, Example",),
    ),
    (
        "You may testify in person or by video.",
        ("in person",),
    ),
    (
        "Envíe sus comentarios por correo electrónico a secretaria@example.gov.",
        ("email secretaria@example.gov",),
    ),
    (
        "Únase por Zoom: https://us06web.zoom.us/j/81234567890",
        ("video https://us06web.zoom.us/j/81234567890",),
    ),
    (
        "For questions or to submit comments, email clerk@example.gov.",
        ("email clerk@example.gov",),
    ),
)

TRAPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        (
            "To request an accommodation or an interpreter, call (212) 555-0177 at least 72 "
            "hours before the meeting."
        ),
        ("aid (212) 555-0177",),
    ),
    (
        (
            "Persons with disabilities who need aid to make a public comment may e-mail "
            "ada@example.gov by noon on November 30, 2026."
        ),
        ("aid ada@example.gov",),
    ),
    (
        "Si necesita un intérprete para dar comentarios, llame al (212) 555-0177.",
        ("aid (212) 555-0177",),
    ),
    (
        (
            "In compliance with the ADA, contact the City Clerk for special assistance at (212) "
            "555-0177 (TTY 711).\nNotification 48 hours prior to the meeting will enable the "
            "City to make reasonable arrangements."
        ),
        ("aid (212) 555-0177",),
    ),
    (
        "For questions contact Jane Roe, planner, at jroe@example.gov or (212) 555-0188.",
        (),
    ),
    (
        "For more information about how to submit public comments, call (212) 555-0188.",
        (),
    ),
    (
        "Media contact: press@example.gov",
        (),
    ),
    (
        "Copies of the agenda packet and comments are available from records@example.gov.",
        (),
    ),
    (
        "City Hall, 1 Main Street\nPhone: (212) 555-0188\nFax: (212) 555-0189",
        (),
    ),
    (
        "Questions or comments about this website? E-mail webmaster@example.gov.",
        (),
    ),
    (
        "Bids must be submitted by 2:00 p.m. on November 30, 2026, with comments.",
        (),
    ),
    (
        "Applications for the board must be received by November 30, 2026.",
        (),
    ),
    (
        "The agenda and all comments are posted at www.example.gov/agendas.",
        (),
    ),
    (
        "Follow us on YouTube: https://www.youtube.com/@example",
        (),
    ),
    (
        "Written comments may be faxed to (212) 555-0189 fax.",
        (),
    ),
    (
        "FOR FURTHER INFORMATION CONTACT: Jane Roe, (202) 555-0188, jane.roe@example.gov.",
        (),
    ),
    (
        "Written public comments were received by noon on November 30, 2026.",
        (),
    ),
    (
        "Remote public comments were received from three residents by Zoom.",
        (),
    ),
    (
        "I want to comment on this; write to me at pat.resident@example.com.",
        (),
    ),
    (
        "Please add my comment to the record. Pat Resident, pat.resident@gmail.com",
        (),
    ),
    (
        "Comments: send to pat.resident@gmail.com",
        (),
    ),
    (
        "Comments will not be accepted by e-mail at clerk@example.gov.",
        (),
    ),
    (
        "No public comment will be taken at this workshop (clerk@example.gov).",
        (),
    ),
    (
        "Please do not e-mail comments to council@example.gov.",
        (),
    ),
    (
        "The eComment period will open at 5:00 p.m. on Friday, November 27, 2026.",
        (),
    ),
    (
        "9. Public Comment\nCouncil Member Roe, (212) 555-0188",
        (),
    ),
    (
        "Each speaker is limited to 3 minutes of public comment.",
        (),
    ),
    (
        "A public hearing will be held before the City Council on December 1, 2026.",
        (),
    ),
    (
        (
            "Comments open at least 24 hours before the meeting; the form opens by noon the day "
            "before the meeting."
        ),
        (),
    ),
    (
        "Registration for the summer camp must be made by November 30, 2026.",
        (),
    ),
    (
        "Agendas are posted 72 hours before the meeting.",
        (),
    ),
    (
        "Download Zoom at https://zoom.us/download before you join.",
        (),
    ),
    (
        "Join at https://zoom.us/j/812345",
        (),
    ),
    (
        "Watch the recording: https://example.granicus.com/MediaPlayer.php?view_id=2&clip_id=99",
        (),
    ),
    (
        "Adopted by 3/4 of the members present; comments may follow.",
        (),
    ),
    (
        "Parcel PIN: 123-456-7890 with comments of the planner.",
        (),
    ),
)

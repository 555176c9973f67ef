"""Reads invitations with the `icalendar` package and prints what a calendar takes from each, as JSON.

Usage: check_invitations.py FILE...
"""

import json
import sys
from datetime import timezone

try:
    from icalendar import Calendar
except ModuleNotFoundError:
    sys.exit("The Python package `icalendar` is missing: tests/all installs it into .venv, or: pip install icalendar")


def entry(path):
    with open(path, "rb") as file:
        calendar = Calendar.from_ical(file.read())
    assert not calendar.errors, calendar.errors
    events = calendar.walk("VEVENT")
    assert len(events) == 1, f"{len(events)} events"
    event = events[0]
    assert not event.errors, event.errors
    for needed in ("DTSTAMP", "DTEND", "SUMMARY", "ORGANIZER", "ATTENDEE"):
        assert event.get(needed), f"no {needed}"
    assert str(event["ORGANIZER"]).lower().startswith("mailto:")
    assert event.decoded("DTEND") > event.decoded("DTSTART")
    start = event.decoded("DTSTART").astimezone(timezone.utc)
    return {
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "method": str(calendar["METHOD"]),
        "status": str(event["STATUS"]),
        "startsAt": start.strftime("%Y%m%dT%H%M%SZ"),
    }


print(json.dumps([entry(path) for path in sys.argv[1:]]))

"""The end of cover as a calendar file (RFC 5545), which a phone keeps and reminds of."""

from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

_REMINDED_BEFORE = (timedelta(days=7), timedelta(days=1))


def end_of_cover(
    *, uid: str, issued_at: datetime, ends_at: datetime, title: str, description: str, url: str
) -> bytes:
    """One event at the moment at which cover ends.

    With the same `uid` a later receipt's file moves the event that the phone has: its `issued_at`
    is the newer version.
    """
    event = Event()
    event.add("uid", uid)
    event.add("sequence", int(issued_at.timestamp()))
    event.add("dtstamp", issued_at.astimezone(UTC))
    event.add("dtstart", ends_at.astimezone(UTC))
    event.add("summary", title)
    event.add("description", description)
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    for before in _REMINDED_BEFORE:
        event.add_component(_alarm(before, title))
    return _published(event)


def _alarm(before: timedelta, title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -before)
    return alarm


def _published(event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Caruman Pekerjaan Sendiri//Resit//MS")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file

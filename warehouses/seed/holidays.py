"""Rules such as “last Monday of May”, into dates. Pure."""

import calendar
import re
from datetime import date, timedelta

MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
WEEKDAYS = {name: number for number, name in enumerate(calendar.day_name)}
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_FIXED = re.compile(r"(?P<month>\w+) (?P<day>\d{1,2})")
_FLOATING = re.compile(r"(?P<ordinal>\w+) (?P<weekday>\w+) of (?P<month>\w+)")


class NotADateRule(ValueError):
    """The text is no rule for a date; the message says what is wanted."""


def date_in_year(rule: str, year: int) -> date:
    """The date of “January 1” or “fourth Thursday of November”. Raises NotADateRule."""
    try:
        if fixed := _FIXED.fullmatch(rule):
            return date(year, MONTHS[fixed["month"]], int(fixed["day"]))
        if floating := _FLOATING.fullmatch(rule):
            return _nth_weekday(year, **floating.groupdict())
    except (KeyError, ValueError):
        pass  # told below: an unknown name and an impossible day are the same mistake
    raise NotADateRule(f"“{rule}” is not a date such as “July 4” or “last Monday of May”")


def _nth_weekday(year: int, ordinal: str, weekday: str, month: str) -> date:
    weeks = calendar.monthcalendar(year, MONTHS[month])
    days = [week[WEEKDAYS[weekday]] for week in weeks if week[WEEKDAYS[weekday]]]
    return date(year, MONTHS[month], days[ORDINALS[ordinal]])


def observed_on(holiday: date) -> date:
    """The Monday after a Sunday, otherwise the day itself, as parcel carriers keep holidays."""
    return holiday + timedelta(days=1) if holiday.weekday() == calendar.SUNDAY else holiday

"""Days from the first to the last, as PostgreSQL compares them."""

from django.contrib.postgres.fields import DateRangeField, RangeBoundary
from django.db.models import Func

BOTH_DAYS = RangeBoundary(inclusive_lower=True, inclusive_upper=True)


class DateRange(Func):
    """The days of a dated fact; without a last day it has no end."""

    function = "DATERANGE"
    output_field = DateRangeField()

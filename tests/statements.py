"""What the database is asked while a page is made, in short.

Tables of a path's statements give each a reason; one more is more CPU and longer locks.
"""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

_COLUMNS = re.compile(r'(SELECT) "(\w+)"\."')
_OTHERS = re.compile(r'(\w+)(?:.*? (?:FROM|INTO))? "(\w+)"')


def asked(act):
    """Verb and table of each statement; inside a test's transaction others are savepoints."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return [_short(query["sql"]) for query in queries]


def _short(sql):
    if sql.startswith(("SAVEPOINT", "RELEASE")):
        return "BEGIN" if sql.startswith("SAVEPOINT") else "COMMIT"
    if "nextval" in sql:
        return "SELECT receipts_number_seq"
    words = _COLUMNS.match(sql) or _OTHERS.match(sql)
    return " ".join(words.groups())


def budget(table):
    return [statement for statement, _reason in table]

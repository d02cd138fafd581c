#!/usr/bin/env python
"""Runs the portal's management commands; in a checkout, on the copy that `make run` made."""

import os
import sys
from importlib.util import find_spec

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    if find_spec("development"):  # the image that serves has none
        from development.with_keys import of_this_copy

        os.environ |= of_this_copy(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perkeso.settings")
    execute_from_command_line(sys.argv)

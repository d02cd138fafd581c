"""`make demo-data`: people in every state, made through the services, and their log-ins.

Run again, it leaves the people who are there alone and makes the missing ones.
"""

import os
import sys

import django
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perkeso.settings")
os.environ.setdefault("LOG_LEVEL", "CRITICAL")  # the log of an invented past hides the log-ins
django.setup()

from development.cast import NAMED, crowd_member, make  # noqa: E402 (models need loaded apps)
from development.people import PASSWORD, PHRASE  # noqa: E402

CROWD = 300


def main(crowd: int = CROWD) -> None:
    """Makes them all, and prints the named ones' log-ins."""
    at = timezone.now()
    print(f"Kata Laluan of all: {PASSWORD}\nUngkapan Rahsia of all: {PHRASE}\n")
    for person, words, story in NAMED:
        make(person, story, at=at)
        print(f"  {person.ic_number}  {person.full_name:<22} {words}", flush=True)
    print(f"\nA crowd of {crowd}:", flush=True)
    for number in range(crowd):
        make(*crowd_member(number), at=at)
        if (number + 1) % 50 == 0:
            print(f"  {number + 1} of {crowd}", flush=True)
    print("\nThe code of a first log-in comes to the outside world's SMS inbox.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""The stages of a registration: derived from its status and three facts, and complete."""

from itertools import product

import pytest
from django.template.loader import get_template

from registration.models import Registration
from registration.stage import TAGS, Stage, stage_of

Status = Registration.Status
FLAGS = ("is_paid", "is_allowed", "has_changed")


def stages(status):
    """Each stage that a status can be at."""
    every = product([False, True], repeat=len(FLAGS))
    return {stage_of(status, **dict(zip(FLAGS, flags, strict=True))) for flags in every}


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_stages(status):
    assert stages(status)


def test_every_stage_is_some_statuses():
    assert {stage for status in Status for stage in stages(status)} == set(Stage)


def test_a_status_without_a_stage_is_refused():
    with pytest.raises(ValueError, match="withdrawn"):
        stage_of("withdrawn", is_paid=False, is_allowed=False, has_changed=False)


@pytest.mark.parametrize(
    ("status", "facts", "stage"),
    [
        ("draft", {}, "draft"),
        ("draft", {"is_paid"}, "unsent"),
        ("submitted", {}, "unpaid"),
        ("submitted", {"is_allowed"}, "allowed"),
        ("submitted", {"is_paid"}, "under_review"),
        ("submitted", {"is_paid", "is_allowed"}, "under_review"),
        ("approved", {"is_paid"}, "approved"),
        ("approved", {"is_paid", "has_changed"}, "changed"),
        ("referred", {"is_paid", "has_changed"}, "referred"),
        ("returned", {"is_paid", "has_changed"}, "returned"),
        ("rejected", {"is_paid"}, "rejected"),
    ],
)
def test_the_stage_of_a_registration(status, facts, stage):
    assert stage_of(status, **{flag: flag in facts for flag in FLAGS}) == stage


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_a_word_a_tone_and_what_it_means_for_the_driver(stage):
    assert TAGS[stage].word
    assert TAGS[stage].tone in {"neutral", "info", "success", "warning", "error"}
    get_template(f"registration/stages/{stage}.html")

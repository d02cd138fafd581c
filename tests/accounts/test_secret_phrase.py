"""The secret phrase and its decoys."""

import pytest

from accounts import secret_phrase

KEY = b"k" * 32


@pytest.mark.parametrize(
    "phrase", ["durian hujan", "durian hujan petang", "tok wan's durian-belanda"]
)
def test_two_to_four_words_are_a_phrase(phrase):
    assert secret_phrase.is_words(phrase)


@pytest.mark.parametrize("phrase", ["durian", "a b c d e", "kucing 123", "durian & hujan", ""])
def test_anything_else_is_not(phrase):
    assert not secret_phrase.is_words(phrase)


def test_a_phrase_is_kept_in_lower_case_and_single_spaces():
    assert secret_phrase.normalised("  Durian \t Hujan\nPetang ") == "durian hujan petang"


@pytest.mark.parametrize(
    ("text", "is_mentioned"),
    [
        ("kereta aminah", True),
        ("KERETAHASSANMERAH", True),
        ("kereta binti merah", False),
        ("hujan petang", False),
    ],
)
def test_a_text_that_mentions_the_name_is_found(text, is_mentioned):
    assert secret_phrase.mentions(text, "Aminah binti Hassan") is is_mentioned


def test_a_decoy_is_steady_and_depends_on_ic_number_and_key():
    first = secret_phrase.decoy("850101145523", key=KEY)
    assert first == secret_phrase.decoy("850101145523", key=KEY)
    assert first != secret_phrase.decoy("850101145524", key=KEY)
    assert first != secret_phrase.decoy("850101145523", key=b"x" * 32)


def test_decoys_differ_from_ic_to_ic_and_could_be_a_drivers():
    decoys = [secret_phrase.decoy(f"8501011{n:05}", key=KEY) for n in range(500)]
    assert len(set(decoys)) > 495
    assert {len(decoy.split()) for decoy in decoys} == {2, 3, 4}
    for decoy in decoys:
        assert secret_phrase.is_words(decoy)
        assert decoy == secret_phrase.normalised(decoy)
        assert secret_phrase.MIN_LENGTH <= len(decoy) <= secret_phrase.MAX_LENGTH


def test_decoys_do_not_favour_a_word():
    words = " ".join(secret_phrase.decoy(f"8501011{n:05}", key=KEY) for n in range(2000)).split()
    assert max(words.count(word) for word in set(words)) < 3 * len(words) / len(set(words))

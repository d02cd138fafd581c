"""The IC number: every worked example of the domain's facts, at the reference date."""

from datetime import date

import pytest

from accounts.ic_number import InvalidIcNumber, read_ic_number

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "birth_date", "state", "sex", "is_unusual"),
    [
        pytest.param("850101-14-5523", "1985-01-01", "Kuala Lumpur", "male", False, id="I1"),
        pytest.param("850101145523", "1985-01-01", "Kuala Lumpur", "male", False, id="I2"),
        pytest.param(" 850101 14 5523 ", "1985-01-01", "Kuala Lumpur", "male", False, id="I2b"),
        pytest.param("000229-10-0123", "2000-02-29", "Selangor", "male", False, id="I4"),
        pytest.param("750612-82-5001", "1975-06-12", "", "male", False, id="I9"),
        pytest.param("800101-98-5001", "1980-01-01", "", "male", True, id="I10"),
        pytest.param("800101-99-5001", "1980-01-01", "", "male", True, id="I10b"),
        pytest.param("770305-02-1234", "1977-03-05", "Kedah", "female", False, id="I15"),
        pytest.param("770305-02-1235", "1977-03-05", "Kedah", "male", False, id="I16"),
        pytest.param("301108-43-6001", "1930-11-08", "Selangor", "male", True, id="I17"),
        pytest.param("051122-10-0001", "2005-11-22", "Selangor", "male", False, id="I18"),
        pytest.param("051123-10-0001", "2005-11-23", "Selangor", "male", False, id="I19"),
        pytest.param("261123-10-0001", "1926-11-23", "Selangor", "male", True, id="I20"),
        pytest.param("261122-10-0002", "2026-11-22", "Selangor", "female", False, id="today"),
    ],
)
def test_a_number_tells_birth_place_and_sex(text, birth_date, state, sex, is_unusual):
    ic_number = read_ic_number(text, today=TODAY)
    assert ic_number.birth_date == date.fromisoformat(birth_date)
    assert ic_number.birth_state == state
    assert ic_number.sex == sex
    assert ic_number.is_unusual is is_unusual
    assert not ic_number.is_born_abroad
    assert len(str(ic_number)) == 12


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("850230-14-5523", "date", id="I3"),
        pytest.param("010229-10-0123", "date", id="I5"),
        pytest.param("850101-17-5523", "place", id="I6"),
        pytest.param("900315-00-5012", "place", id="I7"),
        pytest.param("900315-70-5012", "place", id="I7b"),
        pytest.param("85010114552", "length", id="I11"),
        pytest.param("8501011455233", "length", id="I12"),
        pytest.param("850101-14-552O", "digits", id="I13"),
        pytest.param("A1234567", "old", id="I14"),
        pytest.param("1234567", "old", id="I14b"),
        pytest.param("８５０１０１１４５５２３", "digits", id="I21 full-width"),
        pytest.param("٨٥٠١٠١١٤٥٥٢٣", "digits", id="I21 Arabic-Indic"),
        pytest.param("", "length", id="nothing"),
        pytest.param("851301-14-5523", "date", id="no thirteenth month"),
    ],
)
def test_each_mistake_has_its_own_code(text, code):
    with pytest.raises(InvalidIcNumber) as refusal:
        read_ic_number(text, today=TODAY)
    assert refusal.value.code == code
    assert str(refusal.value)


def test_a_foreign_place_tells_only_that_he_was_born_abroad():
    """I8: no citizenship, no state; a woman by the last digit."""
    ic_number = read_ic_number("900315-71-5012", today=TODAY)
    assert ic_number.is_born_abroad
    assert ic_number.birth_state == ""
    assert ic_number.sex == "female"
    assert not hasattr(ic_number, "citizenship")


def test_the_14_unassigned_places_are_refused_and_the_other_86_are_not():
    def is_assigned(code):
        try:
            read_ic_number(f"850101{code:02}5523", today=TODAY)
        except InvalidIcNumber:
            return False
        return True

    unassigned = {code for code in range(100) if not is_assigned(code)}
    assert unassigned == {0, 17, 18, 19, 20, 69, 70, 73, 80, 81, 94, 95, 96, 97}


@pytest.mark.parametrize("separator", ["-", " ", "\N{NO-BREAK SPACE}", "\N{EN DASH}"])
def test_any_separator_that_phones_type_is_dropped(separator):
    text = separator.join(["850101", "14", "5523"])
    assert str(read_ic_number(text, today=TODAY)) == "850101145523"

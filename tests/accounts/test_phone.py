"""Mobile numbers: every worked example of the domain's facts."""

import pytest

from accounts.phone import InvalidPhone, read_phone


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        pytest.param("012-345 6789", "+60123456789", id="T1"),
        pytest.param("60123456789", "+60123456789", id="T1b"),
        pytest.param("+60123456789", "+60123456789", id="T1c"),
        pytest.param("(012) 345-6789", "+60123456789", id="brackets"),
        pytest.param("011-1234 5678", "+601112345678", id="T2"),
        pytest.param("019-23456789", "+601923456789", id="T8"),
    ],
)
def test_a_mobile_number_is_stored_in_one_form(text, stored):
    assert read_phone(text) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("0111234567", "eleven", id="T3"),
        pytest.param("03-8091 5300", "not_mobile", id="T4"),
        pytest.param("1300-22-8000", "not_mobile", id="T5"),
        pytest.param("+65 9123 4567", "foreign", id="T6"),
        pytest.param("015-4812 3456", "not_mobile", id="T7"),
        pytest.param("012-3456", "number", id="T9"),
        pytest.param("012-FLOWERS", "signs", id="letters"),
        pytest.param("012-345 6789 ext 5", "signs", id="extension"),
        pytest.param("011-2345 67890", "eleven", id="one digit more"),
        pytest.param("010-123 4567 8901", "number", id="too long"),
        pytest.param("0100000000", "unknown", id="nobody's"),
        pytest.param("", "number", id="nothing"),
        pytest.param("+" * 300, "number", id="nonsense"),
    ],
)
def test_each_mistake_has_its_own_code(text, code):
    with pytest.raises(InvalidPhone) as refusal:
        read_phone(text)
    assert refusal.value.code == code
    assert str(refusal.value)

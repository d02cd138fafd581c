"""The calendar file, read as a phone reads it."""

from datetime import UTC, datetime, timedelta

from receipts.calendar_file import end_of_cover

ISSUED = datetime(2026, 11, 22, 2, 0, 39, tzinfo=UTC)
FACTS = {
    "uid": "abc@caruman.contoh.my",
    "issued_at": ISSUED,
    "ends_at": datetime(2026, 12, 22, 2, 0, 39, tzinfo=UTC),
    "title": "Perlindungan anda tamat",
    "description": "Teksi; bayar dahulu, kemudian pandu\nterus",
    "url": "https://caruman.contoh.my/memperbaharui/",
}


def unfolded(file):
    return file.decode().replace("\r\n ", "").split("\r\n")


def test_the_event_is_the_moment_at_which_cover_ends():
    lines = unfolded(end_of_cover(**FACTS))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20261222T020039Z" in lines
    assert "SUMMARY:Perlindungan anda tamat" in lines
    assert "TRIGGER:-P7D" in lines
    assert "TRIGGER:-P1D" in lines


def test_signs_of_the_format_are_escaped():
    lines = unfolded(end_of_cover(**FACTS))
    assert r"DESCRIPTION:Teksi\; bayar dahulu\, kemudian pandu\nterus" in lines


def test_a_renewal_moves_the_same_event():
    later = FACTS | {"issued_at": ISSUED + timedelta(days=20)}
    before, after = (
        {line.split(":")[0]: line for line in unfolded(end_of_cover(**facts))}
        for facts in (FACTS, later)
    )
    assert before["UID"] == after["UID"]
    assert int(before["SEQUENCE"][9:]) < int(after["SEQUENCE"][9:]) < 2**31


def test_no_line_is_too_long_and_no_letter_is_torn():
    file = end_of_cover(**(FACTS | {"title": "é" * 200}))
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert f"SUMMARY:{'é' * 200}" in unfolded(file)

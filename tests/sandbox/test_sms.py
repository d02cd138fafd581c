"""The SMS gateway and its inbox."""

import json

import pytest

from tests.sandbox.world import until

SEND = "/sms/api/send"


def sms(world, to="60123456789", text="RM0.00: Kod OTP anda 482913.", **more):
    return {"key": world.sms_key, "to": to, "text": text, **more}


def inbox(world, to):
    return world.get("/sms/api/inbox", params={"to": to}).json()["messages"]


@pytest.mark.parametrize("kind", ["data", "json"])
def test_a_message_reaches_the_phone(world, kind):
    to = {"data": "60111111111", "json": "60111111112"}[kind]
    answer = world.post(SEND, **{kind: sms(world, to)})
    assert answer.status_code == 200
    assert answer.json()["status"] == "accepted"
    (message,) = inbox(world, to)
    assert message["id"] == answer.json()["id"]
    assert message["text"] == "RM0.00: Kod OTP anda 482913."
    page = world.get("/sms/", params={"to": to}).text
    assert "RM0.00: Kod OTP anda 482913." in page


def test_the_newest_comes_first(world):
    for text in ["pertama", "kedua"]:
        world.post(SEND, sms(world, "60111111113", text))
    page = world.get("/sms/?to=60111111113").text
    assert page.index("kedua") < page.index("pertama")
    assert [message["text"] for message in inbox(world, "60111111113")] == ["kedua", "pertama"]


def test_a_phone_sees_only_its_own(world):
    world.post(SEND, sms(world, "60111111114", "rahsia"))
    assert "rahsia" not in world.get("/sms/?to=60111111115").text
    assert "rahsia" in world.get("/sms/").text


def test_a_repeated_reference_is_sent_once(world):
    message = sms(world, "60111111116", ref="a-1")
    first, second = world.post(SEND, message), world.post(SEND, json=message)
    assert first.json() == second.json()
    assert len(inbox(world, "60111111116")) == 1


def test_a_reference_stands_for_one_message(world):
    world.post(SEND, sms(world, ref="a-2"))
    answer = world.post(SEND, sms(world, text="lain", ref="a-2"))
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"key": "salah"}, 401),
        ({"key": ""}, 401),
        ({"to": "0123456789"}, 400),
        ({"to": "+60123456789"}, 400),
        ({"text": ""}, 400),
        ({"dlr_url": "file:///etc/passwd"}, 400),
    ],
)
def test_a_faulty_message_is_refused(world, changes, status):
    answer = world.post(SEND, sms(world) | changes)
    assert answer.status_code == status
    assert answer.json()["status"] == "error"


@pytest.mark.parametrize("body", ["nonsense", "[]"])
def test_json_that_is_no_message_is_refused(world, body):
    answer = world.post(SEND, body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 401


def test_a_receipt_tells_that_the_phone_has_it(world, portal):
    url = f"http://127.0.0.1:{portal.port}/sms/dlr/"
    answer = world.post(SEND, sms(world, ref="a-3", dlr_url=url)).json()
    until(lambda: portal.messages("/sms/dlr/"))
    assert portal.messages("/sms/dlr/") == [
        {"id": answer["id"], "ref": "a-3", "to": "60123456789", "status": "DELIVRD"}
    ]


def test_what_was_sent_is_shown_as_text(world):
    world.post(
        SEND, json.dumps(sms(world, text="<b>x</b>")), headers={"Content-Type": "application/json"}
    )
    assert "&lt;b&gt;x&lt;/b&gt;" in world.get("/sms/").text


def test_a_gateway_that_is_down_takes_nothing(world):
    world.choose("sms_down")
    answer = world.post(SEND, sms(world, "60111111117"))
    assert (answer.status_code, answer.json()["status"]) == (503, "error")
    world.choose("normal")
    assert inbox(world, "60111111117") == []


def test_a_slow_gateway_brings_text_and_receipt_late(world, portal):
    world.choose("sms_late", 0.6)
    url = f"http://127.0.0.1:{portal.port}/sms/lambat/"
    assert world.post(SEND, sms(world, "60111111118", dlr_url=url)).status_code == 200
    world.choose("normal")
    assert inbox(world, "60111111118") == []
    assert portal.messages("/sms/lambat/") == []
    until(lambda: inbox(world, "60111111118"))
    until(lambda: portal.messages("/sms/lambat/"))

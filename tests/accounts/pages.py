"""What tests of pages ask of an answer."""

import re

from django.conf import settings
from django.utils import timezone

from accounts.services.devices import remember_device
from tests.factories import AT, PASSWORD, PHRASE, make_code, make_sign_up, make_token, prove_phone

TYPED = {
    "ic_number": "850101-14-5523",
    "full_name": "Aminah binti Ali",
    "phone": "012-345 6789",
    "email": "aminah@contoh.com",
    "has_read_privacy_notice": "on",
}
CREDENTIALS = {
    "secret_phrase": PHRASE,
    "password": PASSWORD,
    "password_confirmation": PASSWORD,
}
_ONE_TIME = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|name="attempt" value="[\w-]+"')


def lands(response, path, status=302):
    """True when a request leads to this page."""
    assert response.status_code == status, response.text
    return response.url == path


def errors(response, field):
    """The sentences beside a form field; the page's title says that there are some."""
    assert response.status_code == 200
    assert "<title>Ralat: " in response.text
    return list(response.context["form"].errors.get(field, []))


def without_one_time_values(response):
    """The page without what differs at every visit."""
    return _ONE_TIME.sub("", response.text)


def put_sign_up(client, sign_up):
    """Makes the browser the one that began a sign-up."""
    session = client.session
    session["sign_up"] = str(sign_up.sign_up_attempt)
    session.save()


def begin(client, **particulars):
    """A sign-up in this browser, up to the code page."""
    sign_up = make_sign_up(**particulars)
    put_sign_up(client, sign_up)
    return sign_up


def begin_and_prove(client, **particulars):
    """A sign-up in this browser, up to the mail."""
    sign_up = begin(client, **particulars)
    prove_phone(sign_up)
    sign_up.refresh_from_db()
    return sign_up


def open_link(client, user, purpose="activate", at=AT):
    """Opens the link that `user` asked for last; returns the clean address."""
    page = {
        "activate": "/akaun/aktif",
        "reset": "/lupa-kata-laluan/pautan",
        "officer": "/pegawai",
        "new_email": "/akaun/e-mel/pautan",
        "undo": "/akaun/batal/pautan",
        "stop": "/akaun/henti/pautan",
        "recover": "/akaun/pulih/pautan",
    }
    return client.get(f"{page[purpose]}/{make_token(user, purpose, at=at)}/").url


def enter(client, user):
    """Logs in as a driver does, on a browser that is not known; returns the log-in."""
    client.post("/log-masuk/", {"ic_number": user.ic_number})
    client.post("/log-masuk/kata-laluan/", {"password": PASSWORD})
    digits = make_code(user, "log_in", at=timezone.now())
    remembered = {"code": digits, "is_to_be_remembered": "on"}
    assert lands(client.post("/log-masuk/otp/", remembered), "/mod/")
    return user.log_ins.latest("pk")


def prove(client, user, path, *, with_code=True):
    """Asks for a page that needs a fresh proof, and gives it: password, and code if wanted."""
    assert lands(client.get(path), "/profil/pengesahan/")
    response = client.post("/profil/pengesahan/", {"password": PASSWORD})
    if with_code:
        assert lands(response, "/profil/pengesahan/otp/")
        digits = make_code(user, "proof", at=timezone.now())
        response = client.post("/profil/pengesahan/otp/", {"code": digits})
    assert lands(response, path)


def know(client, user):
    """Makes the browser a known device of `user`."""
    device = remember_device(user=user, old_secret="", at=AT)
    client.cookies[settings.DEVICE_COOKIE_NAME] = device.secret

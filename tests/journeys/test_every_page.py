"""Every url, full, empty and wrong, is clean under axe and fits at 320, 360 and 1280 pixels."""

import re
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.models import User
from contributions.models import Contribution
from development.cast import NAMED, make
from payments.models import Bank, Payment
from receipts.models import Receipt
from registration.models import Registration
from tests.factories import make_officer

WIDTHS = (320, 360, 1280)
AXE = Axe()
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
STRANGERS = [
    "home",
    "help",
    "contact",
    "privacy",
    "disclaimer",
    "accessibility",
    "session_ended",
    "accounts:sign_up",
    "accounts:log_in",
    "accounts:forgot_password",
]
DRIVERS = ["choose_mode", "dashboard", "registration:overview", "receipts:receipts"]
FORMS = [
    "registration:service",
    "registration:details",
    "registration:choose_document",
    "contributions:choose_plan",
]


@dataclass(frozen=True)
class Visit:
    """A page that somebody opens; `presses` submits its form as it stands."""

    who: User | None
    path: str
    presses: bool = False
    status: int = 200

    def __str__(self) -> str:
        return f"{self.who or 'a stranger'} at {self.path}{' (wrong)' if self.presses else ''}"


@pytest.fixture
def cast(transactional_db):
    """A person in every state."""
    at = timezone.now()
    for person, _words, story in NAMED:
        make(person, story, at=at)
    Bank.objects.update(listed_at=at)  # else the page would ask FPX
    return {user.get_short_name(): user for user in User.objects.opened()}


@pytest.fixture
def officer(transactional_db):
    """An officer with an authenticator."""
    return make_officer(at=timezone.now())


@pytest.fixture
def opened(open_page, live_server):
    """Opens a visit in a signed-in browser; returns the page and the answer's status."""
    pages = {}

    def open_visit(visit):
        if visit.who not in pages:
            page = open_page(has_script=True, width=WIDTHS[0])
            if visit.who:
                page.context.add_cookies([session_cookie(visit.who, live_server.url)])
            pages[visit.who] = page
        page = pages[visit.who]
        answer = page.goto(live_server.url + visit.path)
        if visit.presses:
            page.locator("main form .button:not([type=button])").first.click(timeout=5000)
            page.wait_for_load_state()
        return page, answer.status

    return open_visit


def session_cookie(user, url):
    client = Client()
    client.force_login(user)
    if user.is_staff:
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = user.totpdevice_set.get().persistent_id
        session.save()
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}


def complaints(page):
    """What axe and the ruler find on the page, at each width."""
    page.evaluate(AXE.axe_script)  # once for each page, as `AXE.run` would at each width
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{width} px: scrolls to {wide} px"
        for found in page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]:
            targets = " ".join(str(node["target"]) for node in found["nodes"][:3])
            yield f"{width} px: {found['id']} at {targets}"


def check(opened, visits):
    """Opens each visit; fails with everything that is wrong on any of them."""
    wrong = []
    for visit in visits:
        page, status = opened(visit)
        if status != visit.status:
            wrong.append(f"{visit}: {status}")
        if visit.presses and not page.locator("[aria-invalid=true], .summary").count():
            wrong.append(f"{visit}: no error is shown")
        wrong += [f"{visit}: {complaint}" for complaint in complaints(page)]
    assert wrong == []


def test_what_strangers_see(opened, transactional_db):
    visits = [Visit(None, path) for path in ("/en/", "/en/daftar/")]
    visits += [Visit(None, reverse(name)) for name in STRANGERS]
    wrong = ["accounts:sign_up", "accounts:log_in", "accounts:forgot_password"]
    visits += [Visit(None, reverse(name), presses=True) for name in wrong]
    visits += [Visit(None, "/tiada/", status=404)]
    check(opened, visits)


def test_what_drivers_see(opened, cast):
    visits = [Visit(user, reverse("dashboard")) for user in cast.values()]
    visits += [Visit(cast["Aminah"], reverse(name)) for name in DRIVERS]
    visits += [Visit(cast["Aminah"], "/en/saya/")]
    for name in ("Boon", "Farid", "Gayah", "Hamidah", "Jamal", "Lim"):
        visits.append(Visit(cast[name], reverse("registration:overview")))
    for name in ("Aminah", "Mariam", "Nathan", "Ong", "Puteri", "Quah", "Rosli"):
        visits += [
            Visit(cast[name], reverse("payments:payment", args=[payment.reference]))
            for payment in Payment.objects.for_user(cast[name])
        ]
    check(opened, visits)


def test_forms_full_and_wrong(opened, cast):
    boon, jamal = cast["Boon"], cast["Jamal"]
    newcomer = User.objects.create_user(
        "baharu", "x", full_name="Baharu", created_at=timezone.now(), is_active=True
    )
    visits = [Visit(boon, reverse(name)) for name in FORMS]
    visits += [
        Visit(boon, reverse("registration:document", args=[kind])) for kind in ("lesen", "psv")
    ]
    visits += [Visit(boon, reverse("registration:document", args=["psv"]), presses=True)]
    visits += [Visit(newcomer, reverse("dashboard"))]
    visits += [Visit(newcomer, reverse("registration:service"), presses=True)]
    visits += [Visit(cast["Lim"], reverse("registration:details"))]
    visits += [Visit(jamal, reverse("contributions:check_answers"))]
    visits += [Visit(jamal, reverse("contributions:check_answers"), presses=True)]
    visits += [Visit(cast["Aminah"], reverse("registration:renew"))]
    visits += [Visit(cast["Aminah"], reverse("registration:renew"), presses=True)]
    visits += [Visit(cast["Aminah"], reverse("contributions:history"))]
    contribution = Contribution.objects.get(registration__user=jamal)
    bank = reverse("payments:choose_bank", args=[contribution.public_id])
    visits += [Visit(jamal, bank), Visit(jamal, bank, presses=True)]
    visits += [Visit(boon, reverse("receipts:receipts"))]
    receipt = Receipt.objects.for_user(cast["Aminah"]).get()
    visits += [Visit(cast["Aminah"], reverse("receipts:receipt", args=[receipt.public_id]))]
    visits += [Visit(boon, reverse("receipts:receipt", args=[receipt.public_id]), status=404)]
    check(opened, visits)


def test_what_officers_see(opened, cast, officer):
    waiting = Registration.objects.awaiting_review().first()
    index = reverse("admin:index")
    page, _status = opened(Visit(officer, index))
    links = page.locator("#content a[href]").evaluate_all("all => all.map(a => a.pathname)")
    lists = sorted({path for path in links if re.fullmatch(rf"{index}\w+/\w+/", path)})
    assert lists
    visits = [Visit(None, reverse("admin:login")), Visit(officer, index)]
    visits += [Visit(officer, path) for path in lists]
    visits += [Visit(officer, f"{index}registration/registration/{waiting.pk}/semak/")]
    check(opened, visits)

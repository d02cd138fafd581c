"""The choice of what the next payments meet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sandbox.models import CurrentScenario
from sandbox.scenarios import SCENARIOS

LONGEST_SECONDS = 24 * 60 * 60


def scenario(request: HttpRequest) -> HttpResponse:
    """Shows the scenarios; a POST of `name` and, where wanted, `seconds` chooses one."""
    current = CurrentScenario.now()
    error = ""
    if request.method == "POST":
        error = _choose(current, request.POST.get("name", ""), request.POST.get("seconds", ""))
        if not error:
            return redirect("scenario")
    context = {"current": current, "scenarios": SCENARIOS, "error": error}
    return render(request, "scenario.html", context, status=400 if error else 200)


def _choose(current: CurrentScenario, name: str, seconds: str) -> str:
    """Sets the scenario; returns what is wrong with the choice, if anything."""
    if name not in SCENARIOS:
        return "Pilih satu senario daripada senarai."
    if seconds:
        try:
            current.seconds = float(seconds)
        except ValueError:
            return "Saat mesti nombor, contohnya 5."
        if not 0 <= current.seconds <= LONGEST_SECONDS:
            return f"Saat mesti antara 0 dan {LONGEST_SECONDS}."
    current.name = name
    current.save()
    return ""

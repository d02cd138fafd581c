"""Closed by default: whoever is not signed in sees the listed pages only."""

from django.urls import URLPattern, URLResolver, get_resolver

# Every url name that a stranger may open.
PUBLIC = {
    "home",
    "alive",
    "ready",
    "help",
    "contact",
    "privacy",
    "disclaimer",
    "accessibility",
    "session_ended",
    "accounts:sign_up",
    "accounts:sign_up_code",
    "accounts:send_code_again",
    "accounts:sign_up_done",
    "accounts:open_link",
    "accounts:set_credentials",
    "accounts:log_in",
    "accounts:forgot_at_log_in",
    "accounts:log_in_password",
    "accounts:log_in_code",
    "accounts:log_in_code_again",
    "accounts:log_in_code_by_email",
    "accounts:log_out",
    "accounts:switch_language",
    "accounts:not_my_phrase",
    "accounts:replace_link",
    "accounts:link_sent",
    "accounts:forgot_password",
    "accounts:reset_code",
    "accounts:reset_code_again",
    "accounts:reset_code_by_email",
    "accounts:reset_sent",
    "accounts:open_reset_link",
    "accounts:new_password",
    "accounts:report_lost_contact",
    "accounts:report_ic_number_taken",
    "accounts:case_reported",
    "accounts:open_stop_link",
    "accounts:stop_recovery",
    "accounts:open_recovery_link",
    "accounts:recover",
    "accounts:recover_code",
    "accounts:open_new_email_link",
    "accounts:confirm_new_email",
    "accounts:open_undo_link",
    "accounts:undo_change",
    "accounts:open_officer_link",
    "accounts:set_up_officer",
    "receipts:ask_code",
    "receipts:verify",
    "sms_report",
    "callback",
    "bank_return",
}


def routes(resolver, namespace=()):
    """Every (name, view) of the urlconf, the staff desk's apart."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                continue
            yield from routes(
                entry, (*namespace, entry.namespace) if entry.namespace else namespace
            )
        elif isinstance(entry, URLPattern):
            yield ":".join((*namespace, entry.name or "")), entry.callback


ROUTES = dict(routes(get_resolver()))


def test_only_the_listed_pages_are_public():
    """Each of them, and no other; a page that is gone leaves the list too."""
    public = {n for n, view in ROUTES.items() if getattr(view, "login_required", True) is False}
    assert public == PUBLIC

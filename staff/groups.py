"""Who may do what at the desk: one line a permission, with the groups that have it.

Whoever adds a page for officers adds a line here; `manage.py load_groups`, which every set-up
runs, makes the groups have exactly these. An officer belongs to one group, or to several.
"""

from django.contrib.auth.models import Group, Permission

REVIEWER = "reviewer"  # looks at registrations and decides them
FINANCE = "finance"  # payments, cases of money, refunds
SUPPORT = "support"  # answers drivers, helps with accounts
AUDITOR = "auditor"  # reads everything that is masked, changes nothing
ADMINISTRATOR = "administrator"  # keeps the portal running: alarms, rules, officers
GROUPS = [REVIEWER, FINANCE, SUPPORT, AUDITOR, ADMINISTRATOR]

PERMISSIONS: dict[str, list[str]] = {
    # --- people; the IC number is masked everywhere, phone and e-mail need `view_contact` ---
    "accounts.view_user": GROUPS,
    "accounts.view_contact": [REVIEWER, SUPPORT],
    "accounts.view_whole_ic_number": [REVIEWER],
    "accounts.view_whole_contact": [SUPPORT],
    "accounts.view_correction": [REVIEWER, SUPPORT, AUDITOR],
    "accounts.add_correction": [REVIEWER, SUPPORT],
    "accounts.change_correction": [REVIEWER],
    "accounts.view_accountcase": [REVIEWER, SUPPORT, AUDITOR],
    "accounts.change_accountcase": [SUPPORT],  # holds the IC number against the MyKad
    # --- registrations ---
    "registration.view_registration": [REVIEWER, FINANCE, SUPPORT, AUDITOR],
    "registration.change_registration": [REVIEWER],
    "registration.view_supportingdocument": [REVIEWER],
    "registration.view_documentrule": [REVIEWER, SUPPORT, AUDITOR, ADMINISTRATOR],
    "registration.add_export": [REVIEWER, AUDITOR],
    # --- money and cover ---
    "contributions.view_contribution": [FINANCE, SUPPORT, AUDITOR],
    "contributions.view_coverageperiod": [REVIEWER, FINANCE, SUPPORT, AUDITOR],
    "contributions.view_planrate": [FINANCE, SUPPORT, AUDITOR, ADMINISTRATOR],
    "receipts.view_receipt": [REVIEWER, FINANCE, SUPPORT, AUDITOR],
    "receipts.change_receipt": [REVIEWER],  # issues a corrected one; the old one stays
    "payments.view_payment": [FINANCE, SUPPORT, AUDITOR],
    "payments.view_gatewaymessage": [FINANCE, AUDITOR],
    "payments.view_paymentcase": [FINANCE, AUDITOR],
    "payments.change_paymentcase": [FINANCE],
    "payments.view_refund": [FINANCE, AUDITOR],
    "payments.add_refund": [FINANCE],
    "payments.change_refund": [FINANCE],  # two officers of finance: one asks, another approves
    "payments.view_settlementfile": [FINANCE, AUDITOR],
    "payments.add_settlementfile": [FINANCE],
    "payments.view_bank": [FINANCE, SUPPORT, AUDITOR, ADMINISTRATOR],
    # --- the portal itself ---
    "foundation.view_proposal": [FINANCE, AUDITOR, ADMINISTRATOR],
    "foundation.add_proposal": [ADMINISTRATOR],
    "foundation.change_proposal": [ADMINISTRATOR],  # one proposes a price or rule, another decides
    "foundation.view_alarm": [FINANCE, AUDITOR, ADMINISTRATOR],
    "foundation.change_alarm": [ADMINISTRATOR],
    "foundation.view_outboxrow": [AUDITOR, ADMINISTRATOR],
    "foundation.change_outboxrow": [ADMINISTRATOR],
    "foundation.view_auditevent": [AUDITOR, ADMINISTRATOR],
}


def load_groups() -> int:
    """Makes the groups have what the table says, no more; returns how many permissions it names.

    Raises KeyError for a permission that no model has.
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for name in GROUPS:
        group, _is_new = Group.objects.get_or_create(name=name)
        named = [label for label, groups in PERMISSIONS.items() if name in groups]
        group.permissions.set([known[label] for label in named])
    return len(PERMISSIONS)

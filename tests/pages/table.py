"""Which visits show each page of the portal: a row for every url name, or why it shows none.

Whoever adds a url adds its row here; `test_table.py` sees to it, `test_words.py` reads every
page for words without translation, and `make proof` looks at each in a browser with axe.
"""

from typing import Any

from django.contrib import admin
from django.test import RequestFactory

from accounts.models import AccountCase, Correction, User
from foundation.proposals import Proposal
from payments.models import SettlementFile
from receipts.models import Receipt
from tests.pages.visits import (
    Visit,
    account_of,
    asked_for_proof,
    asked_for_proof_code,
    at_home,
    awaiting_code,
    awaiting_mail,
    awaiting_mailed_code,
    case_of,
    changing_email,
    changing_phone,
    confirming_ic_number_taken,
    deciding_ic_number_taken,
    deciding_lost_contact,
    double_payment_of,
    each,
    first_payment_of,
    form,
    fresh_officer,
    having_sent,
    having_sent_a_dark_photo,
    holding_copy,
    holding_late_link,
    holding_link,
    holding_reset_link,
    holding_used_link,
    invited_officer,
    kind,
    knowing_phrase,
    late_officer,
    looking_back,
    newcomer,
    newest_of,
    officer,
    on_a_new_device,
    on_a_new_device_with_slow_sms,
    owed_by,
    payer,
    payer_without_banks,
    payment_of,
    promised_new_contact,
    proved,
    proved_while_paying,
    queued_too,
    receipt_of,
    receipt_of_another,
    recovering,
    recovering_late,
    refund_of,
    refused,
    registration_of,
    reported,
    reset_proved,
    resetting,
    reviewing,
    seen,
    stopping,
    stranger,
    too_late_to_recover,
    typed_too_late,
    undecided_of,
    undoing,
    undoing_late,
    valid_code,
    void_code,
    void_receipt_of,
    waiting_for_copy,
)

CAST = (
    "Aminah Boon Chandran Devi Elias Farid Gayah Hamidah Indra Jamal Kumar Lim Mariam Nathan Ong "
    "Puteri Quah Rosli Salmah Tan Xavier Yap"
)
REFUNDED = "Tan Umar Vasanthi Wahid Xavier Yap Zaleha"
POSTS = "takes a POST and leads on"
LEADS_ON = "leads on at once"
MACHINE = "is read by a machine"
FILE = "is a file"
FORBIDDEN = "is forbidden to everybody"

PORTAL: dict[str, list[Visit] | str] = {
    "alive": MACHINE,
    "ready": MACHINE,
    "callback": MACHINE,
    "sms_report": MACHINE,
    "bank_return": POSTS,
    "home": [seen(stranger)],
    "help": [seen(stranger)],
    "contact": [seen(stranger)],
    "privacy": [seen(stranger)],
    "disclaimer": [seen(stranger)],
    "accessibility": [seen(stranger)],
    "session_ended": [seen(stranger)],
    "choose_mode": [seen("Aminah")],
    "dashboard": [*each(CAST), seen(newcomer), seen("Yusof")],
    "personal_copy": [seen("Aminah"), seen(waiting_for_copy), seen(holding_copy)],
    "request_copy": [seen(proved)],
    "download_copy": FILE,
    "close_account": [*form(proved), seen(proved_while_paying)],
    # --- account ---
    "accounts:sign_up": form(stranger),
    "accounts:sign_up_code": [
        *form(awaiting_code),
        seen(awaiting_mailed_code),
        seen(stranger),
    ],
    "accounts:send_code_again": [*form(awaiting_code), seen(stranger)],
    "accounts:sign_up_done": [*form(awaiting_mail), seen(stranger)],
    "accounts:open_link": LEADS_ON,
    "accounts:set_credentials": [
        *form(holding_link),
        seen(holding_used_link),
        seen(holding_late_link),
        seen(stranger),
    ],
    "accounts:replace_link": POSTS,
    "accounts:link_sent": [seen(holding_late_link), seen(stranger)],
    "accounts:log_in": form(stranger),
    "accounts:forgot_at_log_in": POSTS,
    "accounts:log_in_password": form(knowing_phrase),
    "accounts:not_my_phrase": [seen(stranger)],
    "accounts:log_in_code": [*form(on_a_new_device), seen(on_a_new_device_with_slow_sms)],
    "accounts:log_in_code_again": [seen(on_a_new_device), seen(on_a_new_device_with_slow_sms)],
    "accounts:log_in_code_by_email": POSTS,
    "accounts:send_unsent": [seen(typed_too_late)],
    "accounts:log_out": POSTS,
    "accounts:switch_language": LEADS_ON,
    "accounts:forgot_password": form(stranger),
    "accounts:reset_code": form(resetting),
    "accounts:reset_code_again": [seen(resetting)],
    "accounts:reset_code_by_email": POSTS,
    "accounts:reset_sent": [seen(reset_proved)],
    "accounts:open_reset_link": LEADS_ON,
    "accounts:new_password": [*form(holding_reset_link), seen(stranger)],
    "accounts:open_officer_link": LEADS_ON,
    "accounts:set_up_officer": [*form(invited_officer), seen(late_officer)],
    "accounts:profile": [
        seen("Aminah"),
        seen(newcomer),
        seen(changing_email),
        seen(promised_new_contact),
    ],
    "accounts:prove": form(asked_for_proof),
    "accounts:prove_code": form(asked_for_proof_code),
    "accounts:prove_code_again": [seen(asked_for_proof_code)],
    "accounts:prove_code_by_email": POSTS,
    "accounts:change_phone": form(proved),
    "accounts:change_phone_code": form(changing_phone),
    "accounts:change_phone_code_again": [seen(changing_phone)],
    "accounts:change_email": form(proved),
    "accounts:open_new_email_link": LEADS_ON,
    "accounts:confirm_new_email": [seen(changing_email), seen(stranger)],
    "accounts:open_undo_link": LEADS_ON,
    "accounts:undo_change": [seen(undoing), seen(undoing_late), seen(stranger)],
    "accounts:change_password": form("Aminah"),
    "accounts:change_phrase": form(proved),
    "accounts:change_name": form(proved),
    "accounts:whole_contact": [seen(proved)],
    "accounts:change_language": form("Aminah"),
    "accounts:agree": form("Aminah"),
    "accounts:devices": [seen(at_home), seen(newcomer)],
    "accounts:forget_device": POSTS,
    "accounts:end_log_in": POSTS,
    "accounts:log_out_everywhere": POSTS,
    "accounts:report_lost_contact": form(stranger),
    "accounts:report_ic_number_taken": form(stranger),
    "accounts:case_reported": [seen(reported)],
    "accounts:open_stop_link": LEADS_ON,
    "accounts:stop_recovery": [seen(stopping), seen(stranger)],
    "accounts:stop_own_recovery": POSTS,
    "accounts:open_recovery_link": LEADS_ON,
    "accounts:recover": [
        seen(recovering),
        seen(recovering_late),
        seen(too_late_to_recover),
        seen(stranger),
    ],
    "accounts:recover_code": [*form(recovering), seen(stranger)],
    # --- registration ---
    "registration:overview": [*each(CAST), seen(having_sent), seen(refused)],
    "registration:service": [*form(newcomer), *each("Boon Jamal Lim")],
    "registration:details": [*form("Boon"), seen("Lim")],
    "registration:choose_document": form("Boon"),
    "registration:document": [
        *form("Boon", kind("psv")),
        seen("Boon", kind("lesen")),
        seen(refused, kind("psv")),
    ],
    "registration:reading": [seen(having_sent, kind("psv"))],
    "registration:use_photo": [seen(having_sent_a_dark_photo, kind("lesen"))],
    "registration:document_file": FILE,
    "registration:thumbnail": FILE,
    "admin:registration_supportingdocument_picture": FILE,
    "registration:submit": POSTS,
    "registration:not_eligible": [seen("Lim")],
    "registration:referred": [seen("Farid")],
    "registration:choose": POSTS,
    "payments:renew": [*form("Aminah"), seen("Chandran")],
    "payments:renew_at_once": POSTS,
    # --- contributions, payments, receipts ---
    "contributions:history": [*each("Aminah Devi Quah Yusof Boon"), seen(newcomer)],
    "contributions:choose_plan": [*form("Jamal"), seen("Gayah")],
    "contributions:check_answers": form("Jamal"),
    "payments:choose_bank": [
        *form("Jamal", owed_by),
        seen(payer_without_banks, owed_by, status=503),
    ],
    "payments:send_to_bank": [seen(payer, payment_of)],
    "payments:enquire": POSTS,
    "payments:state": MACHINE,
    "payments:attempts_made": [*each("Quah Nathan"), seen(newcomer)],
    "payments:double_payment": [
        *form("Quah", double_payment_of),
        seen("Zaleha", double_payment_of),
        seen(queued_too, double_payment_of),
    ],
    "payments:payment": [
        seen(payer, payment_of),
        *each("Aminah Mariam Nathan Ong Puteri Quah Rosli", payment_of),
        seen("Quah", first_payment_of),
        *each(f"Salmah {REFUNDED}", double_payment_of),
    ],
    "receipts:receipts": [*each("Aminah Yusof"), seen(newcomer)],
    "receipts:receipt": [
        seen("Aminah", receipt_of),
        seen("Elias", void_receipt_of),
        seen("Boon", receipt_of_another, status=404),
    ],
    "receipts:download": FILE,
    "receipts:year_csv": FILE,
    "receipts:card": each("Aminah Devi Boon"),
    "receipts:end_of_cover": FILE,
    "receipts:ask_code": [seen(stranger), seen(stranger, query="?code=x")],
    "receipts:verify": [
        seen(stranger, valid_code),
        seen(stranger, void_code),
        seen(stranger, kind("0" * 25), status=404),
    ],
}

DESK: dict[str, list[Visit] | str] = {
    "admin:index": [seen(officer)],
    "admin:login": form(stranger),
    "admin:logout": POSTS,
    "admin:password_change": form(fresh_officer),
    "admin:password_change_done": [seen(officer)],
    "admin:app_list": [seen(officer, kind(app)) for app in ("foundation", "accounts", "payments")],
    "admin:autocomplete": MACHINE,
    "admin:jsi18n": MACHINE,
    "admin:view_on_site": LEADS_ON,
    "admin:find": POSTS,
    "admin:search": [
        *form(officer),
        seen(officer, posts={"q": "850101145502"}),
        seen(officer, posts={"q": "SPS-2026-99999999"}),
    ],
    "admin:recovery_codes": [seen(fresh_officer), seen(fresh_officer, posts={"make": "10"})],
    "admin:fresh_totp": form(officer),
    "admin:exports": form(fresh_officer),
    "admin:export_download": FILE,
    "admin:accounts_user_reveal": [
        *form(fresh_officer, account_of("Aminah")),
        seen(fresh_officer, account_of("Aminah"), posts={"purpose": "call"}),
    ],
    "admin:payments_paymentcase_review": [
        *(seen(officer, case_of(name)) for name in f"Quah Rosli Salmah {REFUNDED}".split()),
        seen(officer, undecided_of("Ong")),
    ],
    "admin:payments_paymentcase_close": [seen(officer, case_of("Rosli"), posts={})],
    "admin:payments_paymentcase_stop_waiting": [seen(officer, undecided_of("Ong"), posts={})],
    "admin:payments_refund_request": [seen(officer, case_of("Quah"), posts={})],
    "admin:payments_refund_approve": POSTS,
    "admin:payments_settlementfile_upload": form(officer),
    "admin:payments_settlementfile_review": [seen(officer, newest_of(SettlementFile))],
    "admin:payments_settlementfile_day": [
        seen(officer, kind("2026-11-22")),
        seen(officer, kind("2026-11-20")),
    ],
    "admin:payments_settlementfile_settle": [seen(officer, kind("2026-11-22"), posts={})],
    "admin:payments_settlementfile_day_csv": FILE,
    "admin:payments_refund_record": [seen(officer, refund_of("Xavier"), posts={})],
    "admin:accounts_user_correct": form(officer, account_of("Aminah")),
    "admin:contributions_planrate_propose": form(officer),
    "admin:registration_documentrule_propose": form(officer),
    "admin:foundation_proposal_decide": [seen(fresh_officer, newest_of(Proposal))],
    "admin:accounts_correction_decide": [seen(fresh_officer, newest_of(Correction))],
    "admin:receipts_receipt_correct": [seen(officer, newest_of(Receipt))],
    "admin:accounts_accountcase_decide": [
        *form(deciding_lost_contact, newest_of(AccountCase)),
        *form(deciding_ic_number_taken, newest_of(AccountCase)),
        *form(confirming_ic_number_taken, newest_of(AccountCase)),
        seen(looking_back, newest_of(AccountCase)),
    ],
    "admin:registration_registration_review": [
        *form(reviewing("Kumar"), registration_of("Kumar")),
        *form(reviewing("Farid"), registration_of("Farid")),
        *(
            seen(officer, registration_of(name))
            for name in ("Kumar", "Gayah", "Hamidah", "Indra", "Aminah", "Jamal")
        ),
    ],
    "admin:registration_supportingdocument_picture": FILE,
    "admin:registration_registration_claim": POSTS,
    "admin:registration_registration_release": POSTS,
    "admin:registration_registration_ask_refund": POSTS,
    "admin:registration_registration_next": POSTS,
}


def _empty(shown: Any) -> list[Visit]:
    """The list with nothing in it, where it can be searched."""
    return [seen(officer, query="?q=tiada-sesiapa")] if shown.search_fields else []


def lists() -> dict[str, list[Visit] | str]:
    """The pages that the desk has of each model; who adds a model adds nothing here."""
    pages: dict[str, list[Visit] | str] = {}
    request = RequestFactory().get("/")
    request.user = User(is_active=True, is_superuser=True)
    for model, shown in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = newest_of(model)
        pages |= {
            f"{name}_changelist": [seen(officer), *_empty(shown)],
            f"{name}_change": [seen(officer, row)],
            f"{name}_history": [seen(officer, row)],
            f"{name}_add": form(officer) if shown.has_add_permission(request) else FORBIDDEN,
            f"{name}_delete": FORBIDDEN,
        }
        if shown.has_change_permission(request):
            pages[f"{name}_change"] = form(officer, row)
        if shown.has_delete_permission(request):
            pages[f"{name}_delete"] = [seen(officer, row)]
    return pages


PAGES = PORTAL | lists() | DESK

"""Routes of this app; paths are Malay, names English."""

from django.urls import path

from payments.views import double_payment, gateway, pages, renewal

app_name = "payments"
urlpatterns = [
    path("memperbaharui/", renewal.renew, name="renew"),
    path("memperbaharui/terus/", renewal.renew_at_once, name="renew_at_once"),
    path("bayaran/<uuid:contribution_id>/bank/", pages.choose_bank, name="choose_bank"),
    path("bayaran/<slug:reference>/pergi/", pages.send_to_bank, name="send_to_bank"),
    path("bayaran/<slug:reference>/semak/", pages.enquire, name="enquire"),
    path(
        "bayaran/<slug:reference>/dua-kali/",
        double_payment.double_payment,
        name="double_payment",
    ),
    path("bayaran/", pages.attempts_made, name="attempts_made"),
    path("bayaran/<slug:reference>/keadaan/", pages.state, name="state"),
    path("bayaran/<slug:reference>/", pages.payment, name="payment"),
]

# What FPX calls: one language, no cookies.
gateway_patterns = [
    path("langsung/", gateway.callback, name="callback"),
    path("kembali/", gateway.bank_return, name="bank_return"),
]

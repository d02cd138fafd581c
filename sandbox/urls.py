"""Where everything of the outside world is."""

from django.urls import path

from sandbox.views import bank, exchange, home, mail, scenario, settlement, sms

urlpatterns = [
    path("", home.home, name="home"),
    path("senario/", scenario.scenario, name="scenario"),
    path("fpx/", home.payments, name="payments"),
    path("fpx/penyelesaian/", settlement.settlement, name="settlement"),
    # The exchange, with the real one's paths.
    path("FPXMain/seller2DReceiver.jsp", exchange.receive_request),
    path("FPXMain/sellerNVPReceiver.jsp", exchange.receive_request_without_bank),
    path("FPXMain/sellerNVPTxnStatus.jsp", exchange.answer_enquiry),
    path("FPXMain/RetrieveBankList", exchange.answer_bank_list),
    path("FPXMain/termsAndConditions.jsp", exchange.terms, name="terms"),
    path("FPXMain/bank/<uuid:token>/", exchange.choose_bank, name="choose_bank"),
    # The bank.
    path("bank/<uuid:token>/", bank.log_in, name="log_in"),
    path("bank/<uuid:token>/sahkan/", bank.confirm, name="confirm"),
    path("bank/<uuid:token>/batal/", bank.cancel, name="cancel"),
    path("bank/<uuid:token>/kembali/", bank.go_back, name="go_back"),
    path("sms/", sms.inbox, name="sms"),
    path("sms/api/send", sms.send),
    path("sms/api/inbox", sms.inbox_json),
    path("mail/", mail.inbox, name="mail"),
    path("mail/api/inbox", mail.inbox_json),
    path("mail/<int:pk>/", mail.letter, name="letter"),
    path("mail/<int:pk>/<int:number>/", mail.attachment, name="attachment"),
]

handler404 = "sandbox.views.home.not_found"
handler500 = "sandbox.views.home.broken"

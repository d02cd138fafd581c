"""Every route: pages in two languages, FPX and the health checks outside of them."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from payments import urls as payment_urls
from perkeso import health, views
from perkeso.privacy import views as privacy

handler400 = "perkeso.views.bad_request"
handler403 = "perkeso.views.forbidden"
handler404 = "perkeso.views.not_found"
handler500 = "perkeso.views.server_error"

urlpatterns = [
    *(path(place[1:], view, name=view.__name__) for place, view in health.VIEWS.items()),
    path("sms/laporan/<str:token>/", views.sms_report, name="sms_report"),
    path("bayaran/fpx/", include(payment_urls.gateway_patterns)),
    path(settings.STAFF_PATH, admin.site.urls),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("bantuan/", views.help, name="help"),
        path("hubungi/", views.contact, name="contact"),
        path("notis-privasi/", views.privacy, name="privacy"),
        path("penafian/", views.disclaimer, name="disclaimer"),
        path("kebolehcapaian/", views.accessibility, name="accessibility"),
        path("sesi-tamat/", views.session_ended, name="session_ended"),
        path("mod/", views.choose_mode, name="choose_mode"),
        path("saya/", views.dashboard, name="dashboard"),
        path("profil/salinan/", privacy.personal_copy, name="personal_copy"),
        path("profil/salinan/minta/", privacy.request_copy, name="request_copy"),
        path("profil/salinan/<uuid:public_id>/", privacy.download_copy, name="download_copy"),
        path("profil/tutup/", privacy.close_account, name="close_account"),
        path("", include("accounts.urls")),
        path("", include("registration.urls")),
        path("", include("contributions.urls")),
        path("", include("receipts.urls")),
        path("", include("payments.urls")),
        prefix_default_language=False,
    ),
]

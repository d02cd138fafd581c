"""Routes of this app; paths are Malay, names English."""

from django.urls import URLPattern, path

from accounts.views import (
    cases,
    contacts,
    devices,
    language,
    links,
    log_in,
    officers,
    password_reset,
    profile,
    proof,
    recovery,
    sign_up,
    unsent,
)


def _opens(route: str, name: str, page: str) -> URLPattern:
    """A mailed link's address, which leads to that page."""
    return path(f"{route}<str:token>/", links.open_link, {"page": f"accounts:{page}"}, name=name)


app_name = "accounts"
urlpatterns = [
    path("bahasa/<slug:language>/", language.switch_language, name="switch_language"),
    path("daftar/", sign_up.sign_up, name="sign_up"),
    path("daftar/otp/", sign_up.sign_up_code, name="sign_up_code"),
    path("daftar/otp/hantar-semula/", sign_up.send_code_again, name="send_code_again"),
    path("daftar/berjaya/", sign_up.sign_up_done, name="sign_up_done"),
    _opens("akaun/aktif/", "open_link", "set_credentials"),
    path("akaun/lengkapkan/", links.set_credentials, name="set_credentials"),
    path("akaun/pautan-baharu/", links.replace_link, name="replace_link"),
    path("akaun/pautan-dihantar/", links.link_sent, name="link_sent"),
    path("log-masuk/", log_in.log_in, name="log_in"),
    path("log-masuk/lupa/", log_in.forgot_at_log_in, name="forgot_at_log_in"),
    path("log-masuk/kata-laluan/", log_in.log_in_password, name="log_in_password"),
    path("log-masuk/bukan-ungkapan-saya/", log_in.not_my_phrase, name="not_my_phrase"),
    path("log-masuk/otp/", log_in.log_in_code, name="log_in_code"),
    path("log-masuk/otp/hantar-semula/", log_in.log_in_code_again, name="log_in_code_again"),
    path("log-masuk/otp/e-mel/", log_in.log_in_code_by_email, name="log_in_code_by_email"),
    path("log-masuk/sambung/", unsent.send_unsent, name="send_unsent"),
    path("log-keluar/", log_in.log_out, name="log_out"),
    path("lupa-kata-laluan/", password_reset.forgot_password, name="forgot_password"),
    path("lupa-kata-laluan/otp/", password_reset.reset_code, name="reset_code"),
    path(
        "lupa-kata-laluan/otp/hantar-semula/",
        password_reset.reset_code_again,
        name="reset_code_again",
    ),
    path(
        "lupa-kata-laluan/otp/e-mel/",
        password_reset.reset_code_by_email,
        name="reset_code_by_email",
    ),
    path("lupa-kata-laluan/semak/", password_reset.reset_sent, name="reset_sent"),
    _opens("lupa-kata-laluan/pautan/", "open_reset_link", "new_password"),
    path("lupa-kata-laluan/baharu/", password_reset.new_password, name="new_password"),
    path("lupa-kata-laluan/tiada-akses/", cases.report_lost_contact, name="report_lost_contact"),
    path(
        "log-masuk/nombor-digunakan/", cases.report_ic_number_taken, name="report_ic_number_taken"
    ),
    path("log-masuk/kes/", cases.case_reported, name="case_reported"),
    _opens("akaun/henti/pautan/", "open_stop_link", "stop_recovery"),
    path("akaun/henti/", recovery.stop_recovery, name="stop_recovery"),
    path("profil/henti/", recovery.stop_own_recovery, name="stop_own_recovery"),
    _opens("akaun/pulih/pautan/", "open_recovery_link", "recover"),
    path("akaun/pulih/", recovery.recover, name="recover"),
    path("akaun/pulih/otp/", recovery.recover_code, name="recover_code"),
    path("profil/", profile.profile, name="profile"),
    path("profil/tunjuk/", profile.whole_contact, name="whole_contact"),
    path("profil/nama/", profile.change_name, name="change_name"),
    path("profil/pengesahan/", proof.prove, name="prove"),
    path("profil/pengesahan/otp/", proof.prove_code, name="prove_code"),
    path("profil/pengesahan/otp/hantar-semula/", proof.prove_code_again, name="prove_code_again"),
    path("profil/pengesahan/otp/e-mel/", proof.prove_code_by_email, name="prove_code_by_email"),
    path("profil/telefon/", contacts.change_phone, name="change_phone"),
    path("profil/telefon/otp/", contacts.change_phone_code, name="change_phone_code"),
    path(
        "profil/telefon/otp/hantar-semula/",
        contacts.change_phone_code_again,
        name="change_phone_code_again",
    ),
    path("profil/e-mel/", contacts.change_email, name="change_email"),
    _opens("akaun/e-mel/pautan/", "open_new_email_link", "confirm_new_email"),
    path("akaun/e-mel/sahkan/", contacts.confirm_new_email, name="confirm_new_email"),
    _opens("akaun/batal/pautan/", "open_undo_link", "undo_change"),
    path("akaun/batal/", contacts.undo_change, name="undo_change"),
    path("profil/kata-laluan/", profile.change_password, name="change_password"),
    path("profil/ungkapan/", profile.change_phrase, name="change_phrase"),
    path("profil/bahasa/", profile.change_language, name="change_language"),
    path("profil/persetujuan/", profile.agree, name="agree"),
    path("profil/peranti/", devices.devices, name="devices"),
    path("profil/peranti/<int:pk>/lupakan/", devices.forget_device, name="forget_device"),
    path("profil/log-masuk/<int:pk>/tamatkan/", devices.end_log_in, name="end_log_in"),
    path("profil/log-keluar-semua/", devices.log_out_everywhere, name="log_out_everywhere"),
    _opens("pegawai/", "open_officer_link", "set_up_officer"),
    path("pegawai/", officers.set_up_officer, name="set_up_officer"),
]

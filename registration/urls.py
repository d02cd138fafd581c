"""Routes of this app; paths are Malay, names English."""

from django.urls import path

from registration.views import answers, ends, papers, renewal

app_name = "registration"
urlpatterns = [
    path("pendaftaran/", answers.overview, name="overview"),
    path("pendaftaran/jenis/", answers.service, name="service"),
    path("pendaftaran/maklumat/", answers.details, name="details"),
    path("pendaftaran/dokumen/", papers.choose_document, name="choose_document"),
    path("pendaftaran/dokumen/<uuid:public_id>/fail/", papers.document_file, name="document_file"),
    path("pendaftaran/dokumen/<uuid:public_id>/gambar/", papers.thumbnail, name="thumbnail"),
    path("pendaftaran/dokumen/<slug:kind>/", papers.document, name="document"),
    path("pendaftaran/dokumen/<slug:kind>/diproses/", papers.reading, name="reading"),
    path("pendaftaran/hantar/", ends.submit, name="submit"),
    path("pendaftaran/tidak-layak/", ends.not_eligible, name="not_eligible"),
    path("pendaftaran/dirujuk/", ends.referred, name="referred"),
    path("pendaftaran/<uuid:public_id>/pilih/", answers.choose, name="choose"),
    path("memperbaharui/", renewal.renew, name="renew"),
]

"""Routes of this app; paths are Malay, names English."""

from django.urls import path

from registration.views import documents, particulars, submission

app_name = "registration"
urlpatterns = [
    path("pendaftaran/", particulars.overview, name="overview"),
    path("pendaftaran/jenis/", particulars.service, name="service"),
    path("pendaftaran/maklumat/", particulars.details, name="details"),
    path("pendaftaran/dokumen/", documents.choose_document, name="choose_document"),
    path(
        "pendaftaran/dokumen/<uuid:public_id>/fail/", documents.document_file, name="document_file"
    ),
    path("pendaftaran/dokumen/<uuid:public_id>/gambar/", documents.thumbnail, name="thumbnail"),
    path("pendaftaran/dokumen/<slug:kind>/", documents.document, name="document"),
    path("pendaftaran/dokumen/<slug:kind>/diproses/", documents.reading, name="reading"),
    path("pendaftaran/dokumen/<slug:kind>/guna/", documents.use_photo, name="use_photo"),
    path("pendaftaran/hantar/", submission.submit, name="submit"),
    path("pendaftaran/tidak-layak/", submission.not_eligible, name="not_eligible"),
    path("pendaftaran/dirujuk/", submission.referred, name="referred"),
    path("pendaftaran/<uuid:public_id>/pilih/", particulars.choose, name="choose"),
]

"""Routes of this app; paths are Malay, names English."""

from django.urls import path

from receipts import views

app_name = "receipts"
urlpatterns = [
    path("resit/", views.receipts, name="receipts"),
    path("resit/<uuid:public_id>/", views.receipt, name="receipt"),
    path("resit/<uuid:public_id>.pdf", views.download, name="download"),
    path("resit/<int:year>.csv", views.year_csv, name="year_csv"),
    path("kad/", views.card, name="card"),
    path("kalendar/<slug:sector>.ics", views.end_of_cover, name="end_of_cover"),
    path("r/", views.ask_code, name="ask_code"),
    path("r/<str:code>/", views.verify, name="verify"),
]

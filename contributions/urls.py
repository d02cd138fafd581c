"""Routes of this app; paths are Malay, names English."""

from django.urls import URLPattern

app_name = "contributions"
urlpatterns: list[URLPattern] = []

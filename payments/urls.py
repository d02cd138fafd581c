"""Routes of this app; paths are Malay, names English."""

from django.urls import URLPattern

app_name = "payments"
urlpatterns: list[URLPattern] = []

# What FPX calls: one language, no cookies.
gateway_patterns: list[URLPattern] = []

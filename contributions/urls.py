"""Routes of this app; paths are Malay, names English."""

from django.urls import path

from contributions import views

app_name = "contributions"
urlpatterns = [
    path("caruman/", views.history, name="history"),
    path("caruman/pelan/", views.choose_plan, name="choose_plan"),
    path("caruman/semak/", views.check_answers, name="check_answers"),
]

try:
    from django.urls import re_path
except ImportError:  # Django 1
    from django.conf.urls import url as re_path

from notes import views

urlpatterns = [re_path(r"^$", views.index)]

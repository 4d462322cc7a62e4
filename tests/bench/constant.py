"""URLs of a view that does nothing: the unit in which the benchmark of the site measures."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("The same for all."))]

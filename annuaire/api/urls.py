from django.urls import path

from .application import api
from .documentation import documentation

urlpatterns = [
    path("api/v1/docs", documentation, name="api_documentation"),
    path("api/v1/", api.urls),
]

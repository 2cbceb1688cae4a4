"""A ModelViewSet whose every address with a pk is 404 for rows that the policy does not give."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import policy_registry

from .requete import account

View = Callable[..., HttpResponseBase]


class GuardedModelViewSet(ModelViewSet):
    """Wagtail's generic views ask the policy in two operations out of twelve: the door is here.

    Usage and history name objects and people of everywhere: they are closed, and linked nowhere.
    """

    closed = frozenset({"usage", "history", "history_results", "delete", "copy"})
    copy_view_enabled = False

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        links = {"history_url_name": None, "usage_url_name": None, "delete_url_name": None}
        return super().get_common_view_kwargs(**{**kwargs, **links})

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns = super().get_urlpatterns()
        for pattern in patterns:
            pattern.callback = self._guard(pattern.callback, pattern.name)
        return list(patterns)

    def _guard(self, view: View, name: str) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            policy = policy_registry.get_by_type(self.model)
            user = account(request)
            if name in self.closed:
                raise Http404
            if "pk" in kwargs:
                rows = policy.instances_user_has_any_permission_for(user, ["change"])
                if not rows.filter(pk=kwargs["pk"]).exists():
                    raise Http404
            elif not policy.user_has_any_permission(user, ["add", "change", "view"]):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

"""The product, the ping and the baselines in one process, which tells the CPU that it has used.

`X-Bench-Cpu` is what the process and its database backend had used when the request came, in
nanoseconds: the cost of a request is the difference with the next one, its sending included.
"""

import cProfile
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

import time

from django.conf import settings
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.test import override_settings

product = get_wsgi_application()


class BenchRequest(WSGIRequest):
    urlconf = "tests.bench.urls"


class BenchHandler(WSGIHandler):
    request_class = BenchRequest


def stack(middleware):
    with override_settings(MIDDLEWARE=middleware):
        return BenchHandler()


bare, stock = stack([]), stack(settings.STOCK_MIDDLEWARE)


def application(environ, start_response):
    used = cpu()
    headers = [("X-Bench-Cpu", str(used)), ("X-Bench-Pid", str(os.getpid()))]
    if "HTTP_X_BENCH_COLD" in environ:
        for known in caches.all():
            known.clear()
    if "HTTP_X_BENCH_PROFILE" in environ:
        return profiled(environ, start_response)
    if "HTTP_X_BENCH_COUNT" in environ:
        return counted(environ, start_response)
    return handler_of(environ)(environ, with_headers(start_response, headers))


def handler_of(environ):
    path = environ["PATH_INFO"]
    if path.startswith("/bench/reference/"):
        return stock
    return bare if path.startswith("/bench/") else product


def with_headers(start_response, more):
    return lambda status, headers, *rest: start_response(status, [*headers, *more], *rest)


def cpu():
    return time.process_time_ns() + sum(map(backend_cpu, backends))


def backend_cpu(pid):
    """CPU of a PostgreSQL process, in nanoseconds."""
    with open(f"/proc/{pid}/schedstat") as file:
        return int(file.read().split()[0])


@receiver(connection_created)
def know_backend(connection, **kwargs):
    """One for each thread; they last as long as the run, see CONN_MAX_AGE."""
    if connection.vendor == "postgresql":
        backends.add(connection.connection.info.backend_pid)


backends = set()


def counted(environ, start_response):
    """Not timed: adds the number of queries to the answer."""
    queries = []

    def note(execute, sql, params, many, context):
        queries.append(sql)
        return execute(sql, params, many, context)

    def start(status, headers, *rest):
        return start_response(status, [*headers, ("X-Bench-Queries", str(len(queries)))], *rest)

    with connection.execute_wrapper(note):
        return handler_of(environ)(environ, start)


def profiled(environ, start_response):
    """Not timed: adds the request to the profile whose file the header names."""
    path = environ["HTTP_X_BENCH_PROFILE"]
    profile = profiles.setdefault(path, cProfile.Profile(time.thread_time))
    profile.enable()
    try:
        return handler_of(environ)(environ, start_response)
    finally:
        profile.disable()
        profile.dump_stats(path)


profiles = {}

"""The one settings file: everything that changes from a machine to another is in the environment.

The names are those of docs/exploitation.md; each may be given as NAME_FILE (a path to read).
"""

import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environ import FileAwareEnv

from annuaire.stockage import storage_of

env = FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

# DEBUG opens what a laptop needs (default key, demonstration accounts). Django's own error pages,
# which would take the place of ours, appear under `manage.py runserver` only.
DEVELOPMENT = env.bool("DEBUG", default=False)
DEBUG = DEVELOPMENT and "runserver" in sys.argv
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEVELOPMENT:
        raise ImproperlyConfigured(
            "SECRET_KEY manque : donnez une longue chaîne aléatoire, "
            "ou DEBUG=1 sur un poste de développement."
        )
    SECRET_KEY = "developpement-seulement-aucun-secret-ici"  # noqa: S105  # DEVELOPMENT only
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEVELOPMENT else []
)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS manque : donnez les noms de domaine du site.")
# Search engines may index the production site alone. Another one over https says INDEXABLE=0.
INDEXABLE = env.bool("INDEXABLE", default=PUBLIC_URL.startswith("https://") and not DEVELOPMENT)
MARQUE_ETAT = env.bool("MARQUE_ETAT", default=False)

INSTALLED_APPS = [
    "annuaire",
    "annuaire.acteurs",
    "dispositifs",
    "search",
    "dsfr",
    "widget_tweaks",  # used by the templates of django-dsfr
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "wagtail.contrib.redirects",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "annuaire.indexation.IndexationMiddleware",
    # Outside the sessions, whose cookies it must see, and the compression, whose bytes it keeps.
    "annuaire.revalidation.RevalidationMiddleware",
    "annuaire.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "annuaire.acteurs.middleware.DroitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
    "dispositifs.viewsets.garde.AdminGuard",
]

ROOT_URLCONF = "annuaire.urls"
WSGI_APPLICATION = "annuaire.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "annuaire.contexte.site",
            ],
        },
    }
]

# --- database, files, cache, mail ----------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default="")
DATABASES = {
    "default": env.db_url_config(DATABASE_URL or f"sqlite:///{VAR_DIR / 'annuaire.sqlite3'}")
}
# A connection is kept for the next requests: opening SQLite again costs more than a fiche.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL: readers never wait for the writer; IMMEDIATE: two writers wait instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))
MEDIA_URL = "/media/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(VAR_DIR / "static"))
STATIC_URL = "/static/"
STORAGES = {
    "default": storage_of(env.str("STORAGE_URL", default="")),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEVELOPMENT
CACHES = {
    "default": env.cache_url("CACHE_URL", default="locmemcache://"),
    # Public pages as they were sent (annuaire.revalidation): some 25 kB each, in each process.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 200},
        "TIMEOUT": 24 * 3600,
    },
}
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="ne-pas-repondre@annuaire.invalid")
EMAIL_TIMEOUT = 10  # seconds: a mail server that hangs must not stop the worker

# --- search --------------------------------------------------------------------------------------
SEARCH_URL = env.str("SEARCH_URL", default="")
SEARCH_INDEX = env.str("SEARCH_INDEX", default="annuaire")
INDEX_DIR = Path(env.str("INDEX_DIR", default=str(VAR_DIR / "index")))

# --- language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "fr-fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# --- accounts ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "acteurs.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "apres_connexion"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_ADAPTER = "annuaire.acteurs.connexion.Adapter"
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # failures are counted by django-axes alone
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # our forms write to them: no sign-up to propose
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Annuaire des dispositifs] "
AXES_VERBOSE = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "email"  # the name under which allauth gives it to the backends
AXES_LOCKOUT_CALLABLE = "annuaire.acteurs.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying again does not postpone the end
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "email"]
SESSION_COOKIE_AGE = 12 * 3600

# --- Wagtail -------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Annuaire des dispositifs"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/connexion/"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False  # the e-mail is the identifier
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_I18N_ENABLED = False
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "français")]
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_USER_TIME_ZONES = [
    "Europe/Paris",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "Indian/Reunion",
    "Indian/Mayotte",
]
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 1
WAGTAILDOCS_DOCUMENT_MODEL = "dispositifs.Document"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "dispositifs.documents.forms.DocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# No WAGTAILDOCS_EXTENSIONS: the form knows formats, and with it Wagtail 8.0.1 answers 500 to the
# second step of its multiple upload, whose form has no file.
WAGTAILIMAGES_IMAGE_MODEL = "dispositifs.Image"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_IMAGE_FORM_BASE = "dispositifs.documents.images.ImageForm"
DOCUMENT_MAX_SIZE = 20 * 1024 * 1024  # bytes
CLAMAV_URL = env.str("CLAMAV_URL", default="")
if CLAMAV_URL and not CLAMAV_URL.startswith(("tcp://", "unix:///")):
    raise ImproperlyConfigured(
        "CLAMAV_URL doit être de la forme tcp://hote:3310 ou unix:///chemin/clamd.sock."
    )
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the long form of a dispositif

# --- security ------------------------------------------------------------------------------------
CSP_PUBLIC = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'self'"],  # the preview panel of the administration
}
CONTENT_SECURITY_POLICY = {"EXCLUDE_URL_PREFIXES": ["/admin/"], "DIRECTIVES": CSP_PUBLIC}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # ends with the browser, as the session may
HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# W019 wants DENY: the preview panel of the administration frames our own pages.
HTTP_ONLY_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
SILENCED_SYSTEM_CHECKS = ["security.W019", *([] if HTTPS else HTTP_ONLY_CHECKS)]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # One line for each indexed object and each saved page says nothing that the journal lacks.
    "loggers": {name: {"level": "WARNING"} for name in ("django_tasks", "wagtail", "axes")},
}

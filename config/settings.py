"""All settings of Taskyard, in one file. docs/operations.md explains every environment variable."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE

from config.environment import BASE_DIR, fail, setting, strict_bool
from config.navigation import SIDEBAR

DEBUG = strict_bool("DEBUG", default=False)
SECRET_KEY = setting("SECRET_KEY")
if len(SECRET_KEY) < 32:
    fail("SECRET_KEY is wrong: it needs at least 32 characters")
# Keys that were in use before: what they signed or encrypted stays readable.
SECRET_KEY_FALLBACKS = setting("SECRET_KEY_FALLBACKS", "list", [])
ALLOWED_HOSTS = setting("ALLOWED_HOSTS", "list", ["localhost", "127.0.0.1", "[::1]"])

# True behind a TLS proxy: secure cookies, HSTS, and X-Forwarded-Proto is believed.
HTTPS = strict_bool("HTTPS", default=False)

VAR_DIR = Path(setting("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- Applications ----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.inlines",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "csp",
    "axes",
    "django_tasks",
    "django_tasks_db",
    "accounts",
    "core",
    "hubs",
    "flows",
    "tasks",
    "crm",
    "soc",
    "gantt",
]

MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "core.compression.CompressionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.ConsoleTimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.middleware.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
# The vendors' clients follow no redirects and would lose a request body on one.
APPEND_SLASH = False

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
                "csp.context_processors.nonce",
            ],
        },
    },
]

# --- Database and cache ----------------------------------------------------------------------------------------------

DATABASES = {"default": setting("DATABASE_URL", "db_url", f"sqlite:///{VAR_DIR / 'taskyard.sqlite3'}")}
_database = DATABASES["default"]
_engine = _database.get("ENGINE")
if _engine == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock when a transaction begins: a read that turns into a write never meets a lock it
    # can't wait for. SQLITE_SYNCHRONOUS=FULL also survives a power cut, NORMAL any crash of the program.
    _synchronous = str(setting("SQLITE_SYNCHRONOUS", default="NORMAL")).upper()
    if _synchronous not in {"NORMAL", "FULL"}:
        fail("SQLITE_SYNCHRONOUS is wrong: it is NORMAL or FULL")
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous={_synchronous}; PRAGMA cache_size=-65536; "
            "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
        ),
    }
elif _engine == "django.db.backends.postgresql":
    _database["ENGINE"] = "core.postgresql"
    # Statements of core.statements, whose text never changes, are planned once per connection after some runs. A pooler
    # that hands a connection around by transaction and knows nothing of prepared statements needs this off.
    if strict_bool("PREPARED_STATEMENTS", default=True):
        _database["OPTIONS"] = {**_database.get("OPTIONS", {}), "prepare_threshold": 5}
else:
    fail("DATABASE_URL is wrong: it begins with sqlite:// or postgres://")
_database["CONN_MAX_AGE"] = setting("CONN_MAX_AGE", "int", 600)
_database["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without Redis each process caches for itself; what has to be counted across processes does not rely on it.
CACHES = {"default": setting("CACHE_URL", "cache_url", "locmemcache://")}

# --- Accounts --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.GroupBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

AXES_FAILURE_LIMIT = setting("LOGIN_FAILURE_LIMIT", "int", 5)
AXES_COOLOFF_TIME = timedelta(minutes=30)
# An account is locked, not an address: several people can stand behind one.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "accounts.backends.console_lockout"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# Locking the account is meant: an address is shared by many, and changed by an attacker.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

# --- HTTP and security -----------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# Where people reach this server: links in mail begin with it. Empty: mail has no links.
PUBLIC_URL = str(setting("PUBLIC_URL", default="")).rstrip("/")
if PUBLIC_URL and not PUBLIC_URL.startswith(("http://", "https://")):
    fail("PUBLIC_URL is wrong: it begins with http:// or https://")
CSRF_TRUSTED_ORIGINS = setting("CSRF_TRUSTED_ORIGINS", "list", [])
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = True
    # Health checks come from inside; the vendors' clients take a redirect for an answer.
    SECURE_REDIRECT_EXEMPT = [
        r"^(livez|readyz|metrics)$",
        r"^/*(api|v1|v3|tasks|links|resources|assignments|batch|gantt)(/|$)",
    ]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# The largest body of any dialect; each one has its own, usually smaller limit (Dialect.max_body).
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MEDIA_ROOT = setting("MEDIA_ROOT", default=str(VAR_DIR / "media"))
FILE_UPLOAD_PERMISSIONS = 0o600

# Requests a second that one organization may send to one dialect; 0 switches the limit off.
RATE_LIMITS = {
    "mileapp": setting("MILEAPP_RATE_LIMIT", "int", 100),
    "onlyoffice": setting("ONLYOFFICE_RATE_LIMIT", "int", 0),
    "secmaster": setting("SECMASTER_RATE_LIMIT", "int", 0),
    "gantt": setting("GANTT_RATE_LIMIT", "int", 0),
}
# Webhooks to loopback and private addresses are refused unless this is on.
WEBHOOK_ALLOW_PRIVATE = strict_bool("WEBHOOK_ALLOW_PRIVATE", default=False)
METRICS = strict_bool("METRICS", default=False)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["core.api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.OrjsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Taskyard",
    "VERSION": "1.0.0",
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX_TRIM": False,
    # It would make one document of all vendors, which nobody is served; `manage.py schema --check` looks at each.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

# --- Background work and mail ----------------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

EMAIL_CONFIG = setting("EMAIL_URL", "email_url", "consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = setting("DEFAULT_FROM_EMAIL", default="Taskyard <taskyard@localhost>")
EMAIL_TIMEOUT = 20

# --- Language, time, static files ------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"

STATIC_URL = "/static/"
STATIC_ROOT = Path(setting("STATIC_ROOT", default=str(VAR_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# Serves files straight from the apps where `collectstatic` has not run.
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()

# --- Logs ------------------------------------------------------------------------------------------------------------

LOG_FORMAT = setting("LOG_FORMAT", default="text")
if LOG_FORMAT not in {"text", "json"}:
    fail("LOG_FORMAT is wrong: it is text or json")
LOG_LEVEL = str(setting("LOG_LEVEL", default="INFO")).upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    fail("LOG_LEVEL is wrong: it is DEBUG, INFO, WARNING, ERROR or CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "core.logs.RequestIdFilter"}},
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        "json": {"()": "core.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request_id"]},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # A refused request is an answer, not an incident.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "axes": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
    },
}

# --- Console ---------------------------------------------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": "Taskyard",
    "SITE_HEADER": "Taskyard",
    "SITE_SUBHEADER": "Four task APIs, one console",
    "SITE_SYMBOL": "task_alt",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: f"{STATIC_URL}favicon.svg"}],
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "config.dashboard.dashboard",
    "COMMAND": {"search_models": True, "show_history": True},
    "SIDEBAR": SIDEBAR,
    "BORDER_RADIUS": "6px",
}

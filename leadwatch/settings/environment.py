"""Reads the environment variables. Errors name the variable and what is expected."""

import ipaddress
import os
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent

REQUIRED_IN_PRODUCTION = ("SECRET_KEY", "BASE_URL", "ALLOWED_HOSTS", "EMAIL_URL")
DEVELOPMENT_KEY = "only-for-development-never-for-a-public-site"
# Lower limits for a secret key in production.
KEY_LENGTH, KEY_CHARACTERS = 50, 10
# Ends of host names that only exist in a local network or in Tor, which encrypts by itself.
PRIVATE_NAMES = (".home.arpa", ".internal", ".lan", ".local", ".localhost", ".onion", ".test")


@dataclass(frozen=True)
class Environment:
    """The settings that come from environment variables."""

    data_dir: Path
    base_url: str
    allowed_hosts: list
    secret_key: str
    database: dict
    cache: dict | None
    email: dict
    search: dict | None
    bucket: str
    check_links: bool
    trusted_proxies: int

    @property
    def is_https(self):
        return self.base_url.startswith("https://")


def read(variables=None, production=False):
    """Read and check the variables. In production, those without a safe default are required."""
    env = environ.Env()
    env.ENVIRON = os.environ if variables is None else variables
    if production:
        missing = [name for name in REQUIRED_IN_PRODUCTION if not env.ENVIRON.get(name)]
        if missing:
            raise ImproperlyConfigured(f"In production these must be set: {', '.join(missing)}.")
        _refuse_unsafe(env)
    data_dir = Path(env.str("DATA_DIR", "") or BASE_DIR / "var").resolve()
    base_url = _base_url(env)
    return Environment(
        data_dir=data_dir,
        base_url=base_url,
        allowed_hosts=env.list(
            "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", urlsplit(base_url).hostname]
        ),
        secret_key=env.str("SECRET_KEY", default=DEVELOPMENT_KEY),
        database=_database(env, data_dir),
        cache=_cache(env),
        email=_url(env.email_url, env, "EMAIL_URL", "smtp+tls://name:password@host:587") or {},
        search=_search(env),
        bucket=_bucket(env),
        check_links=_flag(env, "CHECK_LINKS"),
        trusted_proxies=_number(env, "TRUSTED_PROXIES", 0, range(10)),
    )


def _refuse_unsafe(env):
    """Raise ImproperlyConfigured for values that would endanger people on a public site."""
    key = env.str("SECRET_KEY")
    is_known = key.startswith(("django-insecure-", DEVELOPMENT_KEY))
    if is_known or len(key) < KEY_LENGTH or len(set(key)) < KEY_CHARACTERS:
        raise ImproperlyConfigured(
            f"SECRET_KEY is easy to guess; it should be at least {KEY_LENGTH} random characters. This prints "
            'one: python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    for host in env.list("ALLOWED_HOSTS"):
        if "*" in host or host.startswith("."):
            raise ImproperlyConfigured(
                f"ALLOWED_HOSTS contains {host!r}; it should be the exact host names of the site, separated "
                "by commas, such as leadwatch.example.org."
            )
    address = env.str("BASE_URL")
    parts = _split(address)
    if parts.scheme == "http" and not _is_private(parts.hostname or ""):
        raise ImproperlyConfigured(
            f"BASE_URL is {address!r}; a public site should be like https://{parts.hostname}. With http, "
            "anybody on the way can read what people read and write."
        )


def _is_private(host):
    """Return whether a host is this machine, in a local network, or in Tor."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host.endswith(PRIVATE_NAMES) or ("." not in host and not host.isdigit())


def _number(env, name, default, allowed):
    value = env.str(name, default=str(default))
    if not re.fullmatch("[0-9]{1,5}", value) or int(value) not in allowed:
        limits = f"from {allowed[0]} to {allowed[-1]}"
        raise ImproperlyConfigured(f"{name} is {value!r}; it should be a number {limits}.")
    return int(value)


def _flag(env, name):
    value = env.str(name, default="").lower()
    if value not in {"", "true", "false"}:
        raise ImproperlyConfigured(f"{name} is {value!r}; it should be true or false.")
    return value == "true"


def _base_url(env):
    port = _number(env, "PORT", 8000, range(1, 65536))
    value = env.str("BASE_URL", default=f"http://127.0.0.1:{port}")
    parts = _split(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ImproperlyConfigured(f"BASE_URL is {value!r}; it should be like https://leadwatch.example.org.")
    # This also puts the scheme into lower case.
    return parts.geturl().rstrip("/")


SQLITE = {
    # Lock at the start of a transaction, so that concurrent writes wait instead of failing.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # `secure_delete` overwrites deleted rows, so that nobody can read deleted messages from the disk.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
        "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000; PRAGMA secure_delete=ON;"
    ),
}


def _database(env, data_dir):
    expected = "postgres://name:password@host:5432/database, or nothing for SQLite"
    database = _url(env.db_url, env, "DATABASE_URL", expected)
    if database is None:
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": data_dir / "db.sqlite3"}
    engine = database.get("ENGINE", "").rpartition(".")[2]
    if engine not in {"postgresql", "sqlite3"}:
        raise ImproperlyConfigured(f"DATABASE_URL can't be read; it should be like {expected}.")
    return database if engine == "postgresql" else database | {"OPTIONS": SQLITE}


# Seconds. Rendering a page takes less.
CACHE_PATIENCE = 0.5


def _cache(env):
    """Return Django's setting for a cache in Redis, or None if it is in files."""
    expected = "redis://host:6379/0, or nothing at all"
    cache = _url(env.cache_url, env, "CACHE_URL", expected)
    if cache is None:
        return None
    if urlsplit(env.str("CACHE_URL")).scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured(f"CACHE_URL can't be read; it should be like {expected}.")
    _require("CACHE_URL", "redis")
    patience = {"socket_connect_timeout": CACHE_PATIENCE, "socket_timeout": CACHE_PATIENCE}
    return cache | {
        "BACKEND": "leadwatch.page_cache.backends.RedisCache",
        "OPTIONS": patience | cache.get("OPTIONS", {}),
    }


# For each product that SEARCH_URL may name: Wagtail's backend, and the package that the backend imports.
CLUSTERS = {
    "opensearch": ("wagtail.search.backends.opensearch2", "opensearchpy"),
    "elasticsearch": ("wagtail.search.backends.elasticsearch8", "elasticsearch"),
}


def _search(env):
    """Return Wagtail's setting for a search cluster, or None if the database does the search."""
    value = env.str("SEARCH_URL", default="")
    if not value:
        return None
    parts = _split(value)
    product, _plus, scheme = parts.scheme.partition("+")
    is_valid = product in CLUSTERS and scheme in {"http", "https"} and parts.hostname
    if not is_valid or parts.query or parts.fragment:
        # The value may contain a password, so don't repeat it.
        raise ImproperlyConfigured(
            "SEARCH_URL can't be read; it should be like opensearch+https://name:password@host:9200, or "
            "elasticsearch+https://host:9200, or nothing for the database."
        )
    backend, package = CLUSTERS[product]
    _require("SEARCH_URL", package)
    return {
        "BACKEND": backend,
        "URLS": [parts._replace(scheme=scheme).geturl()],
        # Sites may share a cluster.
        "INDEX_PREFIX": "leadwatch_",
        "INDEX_SETTINGS": {"settings": {"analysis": {"analyzer": {"default": {"type": "english"}}}}},
        # Seconds. After that, the database answers.
        "TIMEOUT": 5,
    }


def _bucket(env):
    """Return the name of the bucket for media, or an empty string if media are in files."""
    bucket = env.str("AWS_STORAGE_BUCKET_NAME", default="")
    if bucket:
        _require("AWS_STORAGE_BUCKET_NAME", "storages", "boto3")
    return bucket


def _require(name, *packages):
    """Raise ImproperlyConfigured if a package that the variable needs is not installed."""
    if missing := [package for package in packages if find_spec(package) is None]:
        raise ImproperlyConfigured(
            f"{name} needs packages that are not installed: {', '.join(missing)}. "
            "Run .venv/bin/pip install -r requirements-scale.txt."
        )


def _split(url):
    """Return the parts of a URL; empty parts if it is malformed."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (reading it checks it)
    except ValueError:
        return urlsplit("")
    return parts


def _url(reader, env, name, expected):
    if not env.ENVIRON.get(name):
        return None
    try:
        return reader(name)
    except Exception as error:
        # The value may contain a password, so don't repeat it.
        raise ImproperlyConfigured(f"{name} can't be read; it should be like {expected}.") from error

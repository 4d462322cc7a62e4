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
    static_dir: Path
    version_dir: Path | None
    base_url: str
    allowed_hosts: list
    secret_key: str
    database: dict
    cache: dict | None
    email: dict
    search: dict | None
    bucket: dict
    frontend_cache: dict
    check_links: bool
    keep_copies: bool
    deepl_api_key: str
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
    static_dir = env.str("STATIC_DIR", "")
    version_dir = env.str("VERSION_DIR", "")
    return Environment(
        data_dir=data_dir,
        static_dir=(BASE_DIR / static_dir).resolve() if static_dir else data_dir / "static",
        version_dir=Path(version_dir).resolve() if version_dir else None,
        base_url=base_url,
        allowed_hosts=env.list(
            "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", urlsplit(base_url).hostname]
        ),
        secret_key=env.str("SECRET_KEY", default=DEVELOPMENT_KEY),
        database=_database(env, data_dir),
        cache=_cache(env),
        email=_url(env.email_url, env, "EMAIL_URL", "smtp+tls://name:password@host:587") or {},
        search=_search(env),
        bucket=_bucket(env, production),
        frontend_cache=_frontend_cache(env),
        check_links=_flag(env, "CHECK_LINKS"),
        keep_copies=_flag(env, "KEEP_COPIES"),
        deepl_api_key=_deepl_api_key(env),
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
    "ENGINE": "leadwatch.sqlite3",
    "OPTIONS": {
        # Lock at the start of a transaction, so that concurrent writes wait instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # `secure_delete` overwrites deleted rows, so that nobody can read deleted messages from the disk.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
            "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000; PRAGMA secure_delete=ON;"
        ),
    },
}


def _database(env, data_dir):
    expected = "postgres://name:password@host:5432/database, or nothing for SQLite"
    database = _url(env.db_url, env, "DATABASE_URL", expected)
    if database is None:
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": data_dir / "db.sqlite3"}
    engine = database.get("ENGINE", "").rpartition(".")[2]
    if engine not in {"postgresql", "sqlite3"}:
        raise ImproperlyConfigured(f"DATABASE_URL can't be read; it should be like {expected}.")
    return database if engine == "postgresql" else database | SQLITE


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


# For each setting of django-storages that may be set: the variables, of which the first one wins.
BUCKET = {
    "AWS_STORAGE_BUCKET_NAME": ["AWS_STORAGE_BUCKET_NAME"],
    "AWS_S3_ENDPOINT_URL": ["AWS_S3_ENDPOINT_URL"],
    "AWS_S3_REGION_NAME": ["AWS_S3_REGION_NAME"],
    "AWS_S3_ADDRESSING_STYLE": ["AWS_S3_ADDRESSING_STYLE"],
    "AWS_LOCATION": ["AWS_LOCATION"],
    "AWS_S3_ACCESS_KEY_ID": ["AWS_S3_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID"],
    "AWS_S3_SECRET_ACCESS_KEY": ["AWS_S3_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY"],
}
STYLES = ("path", "virtual")


def _bucket(env, production):
    """Return the settings of django-storages for the bucket with the media, or {} if media are in files."""
    found = {
        setting: next(filter(None, (env.str(name, default="") for name in names)), "")
        for setting, names in BUCKET.items()
    }
    name, endpoint = found["AWS_STORAGE_BUCKET_NAME"], found["AWS_S3_ENDPOINT_URL"]
    if not name:
        if endpoint:
            raise ImproperlyConfigured("AWS_S3_ENDPOINT_URL needs AWS_STORAGE_BUCKET_NAME as well.")
        return {}
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]", name):
        raise ImproperlyConfigured(
            f"AWS_STORAGE_BUCKET_NAME is {name!r}; it should be the name alone, such as leadwatch-media."
        )
    _require("AWS_STORAGE_BUCKET_NAME", "storages", "boto3")
    keys = [setting for setting in BUCKET if "ACCESS_KEY" in setting]
    missing = [setting for setting in keys if not found[setting]]
    if missing and (production or len(missing) < len(keys)):
        raise ImproperlyConfigured(f"AWS_STORAGE_BUCKET_NAME needs {' and '.join(missing)}.")
    # Most S3-compatible services, but not Amazon, know buckets by path.
    style = found["AWS_S3_ADDRESSING_STYLE"] = found["AWS_S3_ADDRESSING_STYLE"] or STYLES[not endpoint]
    if style not in STYLES:
        raise ImproperlyConfigured(
            f"AWS_S3_ADDRESSING_STYLE is {style!r}; it should be {' or '.join(STYLES)}."
        )
    found["AWS_LOCATION"] = found["AWS_LOCATION"].strip("/")
    _check_endpoint(endpoint, production)
    return {setting: value for setting, value in found.items() if value}


def _check_endpoint(endpoint, production):
    parts = _split(endpoint)
    is_valid = parts.scheme in {"http", "https"} and parts.hostname
    if endpoint and (not is_valid or parts.username is not None or parts.query or parts.fragment):
        # The value may contain a password, so don't repeat it.
        raise ImproperlyConfigured(
            "AWS_S3_ENDPOINT_URL can't be read; it should be like https://s3.example.org, without the bucket "
            "and without keys."
        )
    if production and parts.scheme == "http" and not _is_private(parts.hostname):
        raise ImproperlyConfigured(
            f"AWS_S3_ENDPOINT_URL is {endpoint!r}; it should begin with https. With http, anybody on the way "
            "can read files that nobody has published."
        )


BACKENDS = "leadwatch.cdn.backends"


def _frontend_cache(env):
    """Return Wagtail's setting for a cache in front of the site that it empties, or {}."""
    value = env.str("FRONTEND_CACHE_URL", default="")
    if not value:
        return {}
    parts = _split(value)
    token, _at, place = parts.netloc.rpartition("@")
    is_whole = place and not (parts.path.strip("/") or parts.query or parts.fragment)
    match parts.scheme, bool(token), bool(is_whole):
        case "cloudflare", True, True:
            backend = {"BACKEND": f"{BACKENDS}.Cloudflare", "ZONE": place, "TOKEN": token}
        case "cloudfront", False, True:
            _require("FRONTEND_CACHE_URL", "boto3")
            backend = {"BACKEND": f"{BACKENDS}.CloudFront", "DISTRIBUTION": place}
        case "http" | "https", False, True:
            backend = {"BACKEND": f"{BACKENDS}.Varnish", "LOCATION": value.rstrip("/")}
        case _:
            # The value may contain a token, so don't repeat it.
            raise ImproperlyConfigured(
                "FRONTEND_CACHE_URL can't be read; it should be like http://127.0.0.1:6081 for Varnish, "
                "cloudflare://token@zone, or cloudfront://distribution, or nothing."
            )
    return {"default": backend}


def _deepl_api_key(env):
    """Return the key for DeepL, or an empty string if no machine translates."""
    key = env.str("DEEPL_API_KEY", default="")
    if not re.fullmatch("[A-Za-z0-9:-]*", key):
        # It may be a key with something around it, so don't repeat it.
        raise ImproperlyConfigured("DEEPL_API_KEY can't be read; it should be the key alone, or nothing.")
    return key


def _require(name, *packages):
    """Raise ImproperlyConfigured if a package that the variable needs is not installed."""
    if missing := [package for package in packages if find_spec(package) is None]:
        raise ImproperlyConfigured(
            f"{name} needs packages that are not installed: {', '.join(missing)}. Run `make install-scale`."
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

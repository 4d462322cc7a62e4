import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from leadwatch.settings import environment

ROOT = Path(__file__).parent.parent
# Not made anew for each process, since it is part of the names of tests.
KEY = "vFOXfWqHPc3TptnYpCIp-9cJBzLimQ-f1mnLI0h7HMafzwtSrIAfVtlz85w88hszjLs"
PRODUCTION = {
    "SECRET_KEY": KEY,
    "BASE_URL": "https://leadwatch.example.org",
    "ALLOWED_HOSTS": "leadwatch.example.org",
    "EMAIL_URL": "smtp+tls://name:word@mail.example.org:587",
}


def test_development_needs_no_settings():
    read = environment.read({})
    assert read.base_url == "http://127.0.0.1:8000"
    assert read.database["ENGINE"].endswith("sqlite3")
    assert "journal_mode=WAL" in read.database["OPTIONS"]["init_command"]
    assert read.database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_the_base_url_follows_the_port():
    assert environment.read({"PORT": "8123"}).base_url == "http://127.0.0.1:8123"


def test_all_data_is_in_one_folder(tmp_path):
    read = environment.read({"DATA_DIR": str(tmp_path)})
    assert read.database["NAME"] == tmp_path / "db.sqlite3"
    assert read.static_dir == tmp_path / "static"


def test_each_release_may_have_its_own_static_files():
    assert environment.read({"STATIC_DIR": ".static"}).static_dir == environment.BASE_DIR / ".static"


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_names_missing_settings(name):
    variables = {key: value for key, value in PRODUCTION.items() if key != name}
    with pytest.raises(ImproperlyConfigured, match=name):
        environment.read(variables, production=True)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "many", "number from 1 to 65535"),
        ("PORT", "70000", "number from 1 to 65535"),
        ("PORT", "²", "number from 1 to 65535"),
        ("TRUSTED_PROXIES", "10", "number from 0 to 9"),
        ("TRUSTED_PROXIES", "9" * 5000, "number from 0 to 9"),
        ("BASE_URL", "leadwatch.example.org", "like https://"),
        ("BASE_URL", "https://leadwatch.example.org/site", "like https://"),
        ("BASE_URL", "https://[", "like https://"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL can't be read"),
        ("CACHE_URL", "nonsense", "CACHE_URL can't be read"),
        ("CACHE_URL", "memcache://127.0.0.1:11211", "CACHE_URL can't be read"),
        ("SEARCH_URL", "https://host:9200", "SEARCH_URL can't be read"),
        ("SEARCH_URL", "opensearch+https://", "SEARCH_URL can't be read"),
        ("SEARCH_URL", "opensearch+https://host:port", "SEARCH_URL can't be read"),
        ("EMAIL_URL", "pigeon://coop", "EMAIL_URL can't be read"),
        ("FRONTEND_CACHE_URL", "127.0.0.1:6081", "FRONTEND_CACHE_URL can't be read"),
        ("FRONTEND_CACHE_URL", "http://", "FRONTEND_CACHE_URL can't be read"),
        ("FRONTEND_CACHE_URL", "http://127.0.0.1:port", "FRONTEND_CACHE_URL can't be read"),
        ("FRONTEND_CACHE_URL", "http://127.0.0.1:6081/path", "FRONTEND_CACHE_URL can't be read"),
        ("FRONTEND_CACHE_URL", "http://name:word@127.0.0.1", "FRONTEND_CACHE_URL can't be read"),
        ("FRONTEND_CACHE_URL", "cloudflare://zone", "FRONTEND_CACHE_URL can't be read"),
        ("FRONTEND_CACHE_URL", "cloudflare://token@", "FRONTEND_CACHE_URL can't be read"),
        ("FRONTEND_CACHE_URL", "cloudfront://token@distribution", "FRONTEND_CACHE_URL can't be read"),
        ("FRONTEND_CACHE_URL", "fastly://token@service", "FRONTEND_CACHE_URL can't be read"),
        ("CHECK_LINKS", "perhaps", "true or false"),
        ("KEEP_COPIES", "perhaps", "true or false"),
        ("DEEPL_API_KEY", "Bearer 123", "the key alone"),
    ],
)
def test_the_error_for_a_bad_value_says_what_is_expected(name, value, expected):
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        environment.read({name: value})
    assert expected in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", KEY[:49], "at least 50 random characters"),
        ("SECRET_KEY", "a" * 60, "at least 50 random characters"),
        ("SECRET_KEY", "123456789" * 7, "at least 50 random characters"),
        ("SECRET_KEY", f"django-insecure-{KEY}", "at least 50 random characters"),
        ("SECRET_KEY", environment.DEVELOPMENT_KEY, "at least 50 random characters"),
        ("SECRET_KEY", environment.DEVELOPMENT_KEY + KEY, "at least 50 random characters"),
        ("ALLOWED_HOSTS", "*", "exact host names"),
        ("ALLOWED_HOSTS", "leadwatch.example.org, *", "exact host names"),
        ("ALLOWED_HOSTS", "*.example.org", "exact host names"),
        ("ALLOWED_HOSTS", ".org", "exact host names"),
        ("BASE_URL", "http://leadwatch.example.org", "like https://leadwatch.example.org"),
        ("BASE_URL", "HTTP://leadwatch.example.org", "like https://leadwatch.example.org"),
        ("BASE_URL", "http://8.8.8.8:8000", "like https://8.8.8.8"),
        ("BASE_URL", "http://134744072", "like https://134744072"),
        ("BASE_URL", "http://[2606:4700::1111]", "like https://"),
        ("BASE_URL", "http://localhost.example.org", "like https://localhost.example.org"),
        ("BASE_URL", "http://onion", None),
        ("BASE_URL", "http://abcdefg.onion", None),
        ("BASE_URL", "http://localhost:8000", None),
        ("BASE_URL", "http://127.0.0.1:8000", None),
        ("BASE_URL", "http://[::1]:8000", None),
        ("BASE_URL", "http://192.168.1.7", None),
        ("BASE_URL", "http://leadwatch.local", None),
        ("BASE_URL", "http://web:8000", None),
    ],
)
def test_production_refuses_unsafe_values_and_says_what_is_expected(name, value, expected):
    variables = PRODUCTION | {name: value}
    if expected is None:
        assert environment.read(variables, production=True).base_url == value
        return
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        environment.read(variables, production=True)
    assert expected in str(refusal.value)
    if name == "SECRET_KEY":
        assert value not in str(refusal.value)


def test_djangos_check_for_deployment_finds_nothing(tmp_path):
    variables = PRODUCTION | {
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "leadwatch.settings.production",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"]
    ended = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "no issues (3 silenced)" in ended.stdout


def test_a_password_in_a_bad_value_is_not_repeated():
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.read({"DATABASE_URL": "nonsense://name:secret@host"})
    assert "secret" not in str(refusal.value)


def test_cookies_are_secure_with_https():
    assert environment.read(PRODUCTION, production=True).is_https
    assert environment.read(PRODUCTION | {"BASE_URL": "HTTPS://leadwatch.example.org/"}).is_https
    assert not environment.read({}).is_https


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("opensearch+https://name:secret@search.example.org:9200", "opensearch2"),
        ("elasticsearch+https://name:secret@search.example.org:9200", "elasticsearch8"),
    ],
)
def test_a_cluster_uses_wagtails_own_backend(url, backend):
    search = environment.read({"SEARCH_URL": url}).search
    assert search["BACKEND"] == f"wagtail.search.backends.{backend}"
    assert search["URLS"] == ["https://name:secret@search.example.org:9200"]
    assert environment.read({}).search is None


@pytest.mark.parametrize(
    ("name", "value", "package"),
    [
        ("CACHE_URL", "redis://127.0.0.1:6379/0", "redis"),
        ("SEARCH_URL", "opensearch+https://name:secret@search.example.org:9200", "opensearchpy"),
        ("SEARCH_URL", "elasticsearch+https://name:secret@search.example.org:9200", "elasticsearch"),
        ("AWS_STORAGE_BUCKET_NAME", "media", "storages"),
        ("AWS_STORAGE_BUCKET_NAME", "media", "boto3"),
    ],
)
def test_a_setting_that_needs_a_missing_package_says_what_to_install(monkeypatch, name, value, package):
    environment.read({name: value})
    # Python treats a module that is None here as not installed.
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.read({name: value})
    assert str(refusal.value) == (
        f"{name} needs packages that are not installed: {package}. Run `make install-scale`."
    )


BUCKET = {
    "AWS_STORAGE_BUCKET_NAME": "leadwatch-media",
    "AWS_S3_ENDPOINT_URL": "https://s3.example.org",
    "AWS_S3_ACCESS_KEY_ID": "key",
    "AWS_S3_SECRET_ACCESS_KEY": "hidden",
}


def test_a_bucket_is_read_by_the_names_of_django_storages():
    more = {"AWS_S3_REGION_NAME": "us-east-2", "AWS_LOCATION": "/site/"}
    found = environment.read(PRODUCTION | BUCKET | more, production=True).bucket
    expected = {"AWS_S3_REGION_NAME": "us-east-2", "AWS_LOCATION": "site", "AWS_S3_ADDRESSING_STYLE": "path"}
    assert found == BUCKET | expected
    assert environment.read({}).bucket == {}


def test_the_usual_names_of_the_keys_count_if_the_bucket_has_none_of_its_own():
    usual = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    named = {"AWS_STORAGE_BUCKET_NAME": "media"}
    found = environment.read(PRODUCTION | named | usual, production=True).bucket
    assert (found["AWS_S3_ACCESS_KEY_ID"], found["AWS_S3_SECRET_ACCESS_KEY"]) == ("a", "b")
    # Amazon knows buckets by their host name.
    assert found["AWS_S3_ADDRESSING_STYLE"] == "virtual"
    assert environment.read(BUCKET | usual).bucket["AWS_S3_ACCESS_KEY_ID"] == "key"
    # restic uses them, too.
    assert environment.read(usual).bucket == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"AWS_STORAGE_BUCKET_NAME": ""}, "AWS_S3_ENDPOINT_URL needs AWS_STORAGE_BUCKET_NAME as well."),
        ({"AWS_STORAGE_BUCKET_NAME": "s3://media"}, "AWS_STORAGE_BUCKET_NAME is 's3://media'; it should be"),
        ({"AWS_S3_ACCESS_KEY_ID": ""}, "AWS_STORAGE_BUCKET_NAME needs AWS_S3_ACCESS_KEY_ID."),
        ({"AWS_S3_SECRET_ACCESS_KEY": ""}, "AWS_STORAGE_BUCKET_NAME needs AWS_S3_SECRET_ACCESS_KEY."),
        (
            {"AWS_S3_ACCESS_KEY_ID": "", "AWS_S3_SECRET_ACCESS_KEY": ""},
            "AWS_STORAGE_BUCKET_NAME needs AWS_S3_ACCESS_KEY_ID and AWS_S3_SECRET_ACCESS_KEY.",
        ),
        ({"AWS_S3_ADDRESSING_STYLE": "hosted"}, "AWS_S3_ADDRESSING_STYLE is 'hosted'; it should be path or"),
        ({"AWS_S3_ENDPOINT_URL": "s3.example.org"}, "AWS_S3_ENDPOINT_URL can't be read"),
        ({"AWS_S3_ENDPOINT_URL": "https://key:hidden@s3.example.org"}, "AWS_S3_ENDPOINT_URL can't be read"),
        ({"AWS_S3_ENDPOINT_URL": "https://s3.example.org?a=hidden"}, "AWS_S3_ENDPOINT_URL can't be read"),
        ({"AWS_S3_ENDPOINT_URL": "https://s3.example.org:port"}, "AWS_S3_ENDPOINT_URL can't be read"),
        ({"AWS_S3_ENDPOINT_URL": "http://s3.example.org"}, "it should begin with https"),
    ],
)
def test_wrong_settings_of_a_bucket_are_named(changes, expected):
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.read(PRODUCTION | BUCKET | changes, production=True)
    assert expected in str(refusal.value)
    assert "hidden" not in str(refusal.value)


def test_a_bucket_in_the_local_network_may_use_http():
    local = {"AWS_S3_ENDPOINT_URL": "http://10.0.0.5:9000"}
    assert environment.read(PRODUCTION | BUCKET | local, production=True).bucket


WITHOUT_SCALE = """
import sys
for package in ("boto3", "botocore", "elasticsearch", "opensearchpy", "redis", "storages"):
    sys.modules[package] = None
import pkgutil
import django
from django.core.management import call_command
django.setup()
call_command("check")
for app in ("leadwatch", "search", "timeline", "concerns", "home"):
    for module in pkgutil.walk_packages([app], f"{app}."):
        if ".settings" not in module.name:
            __import__(module.name)
"""


def test_the_site_starts_without_the_packages_of_requirements_scale(tmp_path):
    variables = PRODUCTION | {
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "leadwatch.settings.production",
    }
    subprocess.run([sys.executable, "-c", WITHOUT_SCALE], env=variables, cwd=ROOT, check=True)


@pytest.mark.parametrize("command", [["gunicorn", "leadwatch.wsgi"], ["python", "manage.py", "migrate"]])
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "many", "PORT is 'many'; it should be a number from 1 to 65535."),
        (
            "ALLOWED_HOSTS",
            "*",
            "ALLOWED_HOSTS contains '*'; it should be the exact host names of the site, separated by commas, "
            "such as leadwatch.example.org.",
        ),
    ],
)
def test_a_bad_value_stops_the_start_with_one_sentence(tmp_path, command, name, value, sentence):
    variables = PRODUCTION | {"DATA_DIR": str(tmp_path), name: value}
    program = Path(sys.executable).with_name(command[0])
    ended = subprocess.run([program, *command[1:]], env=variables, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr == f"{sentence}\n"


def test_in_development_the_processes_share_a_cache(tmp_path):
    """Check that the server learns at once what the worker adds, such as a home page in Spanish."""
    code = "from leadwatch.settings import dev; print(dev.CACHES['default']['LOCATION'])"
    given = {"PATH": "", "DATA_DIR": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=given, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == str(tmp_path / "cache")

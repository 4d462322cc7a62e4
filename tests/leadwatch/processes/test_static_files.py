"""The static files are collected again whenever they would become others, and only then."""

import json
import os

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage

from leadwatch.processes import static_files


@pytest.fixture
def source(tmp_path, settings):
    """Return the folder of two sources: a stylesheet that names an image."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "a.css").write_text("p { background: url(b.svg); color: red }")
    (folder / "b.svg").write_text(f"<svg>{1:1000}</svg>")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    use(settings, "whitenoise.storage.CompressedManifestStaticFilesStorage")
    return folder


def use(settings, storage):
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": storage}}


@pytest.fixture
def collect():
    """Return a function that collects the static files, and returns whether there was something to do."""

    def collect():
        said = []
        static_files.collect(said.append)
        return bool(said)

    return collect


def stylesheet(settings):
    names = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())["paths"]
    return (settings.STATIC_ROOT / names["a.css"]).read_text()


def test_nothing_is_done_twice(source, collect, settings):
    assert collect()
    before = {path: path.stat().st_mtime_ns for path in settings.STATIC_ROOT.rglob("*")}
    assert any(path.suffix == ".gz" for path in before)
    assert not collect()
    assert {path: path.stat().st_mtime_ns for path in settings.STATIC_ROOT.rglob("*")} == before


def test_a_source_that_looks_as_old_and_as_long_as_before_is_noticed(source, collect, settings):
    collect()
    time = source.joinpath("a.css").stat().st_mtime
    source.joinpath("a.css").write_text("p { background: url(b.svg); color: tan }")
    os.utime(source / "a.css", (time, time))
    assert collect()
    assert "tan" in stylesheet(settings)
    assert not collect()


def test_a_source_that_is_older_than_what_was_made_from_it_is_noticed(source, collect, settings):
    """An older package is back, for example. `collectstatic` alone keeps the newer file."""
    collect()
    source.joinpath("b.svg").write_text(f"<svg>{2:1000}</svg>")
    os.utime(source / "b.svg", (0, 0))
    before = stylesheet(settings)
    assert collect()
    assert stylesheet(settings) != before


def test_new_and_removed_sources_are_noticed(source, collect):
    collect()
    (source / "c.js").write_text("1")
    assert collect()
    (source / "c.js").rename(source / "d.js")
    assert collect()
    (source / "d.js").unlink()
    assert collect()
    assert not collect()


def test_another_way_of_making_them_is_noticed(source, collect, settings, monkeypatch):
    collect()
    monkeypatch.setattr(static_files, "version", lambda name: "99")
    assert collect()
    assert not collect()
    use(settings, "django.contrib.staticfiles.storage.ManifestStaticFilesStorage")
    assert collect()


@pytest.mark.parametrize("content", [None, b"", b"half"])
@pytest.mark.parametrize("which", ["staticfiles.json", "a.*.css", "b.*.svg.gz", static_files.MARK])
def test_what_a_power_failure_has_lost_is_made_again(source, collect, settings, which, content):
    collect()
    before = stylesheet(settings)
    (lost,) = settings.STATIC_ROOT.glob(which)
    lost.unlink() if content is None else lost.write_bytes(content)
    assert collect()
    assert not collect()
    assert stylesheet(settings) == before
    assert lost.stat().st_size > 4


def test_files_of_another_release_may_stay(source, collect, settings):
    collect()
    (settings.STATIC_ROOT / "old.0123456789ab.css").write_text("p {}")
    assert not collect()


def test_the_files_are_where_the_site_looks_for_them(source, collect):
    collect()
    assert staticfiles_storage.exists(staticfiles_storage.stored_name("a.css"))

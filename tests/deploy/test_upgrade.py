"""
The site is installed, upgraded and removed in a folder of this machine, with the commands of its units.

A release that fails is left again, and readers notice nothing. Debian's packages, the user and nginx are left
out; packages of Python are those of the tests.
"""

import os
import shutil
import tarfile
from itertools import cycle

import pytest

from tests.support.breakable import IS_LONG
from tests.support.copies import ROOT
from tests.support.installed import BLOWS, NAME, Machine
from tests.support.systemd import folder_of

pytestmark = [
    # The site's database starts as a copy of the test database.
    pytest.mark.django_db,
    pytest.mark.skipif(os.geteuid() != 0, reason="not root"),
    pytest.mark.skipif(not shutil.which("curl"), reason="no curl"),
]

# The new release answers as the file "mood" says: it works, fails when it is tried, or only when it serves.
NEW = """
import os
mood, ready = settings.DATA_DIR / "mood", readyz
def readyz(request, **options):
    wanted = mood.read_text() if mood.exists() else ""
    now = "tried" if os.environ.get("WEB_CONCURRENCY") == "1" else "serving"
    return plain("broken", 503) if wanted == now else ready(request, **options)
def healthz(request):
    return plain("new")
"""
SERVICES = ("leadwatch.service", "leadwatch-tasks.service", "leadwatch-scheduler.service")
# A command of `deploy/upgrade` as bash matches it, and seconds after it.
MOMENTS = {
    "backup": ("*manage.py?backup*", 1.5),
    "copying": ("tar?--extract*", 0.05),
    "packages": ("uv?pip*", 0),
    "check": ("*manage.py?check*", 1),
    "made": ("touch*complete*", 0),
    "migrating": ("*manage.py?set_up*", 2),
    "collected": ("cp?-a*", 0),
    "trial": ("trial=??", 1),
    "units": ("mv*units*", 0),
    "link": ("mv?-T*", 0),
    "switched": ("*restart?leadwatch.service*", 0),
    "restarting": ("*restart?leadwatch.service*", 0.5),
    "background": ("*restart?leadwatch-tasks*", 0),
    "waiting": ("say*background?processes*", 0),
    "old ones": ("find*printf*", 0),
}


def everything_in(folder):
    return {path: (path.lstat().st_mtime_ns, path.lstat().st_mode) for path in folder.rglob("*")}


@pytest.fixture(scope="module")
def machine(copy_site):
    machine = copy_site(Machine)
    yield machine
    machine.systemd.close()


@pytest.fixture
def archive(tmp_path):
    """Return an archive with a new release, as from a hosting service for code."""
    path = tmp_path / "new.tar.gz"
    ignored = shutil.ignore_patterns(
        ".*", "var", "__pycache__", "tests", "docs", "node_modules", "production.env"
    )
    new = shutil.copytree(ROOT, tmp_path / "site-new", ignore=ignored)
    with (new / "leadwatch" / "views.py").open("a") as views:
        views.write(NEW)
    with tarfile.open(path, "w:gz") as file:
        file.add(new, "site-new")
    return path


def assert_one_release_answers(machine):
    serving = folder_of(machine.systemd.running["leadwatch.service"])
    assert (serving / ".complete").exists()
    is_new = NEW in (serving / "leadwatch" / "views.py").read_text()
    assert machine.read("/healthz") == (b"new" if is_new else b"ok")
    assert b"</html>" in machine.read("/timeline/")


def copy_elsewhere_in_vain(machine):
    """Keep backups in restic, which can't reach its second repository."""
    (machine.secrets / "password").write_text("a password")
    machine.write_variables(
        RESTIC_REPOSITORY=machine.base / "backups" / "restic",
        RESTIC_REPOSITORY_2="/proc/nowhere",
        RESTIC_PASSWORD_FILE=machine.secrets / "password",
    )
    (machine.data / "backups" / "copied").touch()
    os.utime(machine.data / "backups" / "copied", (0, 0))


def test_readers_notice_no_upgrade_and_no_return(machine, archive):
    machine.cut_off("power", "*manage.py?check*", 0, "install", NAME, "--root", machine.root)
    status, said = machine.run("install", NAME, "--root", machine.root)
    assert status == 0, said
    assert said.count("as editor, with the password") == 1
    before = everything_in(machine.root)
    status, said = machine.run("install", NAME, "--root", machine.root)
    assert (status, "Nothing was changed" in said) == (0, True), said
    assert everything_in(machine.root) == before

    assert machine.systemd.do("restart", *SERVICES)
    old = machine.current()
    status, said = machine.run("upgrade")
    assert "already runs this code" in said
    for mood in ("tried", "serving"):
        (machine.data / "mood").write_text(mood)
        status, said, counts = machine.run_while_read("upgrade", archive)
        assert (status, "/readyz: broken" in said) == (1, True), said
        assert f"The site runs {old.name}, as before" in said
        assert machine.current() == old
        assert machine.read("/healthz") == b"ok"
        assert len(list((machine.base / "releases").iterdir())) == 2

    (machine.data / "mood").unlink()
    if shutil.which("restic"):
        copy_elsewhere_in_vain(machine)
    status, said, counts = machine.run_while_read("upgrade", archive)
    assert status == 0, said
    assert ("The last copy of the backups elsewhere is older" in said) is bool(shutil.which("restic"))
    machine.write_variables()
    assert machine.current() != old
    assert machine.read("/healthz") == b"new"
    # Somebody read before the switch, somebody after it, and nobody in vain.
    assert min(counts[b"ok"], counts[b"new"]) > 0
    assert machine.failures == {}
    # Pages that were open refer to the static files of the release before.
    kept = {path.name for path in (old / ".static" / "css").iterdir()}
    assert kept <= {path.name for path in (machine.current() / ".static" / "css").iterdir()}

    for moment in ("trial", "switched"):
        machine.cut_off("killed", *MOMENTS[moment], "upgrade", old)
        assert_one_release_answers(machine)
    status, said = machine.run("upgrade", old)
    assert (status, "The last upgrade was cut off" in said) == (0, True), said
    assert machine.current() == old

    (machine.base / "backups" / "kept").touch()
    status, said = machine.run("remove")
    assert status == 0, said
    there = {str(path.relative_to(machine.root)) for path in machine.root.rglob("*") if path.is_file()}
    kept = ("srv/leadwatch/data/", "srv/leadwatch/backups/", "etc/leadwatch/")
    assert {f"{kept[0]}db.sqlite3", f"{kept[1]}kept", f"{kept[2]}production.env"} <= there
    assert [path for path in there if not path.startswith(kept)] == []


@pytest.mark.skipif(not IS_LONG, reason="It takes half an hour. `make faults` runs it.")
def test_an_upgrade_that_was_cut_off_is_finished_by_the_next_one(machine, archive, subtests):
    status, said = machine.run("install", NAME, "--root", machine.root)
    assert status == 0, said
    assert machine.systemd.do("restart", *SERVICES)
    sources = cycle([[archive], []])
    for what in BLOWS:
        for name, moment in MOMENTS.items():
            with subtests.test(what=what, moment=name):
                cut_off_and_finish(machine, what, moment, next(sources))


def cut_off_and_finish(machine, what, moment, source):
    before = machine.current()
    for release in (machine.base / "releases").iterdir():
        if release != before:
            # It is made again.
            (release / ".complete").unlink(missing_ok=True)
    machine.cut_off(what, *moment, "upgrade", *source)
    if what == "power":
        assert machine.systemd.do("restart", *SERVICES)
    elif what == "connection":
        assert machine.current() == before
    assert_one_release_answers(machine)
    status, said = machine.run("upgrade", *source)
    assert status == 0, said
    assert machine.current() != before
    assert machine.systemd.running.keys() == set(SERVICES)
    assert_one_release_answers(machine)

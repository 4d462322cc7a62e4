import os
import subprocess
import sys

import pytest
from django.conf import settings

# The pools of a process that has allocated in eight threads at the same time, by malloc_info(3).
COUNT = """
import ctypes, threading
from pathlib import Path
from leadwatch.processes.memory import keep_one_pool
{first}
libc, path = ctypes.CDLL(None), {path!r}
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
together = threading.Barrier(8)
def allocate():
    together.wait()
    for _ in range(2000):
        libc.malloc(10_000)
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
file = ctypes.c_void_p(libc.fopen(path.encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
print(Path(path).read_text().count("<heap nr="))
"""


def pools(first, path):
    code = COUNT.format(first=first, path=str(path))
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)


def test_threads_share_one_pool(tmp_path):
    assert pools("", tmp_path / "default") > 1
    assert pools("keep_one_pool()", tmp_path / "shared") == 1


COMMAND = ["manage.py", "shell", "--no-imports", "--command"]


@pytest.mark.parametrize(("start", "first"), [(COMMAND, ""), (["-c"], "import leadwatch.wsgi; ")])
def test_the_garbage_collector_runs_and_leaves_alone_what_was_loaded(start, first, tmp_path):
    code = f"{first}import gc; print(gc.isenabled(), gc.get_freeze_count() > 100_000)"
    variables = {"DJANGO_SETTINGS_MODULE": "leadwatch.settings.dev", "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, *start, code],
        check=True,
        capture_output=True,
        cwd=settings.BASE_DIR,
        env=os.environ | variables,
        text=True,
    )
    assert done.stdout.split() == ["True", "True"]

import subprocess
import sys

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

"""The memory of a process."""

import ctypes

# In mallopt(3).
M_ARENA_MAX = -8


def keep_one_pool():
    """
    Let the threads of this process, and of its children, allocate from one pool.

    By default, glibc has a pool for each thread, and what one has freed, the others can't use: a worker of
    the web server grew by a sixth in 10,000 requests. Python's threads allocate by turns anyway. Other C
    libraries have no pools, and don't have the function.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, 1)

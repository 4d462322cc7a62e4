"""Wait for what no tool of the tests can wait for by itself."""

import time


def wait_until(condition, seconds=60):
    """Ask again and again until the answer is true, and return it. Fail after so many seconds."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < end, f"Not so within {seconds} s"
        time.sleep(0.05)
    return answer

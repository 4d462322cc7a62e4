"""Wait for what Playwright and other tools can't wait for."""

import time


def wait_until(condition, message="", seconds=60):
    """Call `condition` until it returns something true, and return that. Fail after so many seconds."""
    end = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < end, message or f"Still not so after {seconds} s"
        time.sleep(0.05)
    return result

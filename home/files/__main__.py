"""
Run one job on a file within its limits: `python -m home.files JOB [OPTIONS] < FILE > ANSWER`.

OPTIONS is a JSON object. The answer is one line of JSON, followed by the content of the file that the job
makes, if any. If a job fails, the traceback goes to standard error and the exit status is not 0.

The server calls this through `home.files.child`. It is a separate program so that a hostile file can do no
harm: it has no Django, no database connection and no secrets.
"""

import json
import os
import resource
import signal
import sys

from home.files.jobs import JOBS


def limit(job):
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: job.seconds,
        resource.RLIMIT_FSIZE: job.largest,
        resource.RLIMIT_NOFILE: 64,
    }
    # macOS does not support this limit.
    if sys.platform != "darwin":
        limits[resource.RLIMIT_AS] = job.memory
    for kind, value in limits.items():
        resource.setrlimit(kind, (value, value))
    # Ends this process even if its parent has ended.
    signal.alarm(job.seconds)
    # Requests of visitors have priority.
    os.nice(5)


def main(name, options="{}"):
    job = JOBS[name]
    limit(job)
    # Keep what libraries print out of the answer.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with open(0, "rb", closefd=False) as file:
        answer = job.function(file, **json.loads(options))
    answer, content = answer if isinstance(answer, tuple) else (answer, b"")
    with output:
        output.write(json.dumps(answer).encode())
        output.write(b"\n")
        output.write(content)


if __name__ == "__main__":
    main(*sys.argv[1:])

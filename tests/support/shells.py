"""Another process of a site, which changes its content as the admin, a command or the worker would."""

import subprocess
import sys

from tests.support.copies import ROOT

LOOP = """
import sys
import django
django.setup()
{imports}
for line in sys.stdin:
    exec(line)
    print("done", flush=True)
"""


class Shell:
    """Runs lines of Python code in a process, which is started when it is needed."""

    def __init__(self, environment, imports):
        self.environment, self.code, self.process = environment, LOOP.format(imports=imports), None

    def do(self, line):
        """Run a line, and return "done", or an empty text if the process died of it."""
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-c", self.code],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        print(line, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            self.process.wait()
            self.process = None
        return answer.strip()

    def end(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

#!/usr/bin/env python
import gc
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from leadwatch.processes import launch

if __name__ == "__main__":
    # Loading the site leaves no garbage to collect. LeadwatchConfig.ready() turns the collector on again.
    gc.disable()
    launch.choose_settings()
    try:
        launch.prepare(sys.argv[1] if len(sys.argv) > 1 else "help")
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except (OSError, OperationalError) as error:
        # A full disk or a database that is away is no fault of the command.
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"{error}\nWith --traceback you see where it failed.".strip())

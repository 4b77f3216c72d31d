"""Calls uv inside a box: nobody's configuration, no interpreter of its own, a cache that dies."""

import os
import subprocess


class Uv:
    """uv with the environment of one box."""

    def __init__(self, scratch, extra):
        self._environment = {
            "PATH": os.environ["PATH"], "HOME": scratch, "LANG": "C.UTF-8",
            "UV_CACHE_DIR": os.path.join(scratch, "uv-cache"), "UV_NO_CONFIG": "1",
            "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "UV_COLOR": "never",
            "NO_COLOR": "1",
        }
        self._environment.update(extra)
        # A configuration of ours in place of none.
        if "UV_CONFIG_FILE" in extra:
            del self._environment["UV_NO_CONFIG"]
        self._directory = scratch

    def run(self, *arguments, **options):
        """(exit status, standard output, standard error) of `uv ARGUMENTS`."""
        text = options.get("input", "")
        done = subprocess.run(["uv"] + list(arguments), input=text.encode("utf-8"),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              cwd=self._directory, env=self._environment)
        return (done.returncode, done.stdout.decode("utf-8", "replace"),
                done.stderr.decode("utf-8", "replace"))

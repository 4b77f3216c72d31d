"""How a driver inside a box tells the grader what it saw: one JSON object a line on standard output.

Standard output is kept for these lines alone: what the candidate's code prints goes to standard
error. Code in the same interpreter can still write here, so the grader reads every line as a claim.
Works with Python 3.6 and later, without any dependency.
"""

import json
import os
import re
import sys
import time

_MARK = "@grader "
_TEXT_LIMIT = 2000
_LIST_LIMIT = 2000
# <object at 0x7f…>: another one in each run, and two runs are to tell the same.
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")


def _told(text):
    return _ADDRESS.sub("0x...", text)[:_TEXT_LIMIT]


class Channel:
    """Owns the original standard output."""

    def __init__(self):
        sys.stdout.flush()
        # Descriptors that Python makes are not inherited by programs the candidate's code starts.
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")
        os.dup2(2, 1)

    def send(self, kind, **fields):
        """Write one record; long texts are cut at their end, long lists too."""
        record = {"kind": kind}
        for name, value in fields.items():
            if isinstance(value, str):
                value = _told(value)
            elif isinstance(value, (list, tuple)):
                value = [_told(str(part)) for part in value[:_LIST_LIMIT]]
            record[name] = value
        # ASCII only: lone surrogates and odd characters stay one line whatever they are.
        self._out.write(_MARK + json.dumps(record, ensure_ascii=True) + "\n")
        self._out.flush()


def milliseconds_since(begun):
    """Whole milliseconds since a value of time.monotonic()."""
    return int((time.monotonic() - begun) * 1000)


def read_config():
    """The file that the grader wrote for this run; its path is the driver's only argument."""
    with open(sys.argv[1], encoding="utf-8") as stream:
        return json.load(stream)

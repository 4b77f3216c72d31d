"""An exception as fields of a record: what was raised, why, and where in the candidate's files."""

import ast
import errno
import os
import socket
import traceback

_CHAIN = 6
_PLACES = 12


def _chain(error):
    while error is not None and not isinstance(error, list):
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


_UNREACHED = {errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN}


def is_offline(error):
    """True where it comes from a connection to a place that no box reaches."""
    return any(isinstance(step, socket.gaierror)
               or isinstance(step, OSError) and step.errno in _UNREACHED
               for step in list(_chain(error))[:_CHAIN * 2])


def places_of(frames, root):
    """"path:line" of the frames in files below the root, the innermost last."""
    inside = os.path.join(root, "")
    found = ["%s:%d" % (frame.filename[len(inside):], frame.lineno) for frame in frames
             if frame.filename.startswith(inside)]
    return found[-_PLACES:]


def _importing(frames):
    """The module that the innermost frame's line takes a name from; before 3.7 no error says it."""
    try:
        statement = ast.parse((frames[-1].line or "").strip()).body[0]
    except (IndexError, SyntaxError):
        return ""
    named = isinstance(statement, ast.ImportFrom) and not statement.level
    return statement.module or "" if named else ""


def fields_of(error, root):
    """Fields for Channel.send; the exception's own text is the candidate's."""
    chain, missing, places = [], "", []
    for step in list(_chain(error))[:_CHAIN]:
        text = "".join(traceback.format_exception_only(type(step), step)).strip()
        chain.append(text)
        if isinstance(step, ImportError) and not missing:
            missing = (getattr(step, "name", None)
                       or _importing(traceback.extract_tb(step.__traceback__)))
        places = places or places_of(traceback.extract_tb(step.__traceback__), root)
        if isinstance(step, SyntaxError) and step.filename:
            places = places_of([_Place(step)], root) or places
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    return {"chain": chain, "missing": missing, "places": places,
            "missing_module": isinstance(error, ModuleNotFoundError),
            "offline": is_offline(error),
            "output": "".join(lines)[-2000:]}


class _Place:
    """A syntax error's own place, shaped like a frame."""

    def __init__(self, error):
        self.filename = error.filename
        self.lineno = error.lineno or 0

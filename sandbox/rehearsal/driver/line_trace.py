"""Which lines of the candidate's files ran: by sys.monitoring where there is one, else sys.settrace.

Only frames of files below the root are followed, so Django's own code keeps its speed. Statements
are counted by their first line, docstrings left out.
"""

import ast
import os
import sys
import threading

_TOOL = 4  # of sys.monitoring: not one of the numbers that debuggers and profilers take by custom


class LineTrace:
    """Follows every thread from start() to stop()."""

    def __init__(self, root):
        self._root = os.path.join(root, "")
        self._lines = {}
        self._monitored = hasattr(sys, "monitoring")

    def start(self):
        if self._monitored:
            monitoring = sys.monitoring
            monitoring.use_tool_id(_TOOL, "grader")
            monitoring.register_callback(_TOOL, monitoring.events.LINE, self._line_event)
            monitoring.set_events(_TOOL, monitoring.events.LINE)
        else:
            threading.settrace(self._call)
            sys.settrace(self._call)

    def stop(self):
        if self._monitored:
            sys.monitoring.set_events(_TOOL, 0)
            sys.monitoring.free_tool_id(_TOOL)
        else:
            sys.settrace(None)
            threading.settrace(None)

    def lines(self, path):
        """Line numbers that ran of the file with this path below the root."""
        return self._lines.get(self._root + path, set())

    def _line_event(self, code, line):
        if code.co_filename.startswith(self._root):
            self._lines.setdefault(code.co_filename, set()).add(line)
        return sys.monitoring.DISABLE

    def _call(self, frame, event, _argument):
        path = frame.f_code.co_filename
        if not path.startswith(self._root):
            return None
        seen = self._lines.setdefault(path, set())
        seen.add(frame.f_lineno)

        def line(inner, what, _value):
            if what == "line":
                seen.add(inner.f_lineno)
            return line

        return line


def _is_docstring(statement):
    if not isinstance(statement, ast.Expr):
        return False
    value = statement.value
    # Python 3.6 and 3.7 have ast.Str; the class is gone from 3.12 on.
    return isinstance(getattr(value, "value", getattr(value, "s", None)), str)


def _first_line(statement):
    decorators = getattr(statement, "decorator_list", [])
    return min([statement.lineno] + [part.lineno for part in decorators])


def statements(source):
    """{line: first line of the statement that it belongs to}, innermost statement first."""
    owner = {}

    def visit(node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt) and not _is_docstring(child) and not isinstance(
                    child, (ast.Global, ast.Nonlocal)):
                first = _first_line(child)
                for line in range(first, getattr(child, "end_lineno", child.lineno) + 1):
                    owner[line] = first
            visit(child)

    visit(ast.parse(source))
    return owner


def coverage(path, ran):
    """(statements, statements that ran) of the file; None where it is no Python."""
    try:
        with open(path, "rb") as stream:
            owner = statements(stream.read())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    every = set(owner.values())
    return len(every), len({owner[line] for line in ran if line in owner})

"""Runs the candidate's own tests and tells of each one, and of the lines of their code that ran.

Django's discovery with a runner of ours (a runner class of the candidate's is not used), or pytest
with their ini file but none of its command-line options. Tests of ours with known outcomes run
before and after theirs.

Configuration: as of climb.py, and {"runner": "django", "pytest" or "unittest", "labels": apps that
need migrations, "coverage": files to count, "hasher": "fast" or empty, "order": "shuffled" or
empty}.
"""

import os
import random
import sys
import time
import traceback
import unittest

from grader_box import climb, failure
from grader_box.channel import Channel, milliseconds_since, read_config
from grader_box.line_trace import LineTrace, coverage

_CANARY_MODULE = "grader_box.test_canary"
_CANARY = "GraderCanary"


class Tally:
    """Tells of outcomes as they come, ours apart from theirs."""

    def __init__(self, channel):
        self._channel = channel
        self.ran = 0
        self.failed = 0

    def planned(self, names):
        theirs = [name for name in names if _CANARY not in name]
        # In parts, since a list of a record is limited.
        for start in range(0, len(theirs), 1000):
            self._channel.send("planned", ids=theirs[start:start + 1000])

    def outcome(self, name, status, milliseconds, message=""):
        if _CANARY in name:
            method = name.replace("::", ".").rsplit(".", 1)[-1]
            self._channel.send("canary", name=method, status=status, message=message[-300:])
            return
        self.ran += 1
        self.failed += status in ("failed", "error")
        self._channel.send("test", id=name, status=status, ms=milliseconds, message=message)


def shortened(error):
    """The last lines of a traceback given as sys.exc_info() gives it."""
    return "".join(traceback.format_exception(*error))[-1500:]


class RecordingResult(unittest.TextTestResult):
    """unittest's result that also tells the tally; one outcome a test, the worst that came."""

    tally = None

    def startTest(self, test):
        super().startTest(test)
        self._state = ("passed", "")
        self._begun = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        status, message = self._state
        self.tally.outcome(test.id(), status, milliseconds_since(self._begun), message)
        self._state = None

    def _set(self, test, status, message=""):
        if getattr(self, "_state", None) is None:
            # The error of a class's or module's set-up comes without a test around it.
            self.tally.outcome(test.id(), status, 0, message)
        elif self._state[0] in ("passed", "skipped"):
            self._state = (status, message)

    def addError(self, test, error):
        super().addError(test, error)
        self._set(test, "error", shortened(error))

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self._set(test, "failed", shortened(error))

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self._set(test, "failed", shortened(error))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._set(test, "skipped", str(reason))

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._set(test, "failed", "passed, though it was expected to fail")


def each_test(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from each_test(test)
        else:
            yield test


def shuffled(tests, group_of, kind_of):
    """In another order, the same at every run: groups stay together, kinds stay in their order."""
    groups = {}
    for test in tests:
        groups.setdefault(group_of(test), []).append(test)
    parts, dice = list(groups.values()), random.Random(9157)
    dice.shuffle(parts)
    for part in parts:
        dice.shuffle(part)
    # What empties whole tables comes last, as in Django's own order.
    parts.sort(key=lambda part: kind_of(part[0]))
    return [test for part in parts for test in part]


def _kind(test):
    from django.test import TestCase, TransactionTestCase

    return 0 if isinstance(test, TestCase) else 1 if isinstance(test, TransactionTestCase) else 2


def run_unittest(tally, config):
    """Without a test database and without Django's runner: for tests that want neither."""
    RecordingResult.tally = tally
    suite = unittest.defaultTestLoader.discover(".", pattern="test*.py")
    tally.planned([test.id() for test in each_test(suite)])
    ours = [unittest.defaultTestLoader.loadTestsFromName(_CANARY_MODULE) for _ in range(2)]
    both = unittest.TestSuite([ours[0], suite, ours[1]])
    unittest.TextTestRunner(resultclass=RecordingResult).run(both)
    return 1 if tally.failed else 0


def run_django(tally, config):
    """The exit status: 0 where every test of theirs passed."""
    from django.test.runner import DiscoverRunner

    RecordingResult.tally = tally

    class Runner(DiscoverRunner):
        def get_resultclass(self):
            return RecordingResult

        def run_suite(self, suite, **options):
            tally.planned([test.id() for test in each_test(suite)])
            ours = [unittest.defaultTestLoader.loadTestsFromName(_CANARY_MODULE) for _ in range(2)]
            if config["order"] == "shuffled":
                suite = unittest.TestSuite(shuffled(each_test(suite), type, _kind))
            both = unittest.TestSuite([ours[0], suite, ours[1]])
            return super().run_suite(both, **options)

    runner = Runner(verbosity=1, interactive=False)
    # 2.2 to 4.0 want their second argument left out, later ones have none.
    runner.run_tests([])
    return 1 if tally.failed else 0


class PytestRecorder:
    """A pytest plugin that tells the tally."""

    def __init__(self, tally, order):
        self._tally = tally
        self._order = order
        self._states = {}

    def pytest_collection_modifyitems(self, items):
        if self._order == "shuffled":
            items[:] = shuffled(items, lambda item: item.nodeid.rpartition("::")[0],
                                lambda item: 0)
        self._tally.planned([item.nodeid for item in items])

    def pytest_collectreport(self, report):
        if report.failed:
            self._tally.outcome(report.nodeid, "error", 0, str(report.longrepr)[-1500:])

    def pytest_runtest_logreport(self, report):
        status, spent, message = self._states.get(report.nodeid, ("passed", 0.0, ""))
        if report.failed and status != "failed":
            status = "failed" if report.when == "call" else "error"
            message = str(report.longrepr)[-1500:]
        elif report.skipped and status == "passed" and not hasattr(report, "wasxfail"):
            status, message = "skipped", str(report.longrepr)[-300:]
        spent += report.duration
        self._states[report.nodeid] = (status, spent, message)
        if report.when == "teardown":
            self._tally.outcome(report.nodeid, status, int(spent * 1000), message)


def run_pytest(tally, config):
    import pytest

    ours = os.path.join(os.path.dirname(os.path.abspath(__file__)), "test_canary.py")
    arguments = ["--rootdir", config["root"], "--import-mode=importlib", "-q",
                 "-p", "no:cacheprovider", "-p", "no:cov", "-p", "no:xdist",
                 "-o", "addopts=", "-o", "python_files=test*.py *_test.py *_tests.py",
                 "--ds=grader_box.overlay", ".", ours]
    pytest.main(arguments, plugins=[PytestRecorder(tally, config["order"])])
    return 1 if tally.failed else 0


def prepare(config):
    import django
    from django.conf import settings

    django.setup()
    if config["hasher"] == "fast":
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if config["labels"]:
        climb.make_migrations(config["labels"])


def send_coverage(channel, config, trace):
    for path in config["coverage"]:
        counted = coverage(os.path.join(config["tree"], path), trace.lines(path))
        if counted:
            channel.send("coverage", path=path, statements=counted[0], covered=counted[1])


def main():
    channel = Channel()
    config = read_config()
    climb.enter(config)
    sys.argv = ["manage.py", "test"]
    tally = Tally(channel)
    trace = LineTrace(config["tree"])
    begun = time.monotonic()
    status = 3
    try:
        trace.start()
        prepare(config)
        run = {"pytest": run_pytest, "unittest": run_unittest}.get(config["runner"], run_django)
        status = run(tally, config)
    except BaseException as error:  # SystemExit too: a candidate's module may call sys.exit
        channel.send("broken", **failure.fields_of(error, config["tree"]))
    trace.stop()
    send_coverage(channel, config, trace)
    channel.send("end", ran=tally.ran, failed=tally.failed, status=status,
                 ms=milliseconds_since(begun))
    sys.stderr.flush()
    # Threads of the candidate's must not keep the box.
    os._exit(status)


if __name__ == "__main__":
    main()

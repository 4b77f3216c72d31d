"""Climbs from the settings import to an answer on every page, telling of every rung before and after it.

All rungs share one interpreter, since loading the apps is most of each rung's time. A rung that
began and did not end is the one at which the process died or stood still.

Configuration: {"submission": its tree, "skipped": folders of it to leave out, "root": folder of
manage.py below its top, "settings": module, "scratch": folder, "environment": {name: value},
"seconds": how long a rung may take, "server": "postgresql" or empty}.
"""

import http.client
import importlib
import os
import sys
import threading
import time
import traceback

from grader_box import failure, routes, workspace
from grader_box.channel import Channel, milliseconds_since, read_config

_REDIRECTS = 3


class Climber:
    """Holds what later rungs take from earlier ones."""

    def __init__(self, channel, config):
        self._channel = channel
        self._config = config
        self._tree = config["tree"]
        self._rung = ""
        self._begun = 0.0
        self._raised = []

    def climb(self):
        self._watch()
        for name in ("settings", "check", "migrations", "migrate", "serve", "routes"):
            passed = self._try(name, getattr(self, "_" + name))
            # Models without migrations are a fault, not an obstacle: they are made here.
            if not passed and name != "migrations":
                return

    def _try(self, name, step):
        self._rung, self._begun = name, time.monotonic()
        self._channel.send("begin", rung=name)
        try:
            problem = step()
            fields = {"chain": [problem]} if problem else {}
        except BaseException as error:  # SystemExit too: candidates' settings call sys.exit
            problem = "raised"
            fields = failure.fields_of(error, self._tree)
        self._channel.send("rung", rung=name, passed=not problem,
                           ms=milliseconds_since(self._begun), **fields)
        self._rung = ""
        return not problem

    def _watch(self):
        main = threading.current_thread().ident
        seconds = self._config["seconds"]

        def look():
            while True:
                time.sleep(1)
                if self._rung and time.monotonic() - self._begun > seconds:
                    frames = traceback.extract_stack(sys._current_frames()[main])
                    self._channel.send("stuck", rung=self._rung,
                                       places=failure.places_of(frames, self._tree))
                    os._exit(4)

        threading.Thread(target=look, daemon=True).start()

    def _settings(self):
        self._channel.send("facts", python=".".join(map(str, sys.version_info[:3])))
        import django
        from django.conf import settings

        self._channel.send("facts", django=django.get_version())
        for repair, setting, what in settings.CHANGES:
            self._channel.send("repair", name=repair, setting=setting, what=what)
        django.setup()

    def _check(self):
        from django.core.management import call_command
        from django.urls import get_resolver

        call_command("check")
        # The URLconf is imported late: nothing else would notice a broken one.
        len(get_resolver().url_patterns)

    def _migrations(self):
        labels = sorted(self._unmigrated())
        # First what has no migrations at all: others may depend on it.
        made = make_migrations(labels) if labels else True
        pending = sorted(self._pending() - set(labels)) if made else []
        made = make_migrations(pending) and made if pending else made
        labels += pending
        if not labels:
            return None
        self._channel.send("made", labels=labels, made=made)
        return "models without matching migrations: " + ", ".join(labels)

    def _pending(self):
        """Labels of the candidate's apps whose models changed since their last migration."""
        from django.apps import apps
        from django.db.migrations.autodetector import MigrationAutodetector
        from django.db.migrations.loader import MigrationLoader
        from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
        from django.db.migrations.state import ProjectState

        loader = MigrationLoader(None)
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps),
                                         NonInteractiveMigrationQuestioner(dry_run=True))
        changes = detector.changes(graph=loader.graph)
        return set(changes) & set(self._own_apps())

    def _unmigrated(self):
        """Labels of those that have models and not one migration.

        Django itself calls an app without a migrations folder clean.
        """
        from django.db.migrations.loader import MigrationLoader

        loader = MigrationLoader(None, load=False)
        loader.load_disk()
        migrated = {label for label, _ in loader.disk_migrations}
        return {label for label, app in self._own_apps().items()
                if list(app.get_models()) and label not in migrated}

    def _own_apps(self):
        from django.apps import apps

        inside = os.path.join(self._tree, "")
        return {app.label: app for app in apps.get_app_configs() if app.path.startswith(inside)}

    def _migrate(self):
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
        missing = missing_columns()
        return "without a table or column: " + ", ".join(missing[:20]) if missing else None

    def _serve(self):
        raised = self._raised
        status, path = get("/", start_server(raised))
        self._channel.send("answer", status=status, path=path)
        if status < 500:
            return None
        if raised:
            raise raised[-1]
        return "the server answered GET / with status %d" % status

    def _routes(self):
        return routes.ask_all(self._channel, self._tree, self._raised,
                              self._config["seconds"])


def make_migrations(labels):
    """Make the migrations of these apps in the scratch copy; false where Django had to ask."""
    from django.core.management import call_command

    importlib.invalidate_caches()
    try:
        call_command("makemigrations", *labels, interactive=False, verbosity=0)
        return True
    except (Exception, SystemExit):
        traceback.print_exc()
        return False
    finally:
        importlib.invalidate_caches()


def missing_columns():
    """"Model" or "Model.field" of what the databases lack after migrating."""
    from django.apps import apps
    from django.db import connection

    missing = []
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models():
            options = model._meta
            if not options.managed or options.proxy or options.swapped:
                continue
            if options.db_table not in tables:
                missing.append(options.label)
                continue
            columns = {column.name for column in connection.introspection.get_table_description(
                cursor, options.db_table)}
            missing += ["%s.%s" % (options.label, field.name)
                        for field in options.local_concrete_fields if field.column not in columns]
    return missing


def start_server(raised):
    """The port of the loopback at which the candidate's WSGI application answers from now on."""
    import logging
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

    from django.core.servers.basehttp import get_internal_wsgi_application
    from django.core.signals import got_request_exception

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    class Handler(WSGIRequestHandler):
        def log_message(self, *_arguments):
            pass

    def keep(**_fields):
        raised.append(sys.exc_info()[1])

    got_request_exception.connect(keep, weak=False)
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    server = make_server("127.0.0.1", 0, get_internal_wsgi_application(), server_class=Server,
                         handler_class=Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def get(path, port):
    """(status, path) of the answer behind at most a few redirects on the same host."""
    for _ in range(_REDIRECTS + 1):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers={"Host": "localhost"})
        answer = connection.getresponse()
        answer.read(1 << 20)
        connection.close()
        target = answer.getheader("Location") or ""
        if answer.status not in (301, 302, 303, 307, 308) or not target.startswith("/"):
            break
        path = target
    return answer.status, path


class _Watched(type(os.environ)):
    """os.environ that notes which variables are looked up in a way that would fail without them."""

    def __getitem__(self, name):
        if not self.gentle:
            self.needed.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        # Libraries that raise an error of their own ask first.
        self.needed.add(name)
        return super().__contains__(name)

    def get(self, name, default=None):
        self.gentle = True
        try:
            return super().get(name, default)
        finally:
            self.gentle = False


def watch_environment():
    """From now on os.environ.needed says what was looked up so."""
    os.environ.needed = set()
    os.environ.gentle = False
    os.environ.__class__ = _Watched


def enter(config):
    """Copy the tree and do what manage.py does before Django is asked anything.

    Afterwards config["tree"] is the copy's top, config["root"] its folder of manage.py.
    """
    config["tree"] = os.path.join(config["scratch"], "tree")
    config["root"] = os.path.normpath(os.path.join(config["tree"], config["root"]))
    workspace.copy_tree(config["submission"], config["tree"], config["skipped"])
    os.environ.update(config["environment"])
    os.environ["GRADER_SETTINGS"] = config["settings"]
    os.environ["GRADER_SCRATCH"] = config["scratch"]
    os.environ["GRADER_SERVER"] = config["server"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "grader_box.overlay"
    os.chdir(config["root"])
    sys.path.insert(0, config["root"])
    # Some settings look at the command.
    sys.argv = ["manage.py", "check"]


def main():
    channel = Channel()
    config = read_config()
    enter(config)
    watch_environment()
    Climber(channel, config).climb()
    channel.send("needless", names=sorted(set(config["environment"]) - os.environ.needed))
    channel.send("end")
    sys.stderr.flush()
    # Threads of the candidate's must not keep the box.
    os._exit(0)


if __name__ == "__main__":
    main()

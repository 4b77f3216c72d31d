"""Serves the candidate's application on the loopback of its box, and beside it hints for a prober.

Nothing that this process says is evidence: the candidate's code runs in it. The hints (routes, field
names, models) only say where to look, and the two helpers (an account, a session, a row made past
the application's own pages) are wanted where its own pages do not lead there.

Configuration: as of climb.py, with "labels" (apps whose migrations have to be made), "database"
(folder of the database files), "port" of the application and "control" of the hints.
"""

import io
import json
import os
import sys
import threading
import traceback
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from grader_box import climb, probe_hints, probe_rows
from grader_box.channel import Channel, read_config

_BODY = 4 << 20
_ITERATIONS = 600


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass


class _Handler(WSGIRequestHandler):
    def log_message(self, *_arguments):
        pass

    def address_string(self):
        return self.client_address[0]


def _whole(application):
    """The application with each answer read to its end, and its database let go, before it is sent.

    What comes after the answer would race with copying the database.
    """
    from django.db import connections

    def close():
        for connection in connections.all():
            try:
                connection.close()
            except Exception:
                pass

    def run(environ, start_response):
        environ["REMOTE_ADDR"] = "192.0.2.10"
        told = {}

        def keep(status, headers, *_rest):
            told["status"], told["headers"] = status, headers

        counter = probe_rows.count_queries()
        body = io.BytesIO()
        try:
            answer = application(environ, keep)
            try:
                for part in answer:
                    body.write(part)
                    if body.tell() > _BODY:
                        break
            finally:
                if hasattr(answer, "close"):
                    answer.close()
        finally:
            queries = counter()
            close()
        headers = [pair for pair in told.get("headers", [])
                   if pair[0].lower() not in ("content-length", "connection")]
        headers.append(("Content-Length", str(body.tell())))
        headers.append(("X-Grader-Queries", str(queries)))
        start_response(told.get("status", "500 No Status"), headers)
        return [body.getvalue()]

    return run


def _control(environ, start_response):
    """Hints and helpers as JSON; a failure is told as {"error": …}."""
    try:
        size = min(int(environ.get("CONTENT_LENGTH") or 0), _BODY)
        asked = json.loads(environ["wsgi.input"].read(size).decode("utf-8")) if size else {}
        step = {"/hints": lambda _: probe_hints.hints(), "/user": probe_rows.make_user,
                "/activate": probe_rows.activate, "/session": probe_rows.make_session,
                "/entry": probe_rows.make_entry, "/mail": probe_rows.mail,
                "/seed": probe_rows.seed}[environ["PATH_INFO"]]
        told = step(asked)
    except BaseException as error:
        told = {"error": "%s: %s" % (type(error).__name__, str(error)[:300]),
                "trace": traceback.format_exc()[-1500:]}
    finally:
        from django.db import connections
        for connection in connections.all():
            connection.close()
    text = json.dumps(told, ensure_ascii=True, default=str).encode("ascii")
    start_response("200 OK", [("Content-Type", "application/json"),
                              ("Content-Length", str(len(text)))])
    return [text]


def _prepare(config):
    import django
    django.setup()
    from django.contrib.auth import hashers
    from django.core.management import call_command

    # Of accounts only; their own use of a derived key names its own number.
    hashers.PBKDF2PasswordHasher.iterations = _ITERATIONS
    if config["labels"]:
        climb.make_migrations(config["labels"])
    call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)


def _serve(application, port):
    server = make_server("127.0.0.1", port, application, server_class=_Server,
                         handler_class=_Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.daemon = True
    thread.start()
    return thread


def main():
    channel = Channel()
    config = read_config()
    os.environ["GRADER_DATABASE"] = config["database"]
    climb.enter(config)
    os.environ["DJANGO_SETTINGS_MODULE"] = "grader_box.probe_settings"
    sys.argv = ["manage.py", "runserver"]
    probe_hints.TREE = config["tree"]
    try:
        _prepare(config)
        from django.core.servers.basehttp import get_internal_wsgi_application

        import logging
        logging.getLogger("django.request").setLevel(logging.CRITICAL)
        thread = _serve(_whole(get_internal_wsgi_application()), config["port"])
        # Last: who finds it open finds the application open too.
        _serve(_control, config["control"])
    except BaseException:
        channel.send("failed", output=traceback.format_exc()[-2000:])
        os._exit(3)
    channel.send("ready")
    thread.join()


if __name__ == "__main__":
    main()

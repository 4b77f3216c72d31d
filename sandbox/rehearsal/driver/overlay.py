"""The candidate's settings with what a box cannot offer replaced; their file stays as it is.

Imported by Django as the settings module. Values stand in for servers that a box does not have and
for safety switches that only a real deployment can satisfy. Each change is listed in CHANGES as
(repair, setting, what was done).
"""

import importlib
import os

# Set by the driver that starts Django.
MODULE = os.environ["GRADER_SETTINGS"]
SCRATCH = os.environ["GRADER_SCRATCH"]
# A folder of its own where another box reads the database files.
_DATABASE = os.environ.get("GRADER_DATABASE", SCRATCH)

_theirs = importlib.import_module(MODULE)
globals().update({name: getattr(_theirs, name) for name in dir(_theirs) if name.isupper()})

CHANGES = []


def _change(name, value, repair=None, what=""):
    globals()[name] = value
    # Code that imports their settings module by its own name sees the same values.
    setattr(_theirs, name, value)
    if repair:
        CHANGES.append((repair, name, what))


def _text(value):
    return value if isinstance(value, str) else ""


def _sqlite(alias, theirs):
    number = sorted(DATABASES).index(alias)  # noqa: F821: theirs
    ours = {"ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(_DATABASE, "database-%d.sqlite3" % number)}
    if isinstance(theirs, dict) and "ATOMIC_REQUESTS" in theirs:
        ours["ATOMIC_REQUESTS"] = theirs["ATOMIC_REQUESTS"]
    return ours


def _with_server(databases):
    """Their PostgreSQL databases at a server of the box's own."""
    from grader_box import postgres

    server = postgres.Server(SCRATCH)
    server.start()
    server.make(postgres.of_settings(databases))
    ours = {}
    for alias, database in databases.items():
        if not postgres.of_settings({alias: database}):
            continue
        options = {name: value for name, value in (database.get("OPTIONS") or {}).items()
                   if not name.startswith("ssl")}
        ours[alias] = dict(database, HOST=server.socket, PORT=str(postgres.PORT),
                           PASSWORD="rehearsal", OPTIONS=options)
        CHANGES.append(("database_server", "DATABASES",
                        "%s: a PostgreSQL of the box takes the place of theirs" % alias))
    return ours


def _databases(theirs):
    if not isinstance(theirs, dict):
        return
    ours = _with_server(theirs) if os.environ.get("GRADER_SERVER") == "postgresql" else {}
    for alias, database in theirs.items():
        if alias in ours:
            continue
        ours[alias] = _sqlite(alias, database)
        engine = _text(database.get("ENGINE")) if isinstance(database, dict) else ""
        if not engine.endswith("sqlite3"):
            CHANGES.append(("database", "DATABASES", "%s: %s becomes SQLite in the box" % (
                alias, engine.rsplit(".", 1)[-1] or "no database")))
        elif os.path.isfile(str(database.get("NAME"))) and os.path.getsize(str(database["NAME"])):
            CHANGES.append(("fresh_database", "DATABASES",
                            "%s: the committed database file is not used" % alias))
    _change("DATABASES", ours)


def _hosts(theirs, debug):
    hosts = [theirs] if isinstance(theirs, str) else list(theirs or [])
    reachable = {"*", "localhost", ".localhost", "127.0.0.1"}
    if (not hosts and debug) or reachable & {str(host).lower() for host in hosts}:
        return
    _change("ALLOWED_HOSTS", hosts + ["localhost", "127.0.0.1"], "hosts",
            "localhost is allowed as a host")


def _mail(names):
    local = "django.core.mail.backends.locmem.EmailBackend"
    named = "EMAIL_BACKEND" in names or "EMAIL_HOST" in names
    if named and "smtp" in _text(names.get("EMAIL_BACKEND", "smtp")).lower():
        _change("EMAIL_BACKEND", local, "mail", "mail stays in memory")
    else:
        _change("EMAIL_BACKEND", local)


def _static_files(names):
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    what = "static files are served without a manifest"
    if "anifest" in _text(names.get("STATICFILES_STORAGE")):
        _change("STATICFILES_STORAGE", plain, "static_files", what)
    storages = names.get("STORAGES")
    if isinstance(storages, dict) and isinstance(storages.get("staticfiles"), dict):
        if "anifest" in _text(storages["staticfiles"].get("BACKEND")):
            _change("STORAGES", dict(storages, staticfiles={"BACKEND": plain}), "static_files",
                    what)


def _caches(theirs):
    if not isinstance(theirs, dict):
        return
    away = ("redis", "memcache")
    ours = {alias: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                    "LOCATION": str(alias)}
            if isinstance(cache, dict) and any(
                word in _text(cache.get("BACKEND")).lower() for word in away) else cache
            for alias, cache in theirs.items()}
    if ours != theirs:
        _change("CACHES", ours, "cache", "the cache stays in memory")


def _workers(names):
    if any(name.startswith("CELERY") and "BROKER" in name for name in names):
        for name in ("CELERY_TASK_ALWAYS_EAGER", "CELERY_ALWAYS_EAGER"):
            _change(name, True)
        CHANGES.append(("worker", "CELERY_BROKER_URL", "tasks run at once, without a broker"))
    layers = names.get("CHANNEL_LAYERS")
    if isinstance(layers, dict) and "redis" in str(layers).lower():
        _change("CHANNEL_LAYERS", {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
                "worker", "channel layers stay in memory")


def _apply(names):
    _databases(names.get("DATABASES", {}))
    _hosts(names.get("ALLOWED_HOSTS"), names.get("DEBUG", False))
    _mail(names)
    _static_files(names)
    _caches(names.get("CACHES"))
    _workers(names)
    if names.get("SECURE_SSL_REDIRECT"):
        _change("SECURE_SSL_REDIRECT", False, "tls_redirect", "plain HTTP is answered")


_apply({name: value for name, value in list(globals().items()) if name.isupper()})

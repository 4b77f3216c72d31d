"""A PostgreSQL of the box's own, for submissions that SQLite cannot carry.

It listens on the loopback of the box and on a socket in scratch, trusts everybody there, and holds
an empty database with the names that the candidate's settings use. Its data dies with the box.
"""

import glob
import os
import re
import subprocess
import time

PORT = 5432
_NAME = re.compile(r"[^\x00]{1,63}")
_SECONDS = 30


def _programs():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not found:
        raise OSError("this root file system has no PostgreSQL")
    return found[-1]


def _quoted(name):
    return '"%s"' % name.replace('"', '""')


def _literal(text):
    return "'%s'" % text.replace("'", "''")


class Server:
    """Started by start(); the box's end is its end."""

    def __init__(self, scratch):
        self.socket = os.path.join(scratch, "postgres")
        self._data = os.path.join(scratch, "postgres", "data")
        self._log = os.path.join(scratch, "postgres", "log")

    def start(self):
        programs = _programs()
        os.makedirs(self.socket)
        environment = {"PATH": programs + ":/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": self.socket}
        subprocess.run(["initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                        "-N", "--locale=C.UTF-8"], env=environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        options = {"listen_addresses": "127.0.0.1", "port": PORT, "fsync": "off", "jit": "off",
                   "unix_socket_directories": self.socket, "shared_buffers": "32MB",
                   "max_connections": 40, "full_page_writes": "off", "max_wal_size": "64MB",
                   "min_wal_size": "32MB", "wal_level": "minimal", "max_wal_senders": 0,
                   "dynamic_shared_memory_type": "mmap", "autovacuum": "off",
                   # A second connection inside a test's transaction would wait for ever.
                   "lock_timeout": "3s"}
        command = ["postgres", "-D", self._data]
        for name, value in options.items():
            command += ["-c", "%s=%s" % (name, value)]
        with open(self._log, "wb") as log:
            subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log,
                             stderr=log, start_new_session=True)
        self._environment = environment
        self._await()

    def _await(self):
        until = time.monotonic() + _SECONDS
        while subprocess.run(["pg_isready", "-q", "-h", self.socket], env=self._environment,
                             stdout=subprocess.DEVNULL).returncode:
            if time.monotonic() > until:
                with open(self._log, "rb") as log:
                    raise OSError("PostgreSQL does not start: %r" % log.read()[-300:])
            time.sleep(0.05)

    def make(self, databases):
        """Roles and databases of these settings; all may do everything, as on a developer's own."""
        lines = []
        for role in sorted({one["user"] for one in databases} - {"", "postgres"}):
            lines.append("CREATE ROLE %s SUPERUSER LOGIN PASSWORD %s;" % (
                _quoted(role), _literal("rehearsal")))
        for one in databases:
            if one["name"] not in ("", "postgres", "template0", "template1"):
                lines.append("CREATE DATABASE %s;" % _quoted(one["name"]))
        subprocess.run(["psql", "-q", "-h", self.socket, "-U", "postgres", "-d", "postgres"],
                       input="\n".join(dict.fromkeys(lines)).encode(), env=self._environment,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def of_settings(databases):
    """[{"name": …, "user": …}] of DATABASES, as far as they are PostgreSQL's."""
    found = []
    for database in databases.values() if isinstance(databases, dict) else []:
        if not isinstance(database, dict) or "postg" not in str(database.get("ENGINE")):
            continue
        names = [str(database.get(key) or "postgres") for key in ("NAME", "USER")]
        if all(_NAME.fullmatch(name) for name in names):
            found.append({"name": names[0], "user": names[1]})
    return found

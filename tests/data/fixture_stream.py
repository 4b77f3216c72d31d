"""Streams for `git fast-import` out of fixtures/submissions: the same commit ids on every run.

A fixture is a folder with `tree/` (the files as the last commit has them; a leading dot of a name is
spelled `dot-`) and HISTORY, which lists the commits:

    @ 2026-03-02T18:05:00+02:00 Vera Lind <vera@example.org>
    Subject

    Body
    = path             the file of tree/
    = path before/1    the file as it was then, from before/1/
    - path             removed
    sqlite path        an empty database of SQLite

Run by hand: fixture_stream.py FOLDER | git fast-import
"""
import datetime
import pathlib
import re
import subprocess
import sys

HEAD = re.compile(r"@ (\S+) (.+ <[^<>]+>)$")


def empty_database():
    """One page of 512 bytes: the header of the file format, section 1.3, and an empty b-tree."""
    page = bytearray(512)
    page[0:16] = b"SQLite format 3\0"
    page[16:24] = bytes([2, 0, 1, 1, 0, 64, 32, 32])
    page[28:32] = (1).to_bytes(4, "big")
    page[44:48] = (4).to_bytes(4, "big")
    page[56:60] = (1).to_bytes(4, "big")
    page[100:108] = bytes([13, 0, 0, 0, 0, 2, 0, 0])
    return bytes(page)


def stored(path):
    """The name of a file inside the fixture."""
    return "/".join(re.sub(r"^\.", "dot-", part) for part in path.split("/"))


def change(folder, line):
    words = line.split(" ")
    path = words[1]
    if words[0] == "-":
        return b"D " + path.encode() + b"\n"
    if words[0] == "sqlite":
        content = empty_database()
    else:
        source = folder / (words[2] if len(words) > 2 else "tree")
        content = (source / stored(path)).read_bytes()
    mode = b"100755" if path.endswith("manage.py") else b"100644"
    return b"M %s inline %s\ndata %d\n%s\n" % (mode, path.encode(), len(content), content)


def commit(folder, text):
    lines = text.split("\n")
    head = HEAD.match(lines[0])
    if head is None:
        raise ValueError(f"{folder}/HISTORY: no commit in «{lines[0]}»")
    when = datetime.datetime.fromisoformat(head.group(1))
    stamp = f"{head.group(2)} {int(when.timestamp())} {when.strftime('%z')}".encode()
    is_change = re.compile(r"(= |- |sqlite )\S")
    message = "\n".join(line for line in lines[1:] if not is_change.match(line)).strip() + "\n"
    data = message.encode()
    out = b"commit refs/heads/main\nauthor %s\ncommitter %s\n" % (stamp, stamp)
    out += b"data %d\n%s\n" % (len(data), data)
    return out + b"".join(change(folder, line) for line in lines[1:] if is_change.match(line)) + b"\n"


def stream_of(folder):
    """The whole history of this fixture as bytes for `git fast-import`."""
    folder = pathlib.Path(folder)
    history = (folder / "HISTORY").read_text(encoding="utf-8")
    parts = re.split(r"^(?=@ )", history, flags=re.MULTILINE)
    return b"".join(commit(folder, part.rstrip("\n")) for part in parts if part)


def run_git(*words, stdin=None, cwd=None):
    """git without the user's configuration; its output."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *words], input=stdin, cwd=cwd, env=environment, check=True,
                          stdout=subprocess.PIPE)
    return done.stdout


def import_stream(stream, repository):
    """Makes a bare repository of a stream; its branch is main."""
    run_git("init", "--quiet", "--bare", "--initial-branch=main", str(repository))
    run_git("fast-import", "--quiet", stdin=stream, cwd=str(repository))


if __name__ == "__main__":
    sys.stdout.buffer.write(stream_of(sys.argv[1]))

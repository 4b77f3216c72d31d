"""Replays the command-line sessions of this folder against the program.

Usage: run_sessions.py GRADER [SESSION…]

A session is text: `$ command`, what it prints (stdout, then stderr), `[exit n]`; lines that begin
with # before the first command are its description. Commands run by bash in a folder that holds the
repositories of repositories.py and rubric.yaml. The folder is written FOLDER. A line `[…]` stands for
any lines, and at the end of a line for the rest of it. UPDATE_GOLDEN=1 rewrites the sessions that differ (and spells every `[…]` out).
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import repositories

HERE = pathlib.Path(__file__).resolve().parent
LONGEST = 120


def environment(folder, grader):
    names = folder / "names"
    names.mkdir(exist_ok=True)
    if not (names / "grader").exists():
        (names / "grader").symlink_to(grader)
        (names / "interrupted").symlink_to(HERE / "interrupted.py")
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    return {"PATH": f"{names}:/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8",
            "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"}


def run(command, folder, grader):
    """What a session shows of this command: its output and exit code, places normalised."""
    done = subprocess.run(["bash", "-c", "set -o pipefail; " + command], cwd=folder,
                          env=environment(folder, grader), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LONGEST)
    text = (done.stdout + done.stderr).decode("utf-8", "backslashreplace")
    text = text.replace(str(folder), "FOLDER")
    if text and not text.endswith("\n"):
        text += "\n"
    return f"{text}[exit {done.returncode}]\n"


def parts(session):
    """The description of a session, and its (command, expected output) pairs."""
    pieces = re.split(r"^\$ (.*)\n", session, flags=re.MULTILINE)
    return pieces[0], list(zip(pieces[1::2], pieces[2::2]))


def matches(expected, found):
    pattern = re.escape(expected.rstrip("\n") + "\n")
    pattern = re.sub(r"(?m)^" + re.escape(re.escape("[…]\n")), r"(?:.*\\n)*?", pattern)
    pattern = pattern.replace(re.escape("[…]\n"), r".*\n")
    return re.fullmatch(pattern, found.rstrip("\n") + "\n") is not None


def replay(path, folder, grader):
    """The differences of one session as text, and the session as it should be."""
    description, steps = parts(path.read_text(encoding="utf-8"))
    differences, rewritten = [], description
    if not steps:
        differences.append(f"{path.name}: no command\n")
    for command, expected in steps:
        found = run(command, folder, grader)
        same = matches(expected, found)
        gap = "\n" * (len(expected) - len(expected.rstrip("\n")) - 1)
        rewritten += f"$ {command}\n" + (expected if same else found + gap)
        if not same:
            differences.append(f"{path.name}: $ {command}\n--- expected\n{expected}--- found\n{found}")
    return differences, rewritten


def main():
    grader = pathlib.Path(sys.argv[1]).resolve()
    sessions = [pathlib.Path(name) for name in sys.argv[2:]] or sorted(HERE.glob("*.session"))
    differences = [] if sessions else ["there is no session\n"]
    with tempfile.TemporaryDirectory(prefix="grader-cli-") as top:
        folder = pathlib.Path(top) / "work"
        folder.mkdir()
        repositories.make_all(folder)
        (folder / "rubric.yaml").write_bytes((HERE / "rubric.yaml").read_bytes())
        for path in sessions:
            found, rewritten = replay(path, folder, grader)
            if found and os.environ.get("UPDATE_GOLDEN") == "1":
                path.write_text(rewritten, encoding="utf-8")
            differences += found
    sys.stdout.write("\n".join(differences))
    print(f"{len(sessions)} sessions, {len(differences)} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())

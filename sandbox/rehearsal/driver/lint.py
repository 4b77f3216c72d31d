"""Runs pycodestyle and ruff over the candidate's files, with no configuration but the tools' own.

Nothing of the candidate is executed: both tools only read text. Configuration: {"root": folder,
"files": [paths below it], "cap": remarks a tool, "tools": folder of pycodestyle.py}.
"""

import json
import os
import subprocess
import sys
import warnings

from grader_box.channel import Channel, read_config

# Found by ruff beside PEP 8: pyflakes, names, likely bugs, complexity, Django's own.
RUFF_RULES = "F,N,B,C90,DJ"
FILES_A_CALL = 500


def send_remark(channel, tool, code, path, line, column, message):
    channel.send("remark", tool=tool, code=code, path=path, line=line, column=column,
                 message=message)


def pycodestyle_remarks(root, files):
    """(code, path, line, column, message) in pycodestyle's default selection."""
    import pycodestyle

    # pycodestyle reads setup.cfg and tox.ini of the checked folders even when told of another file.
    pycodestyle.PROJECT_CONFIG = ()
    pycodestyle.USER_CONFIG = None
    found = []

    class Report(pycodestyle.BaseReport):
        def error(self, line_number, offset, text, check):
            code = super().error(line_number, offset, text, check)
            if code:
                found.append((code, self.filename, self.line_offset + line_number, offset + 1,
                              text[5:]))
            return code

    guide = pycodestyle.StyleGuide(reporter=Report, quiet=1)
    for path in files:
        guide.input_file(os.path.join(root, path))
    return [(code, os.path.relpath(path, root), line, column, message)
            for code, path, line, column, message in found]


def ruff_remarks(root, files):
    """The same of ruff; syntax errors come with the code "syntax"."""
    found = []
    for start in range(0, len(files), FILES_A_CALL):
        done = subprocess.run(
            ["ruff", "check", "--isolated", "--no-cache", "--no-fix", "--exit-zero", "--quiet",
             "--output-format", "json", "--select", RUFF_RULES, "--"] +
            ["./" + path for path in files[start:start + FILES_A_CALL]],
            cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
        for remark in json.loads(done.stdout.decode("utf-8")):
            code = remark["code"] or "syntax"
            place = remark["location"]
            found.append((code if code != "invalid-syntax" else "syntax",
                          os.path.relpath(remark["filename"], root), place["row"],
                          place["column"], remark["message"]))
    return found


def ruff_version():
    done = subprocess.run(["ruff", "--version"], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode("ascii", "replace").strip()


def main():
    warnings.simplefilter("ignore")
    channel = Channel()
    config = read_config()
    root, files, cap = config["root"], config["files"], config["cap"]
    sys.path.append(config["tools"])
    import pycodestyle

    for tool, version, remarks in (
            ("pycodestyle", "pycodestyle " + pycodestyle.__version__, pycodestyle_remarks),
            ("ruff", ruff_version(), ruff_remarks)):
        found = sorted(remarks(root, files), key=lambda r: (r[1], r[2], r[3], r[0]))
        for code, path, line, column, message in found[:cap]:
            send_remark(channel, tool, code, path, line, column, message)
        channel.send("tool", name=tool, version=version, remarks=len(found))
    lines = 0
    for path in files:
        with open(os.path.join(root, path), "rb") as stream:
            lines += sum(1 for _ in stream)
    channel.send("end", files=len(files), lines=lines)


if __name__ == "__main__":
    sys.exit(main())

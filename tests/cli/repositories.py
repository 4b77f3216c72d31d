"""Repositories for the command-line sessions, each made of a stream into a bare repository.

Usage: repositories.py FOLDER makes FOLDER/NAME.git for every name below, and what is no repository.
"""
import pathlib
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/data"))
import fixture_stream  # noqa: E402


def quoted(path):
    """A path of any bytes as fast-import reads it."""
    plain = all(0x20 <= byte < 0x7F and byte not in b'"\\' for byte in path)
    if plain:
        return b'"%s"' % path
    return b'"%s"' % b"".join(b"\\%03o" % byte for byte in path)


def stream(files):
    """One commit with these files (path: bytes or text)."""
    out = b"commit refs/heads/main\ncommitter Ann <ann@example.org> 1772467200 +0000\n"
    out += b"data 6\nStart\n\n"
    for path, content in files.items():
        path = path if isinstance(path, bytes) else path.encode()
        content = content if isinstance(content, bytes) else content.encode()
        out += b"M 100644 inline %s\ndata %d\n%s\n" % (quoted(path), len(content), content)
    return out


def project(folder="", **replaced):
    """The strong submission below a folder; `replaced` by last part of the name, None leaves out."""
    tree = TOP / "fixtures/submissions/strong/tree"
    files = {}
    for path in sorted(tree.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(tree).as_posix().replace("dot-", ".")
        key = path.name.replace(".", "_")
        content = replaced.get(key, path.read_bytes())
        if content is not None:
            files[folder + name] = content
    return files


PYTHON_2 = """\
import urllib2
from django.conf.urls import patterns, url

class Old:
    def show(self, request):
        print "showing", request.user
        try:
            return urllib2.urlopen(`request`)
        except IOError, error:
            raise ValueError, "no"

urlpatterns = patterns('', url(ur'^$', 'vault.views.show'))
"""


def odd_encodings():
    files = project()
    text = "# пароль\nNAME = 'каталог'\n"
    files["vault/utf16.py"] = text.encode("utf-16")
    files["vault/utf16_no_mark.py"] = text.encode("utf-16-be")
    files["vault/latin.py"] = "# -*- coding: latin-1 -*-\nNAME = 'caf\xe9'\n".encode("latin-1")
    files["vault/undeclared.py"] = b"NAME = 'caf\xe9'\n"
    files["vault/nul.py"] = b"NAME = 'a\0b'\n\0\0\0\nOTHER = 1\n"
    files["vault/mark.py"] = b"\xef\xbb\xbfNAME = 1\n"
    files["vault/returns.py"] = b"NAME = 1\rOTHER = 2\r\n"
    files["README.md"] = "# Хранилище\n".encode("utf-16")
    files["requirements.txt"] = "Django==4.2.16\ncryptography==43.0.3\n".encode("utf-16")
    files["vault/templates/vault/show.html"] = b"\xff\xfe<\0p\0>\0\0\0{{"
    return files


def odd_names():
    files = project()
    for name in (b"new\nline.py", b"bell\x07.py", b"esc\x1b[31mred.py", b"\xff\xfe.py", b"sp ace.py",
                 b"quote\".py", b"back\\slash.py", b"a" * 252 + b".py", b"-rf.py", b"%s%n.py",
                 "\u202egnp.py".encode(), b"<b>bold<\xc2\xa0b>.py", b"{{ settings }}.py"):
        files[b"vault/" + name] = b"from django.db import models\nSECRET_KEY = 'literal-key'\n"
    files[b"/".join([b"deep"] * 60) + b"/settings.py"] = b"DEBUG = True\n"
    return files


def many_files():
    files = project()
    return {**files, **{f"app_{number}/views.py": files["vault/views.py"]
                        for number in range(3_000)}}


REPOSITORIES = {
    "strong": lambda: project(),
    "no_python": lambda: {"README.md": "# Notes\n", "index.html": "<p>Nothing</p>\n"},
    "python_2": lambda: {**project(views_py=PYTHON_2, urls_py=PYTHON_2)},
    "no_manage": lambda: project(manage_py=None),
    "two_projects": lambda: {**project("first/"), **project("second/")},
    "broken_settings": lambda: project(
        settings_py="import os\nINSTALLED_APPS = [\n  'vault',\nDEBUG = (((\n\ndef x(:\n  '''"),
    "long_list": lambda: {
        **project(), "vault/words.py": "WORDS = [\n%s]\n" % "".join(
            f"    'word-{number}',\n" for number in range(93_000))},
    "odd_encodings": odd_encodings,
    "odd_names": odd_names,
    "many_files": many_files,
}


def make_all(folder):
    folder = pathlib.Path(folder)
    for name, files in REPOSITORIES.items():
        fixture_stream.import_stream(stream(files()), folder / f"{name}.git")
    fixture_stream.run_git("init", "--quiet", "--bare", "--initial-branch=main",
                           str(folder / "empty.git"))
    (folder / "no_repository").mkdir()
    (folder / "no_repository/notes.txt").write_text("nothing\n")


if __name__ == "__main__":
    make_all(sys.argv[1])

"""Grades the three whole submissions of fixtures/submissions and holds the reports against golden ones.

Usage: whole_test.py GRADER; with UPDATE_GOLDEN=1 in the environment the golden reports are rewritten.
"""
import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/data"))
import fixture_stream  # noqa: E402

NAMES = ("strong", "middle", "weak")
AS_OF = "1785888000"
GRADER = ""


def graded(name, folder):
    repository = pathlib.Path(folder) / f"{name}.git"
    if not repository.exists():
        fixture_stream.import_stream(
            fixture_stream.stream_of(TOP / "fixtures/submissions" / name), repository)
    command = [GRADER, "grade", str(repository), "--static", "--no-lint", "--as-of", AS_OF, "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"{name}: exit {done.returncode}\n{done.stderr.decode()}")
    return json.loads(done.stdout.replace(str(folder).encode(), b"FOLDER"))


def violated(report):
    return [finding for finding in report["findings"] if finding["outcome"] == "violated"]


class Sentences(html.parser.HTMLParser):
    """Collects texts of a page that are English: not code, not the candidate's, not marked lang="en"."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag in ("meta", "rect", "line", "circle", "br"):
            return
        attributes = dict(attributes)
        classes = (attributes.get("class") or "").split()
        foreign = tag in ("code", "style") or attributes.get("lang") == "en" or {"code", "what", "list"} & set(classes)
        self.open.append((tag, bool(foreign)))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if any(foreign for _, foreign in self.open) or re.search("[а-яА-ЯёЁ]", data):
            return
        if re.search("[a-z]{2,} [a-z]{2,}", data):
            self.found.append(data.strip())


def english_sentences(page):
    sentences = Sentences()
    sentences.feed(page)
    return sentences.found


class WholeSubmissions(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="grader-whole-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.reports = {name: graded(name, cls.folder.name) for name in NAMES}

    def percent(self, name):
        return float(self.reports[name]["score"]["percent"])

    def tripped(self, name):
        return {gate["id"] for gate in self.reports[name]["gates"] if gate["tripped"]}

    def test_golden(self):
        for name in NAMES:
            report = dict(self.reports[name])
            del report["timing"], report["seals"]  # of the document with this machine's folder
            text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
            golden = TOP / "tests/golden/whole" / f"{name}.json"
            if os.environ.get("UPDATE_GOLDEN") == "1":
                golden.write_text(text, encoding="utf-8")
            with self.subTest(name):
                self.assertEqual(text.split("\n"), golden.read_text(encoding="utf-8").split("\n"))

    def test_the_same_bytes_twice(self):
        again = graded("strong", self.folder.name)
        first = dict(self.reports["strong"])
        del again["timing"], first["timing"]
        self.assertEqual(json.dumps(again), json.dumps(first))

    def test_every_format_is_the_same_twice(self):
        repository = pathlib.Path(self.folder.name) / "middle.git"
        texts = []
        for attempt in ("one", "two"):
            out = pathlib.Path(self.folder.name) / attempt
            subprocess.run([GRADER, "grade", str(repository), "--static", "--no-lint", "--as-of", AS_OF, "--out",
                            str(out), "--format", "html,md,json,sarif,junit", "--lang", "ru", "--audience",
                            "interviewer,recruiter,candidate"],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
            files = {file.name: file.read_bytes() for file in sorted(out.iterdir())}
            files["report.json"] = files["report.json"].split(b'"timing"')[0]
            texts.append(files)
        self.assertEqual(len(texts[0]), 9)
        self.assertEqual(texts[0], texts[1])

    def test_russian_pages_are_russian(self):
        for name in NAMES:
            out = pathlib.Path(self.folder.name) / f"russian-{name}"
            repository = pathlib.Path(self.folder.name) / f"{name}.git"
            subprocess.run([GRADER, "grade", str(repository), "--static", "--no-lint", "--as-of", AS_OF, "--out",
                            str(out), "--format", "html", "--lang", "ru", "--audience",
                            "interviewer,recruiter,candidate"],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
            for page in sorted(out.iterdir()):
                with self.subTest(page.name + " of " + name):
                    self.assertEqual(english_sentences(page.read_text(encoding="utf-8")), [])
            # The proof can fail: the English page has many.
            english = pathlib.Path(self.folder.name) / "english.html"
            subprocess.run([GRADER, "grade", str(repository), "--static", "--no-lint", "--as-of", AS_OF, "--out",
                            str(english), "--format", "html"],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
            text = (english / "report.html").read_text(encoding="utf-8")
            self.assertGreater(len(english_sentences(text)), 50)

    def test_order(self):
        self.assertGreater(self.percent("strong"), self.percent("middle"))
        self.assertGreater(self.percent("middle"), self.percent("weak"))

    def test_gates(self):
        self.assertEqual(self.tripped("strong"), set())
        self.assertEqual(self.tripped("middle"), set())
        self.assertEqual(self.tripped("weak"),
                         {"stored_readable", "open_to_users", "open_to_anybody", "no_tests"})

    def test_strong_has_nothing_grave(self):
        grave = [f["check"] for f in violated(self.reports["strong"])
                 if f["severity"] in ("critical", "high")]
        self.assertEqual(grave, [])

    def test_evidence_is_in_the_tree(self):
        for name, report in self.reports.items():
            repository = pathlib.Path(self.folder.name) / f"{name}.git"
            for finding in violated(report):
                for evidence in finding["evidence"]:
                    if "at" in evidence:
                        with self.subTest(f"{name}: {finding['check']}"):
                            self.check_place(repository, evidence["at"])

    def check_place(self, repository, at):
        content = fixture_stream.run_git("show", f"main:{at['path']}", cwd=str(repository))
        self.assertLessEqual(at.get("line", 1), max(1, content.count(b"\n")))


if __name__ == "__main__":
    GRADER = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()

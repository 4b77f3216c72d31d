"""Validates reports and rubrics against the JSON Schemas that are published in rubrics/schema.

Usage: schema_test.py GRADER
"""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import jsonschema
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/data"))
import fixture_stream  # noqa: E402

GRADER = ""


def validator(name):
    schema = json.loads((TOP / "rubrics/schema" / name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def problems(check, document):
    return [f"{error.json_path}: {error.message[:200]}" for error in check.iter_errors(document)]


class Schemas(unittest.TestCase):
    def test_reports(self):
        check = validator("report.schema.json")
        for path in [TOP / "tests/golden/report/report.json", TOP / "tests/golden/report/bare.json"]:
            with self.subTest(path.name):
                self.assertEqual(problems(check, json.loads(path.read_text(encoding="utf-8"))), [])
        with tempfile.TemporaryDirectory() as folder:
            for name in ("strong", "weak"):
                repository = pathlib.Path(folder) / f"{name}.git"
                fixture_stream.import_stream(
                    fixture_stream.stream_of(TOP / "fixtures/submissions" / name), repository)
                done = subprocess.run([GRADER, "grade", str(repository), "--static", "--no-lint", "--json"],
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60, check=True)
                with self.subTest(name):
                    self.assertEqual(problems(check, json.loads(done.stdout)), [])

    def test_a_wrong_report_is_seen(self):
        check = validator("report.schema.json")
        good = json.loads((TOP / "tests/golden/report/report.json").read_text(encoding="utf-8"))
        for change in (lambda report: report.pop("score"),
                       lambda report: report["score"].update(percent=101),
                       lambda report: report["findings"][0].update(outcome="fine"),
                       lambda report: report.update(schema="grader-report/2"),
                       lambda report: report["sections"][0]["criteria"][0].update(points="3")):
            bad = copy.deepcopy(good)
            change(bad)
            self.assertNotEqual(problems(check, bad), [])

    def test_rubrics(self):
        check = validator("rubric.schema.json")
        for path in sorted((TOP / "rubrics").glob("*.yaml")):
            with self.subTest(path.name):
                self.assertEqual(problems(check, yaml.safe_load(path.read_text(encoding="utf-8"))), [])
        self.assertNotEqual(problems(check, {"id": "x", "version": "1.0.0", "section": []}), [])
        self.assertNotEqual(problems(check, {"id": "X", "version": "1"}), [])


if __name__ == "__main__":
    GRADER = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()

"""accuracy_test.py SOURCE_FOLDER: ci/accuracy over two made-up reports, and over none."""
import pathlib
import subprocess
import sys
import tempfile

top = pathlib.Path(sys.argv[1])
here = top / "tests" / "accuracy"


def run(reports, labels):
    return subprocess.run(
        [sys.executable, "-B", top / "ci" / "accuracy", reports, labels, "--date", "2024-03-01", "--commit", "c0ffee"],
        capture_output=True, text=True)


def expect(holds, what):
    if not holds:
        sys.exit("accuracy_test: " + what)


done = run(here / "reports", here / "labels")
expect(done.returncode == 0, done.stderr)
expected = (here / "expected.md").read_text(encoding="utf-8")
expect(done.stdout == expected, "the page differs from expected.md:\n" + done.stdout)
expect("views.py" not in done.stdout and "aaaa" not in done.stdout, "the page tells of a submission")

with tempfile.TemporaryDirectory() as empty:
    failed = run(pathlib.Path(empty), here / "labels")
    expect(failed.returncode == 1 and "no reports" in failed.stderr, "an empty folder is no error")
    (pathlib.Path(empty) / "a.json").write_text("{", encoding="utf-8")
    broken = run(pathlib.Path(empty), here / "labels")
    expect(broken.returncode == 1 and "a.json: no report" in broken.stderr, "half a report is no error")
print("ok")

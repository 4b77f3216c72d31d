#!/usr/bin/env bash
# What a CI job runs: grades, shows annotations, fills the job summary, and ends with the grader's exit code.
# Reads GRADER (the program) and GRADE_SOURCE, GRADE_REF, GRADE_RUBRIC, GRADE_MODE, GRADE_FAIL_UNDER, GRADE_FAIL_ON,
# GRADE_ANNOTATE, GRADE_OUT; on GitHub also GITHUB_STEP_SUMMARY and GITHUB_OUTPUT.
set -uo pipefail
out=${GRADE_OUT:-grader-report}
arguments=(grade "${GRADE_SOURCE:-.}" --rubric "${GRADE_RUBRIC:-password_manager}" --out "$out"
  --format html,json,md,sarif,junit)
[ -n "${GRADE_REF-}" ] && arguments+=(--ref "$GRADE_REF")
[ "${GRADE_MODE:-static}" = static ] && arguments+=(--static --no-lint)
[ -n "${GRADE_FAIL_UNDER-}" ] && arguments+=(--fail-under "$GRADE_FAIL_UNDER")
[ -n "${GRADE_FAIL_ON-}" ] && arguments+=(--fail-on "$GRADE_FAIL_ON")
[ -n "${GITHUB_ACTIONS-}" ] && [ "${GRADE_ANNOTATE:-true}" = true ] && arguments+=(--annotations)
"${GRADER:-grader}" "${arguments[@]}"
code=$?
if [ -n "${GITHUB_STEP_SUMMARY-}" ] && [ -f "$out/report.md" ]; then
  cat "$out/report.md" >>"$GITHUB_STEP_SUMMARY"
fi
if [ -n "${GITHUB_OUTPUT-}" ] && [ -f "$out/report.json" ]; then
  python3 - "$out/report.json" >>"$GITHUB_OUTPUT" <<'PYTHON'
import json
import sys

score = json.load(open(sys.argv[1], encoding="utf-8"))["score"]
print(f"percent={float(score['percent'])}")
band = str(score.get("band") or "")
print("band=" + "".join(c for c in band if c.isalnum() or c == "_"))
PYTHON
fi
exit $code

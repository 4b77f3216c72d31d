#!/usr/bin/env bash
# What ./grade says and does around the program: a tree of its own (in a folder with a space in its
# name), commands that stand in for apt-get, sudo, npm and cmake, and a program that prints its
# arguments. The stand-ins are first in PATH; what they are asked is written to calls.
set -uo pipefail
source_top=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
top="$work/a tree"
stubs=$work/stubs
calls=$work/calls
failures=0
checks=0

check() { # NAME, then a command that must succeed
  local name=$1
  shift
  checks=$((checks + 1))
  if ! "$@"; then
    failures=$((failures + 1))
    printf 'FAILED: %s\n--- exit %s, stdout:\n%s\n--- stderr:\n%s\n' "$name" "$code" "$out" "$err"
  fi
}
says() { [[ $err == *"$1"* ]]; }
says_not() { ! says "$1"; }
ends() { [ "$code" -eq "$1" ]; }
prints() { [ "$out" = "$1" ]; }
called() { grep -qF -- "$1" "$calls"; }
not_called() { ! called "$1"; }

# stub NAME: reads the body of a command from stdin.
stub() {
  { printf '#!/bin/bash\nprintf "%%s\\n" "%s $*" >>"%s"\n' "$1" "$calls" && cat; } >"$stubs/$1"
  chmod +x "$stubs/$1"
}

# A new tree and a machine on which everything works and one package is missing.
fresh() {
  rm -rf "$top" "$stubs"
  mkdir -p "$top/cmake" "$top/grader" "$top/sandbox/environment" "$stubs"
  cp "$source_top/grade" "$source_top/test" "$top/"
  cp "$source_top"/cmake/{setup.bash,packages.txt} "$top/cmake/"
  touch "$top/CMakeLists.txt" "$top/CMakePresets.json" "$top/grader/main.cpp"
  : >"$calls"
  echo 'printf "installed\t%s, \n" $(sed "s/#.*//; /^ *$/d" "'"$top"'/cmake/packages.txt" | cut -d" " -f1 | grep -v runc)' | stub dpkg-query
  echo 'exit 0' | stub apt-get
  echo 'exec "$@"' | stub sudo
  echo 'exit 0' | stub npm
  echo 'echo 0' | stub id
  # The build makes a program that prints its arguments, one a line, and where it stands.
  stub cmake <<'STUB'
[ "$1" = --build ] || exit 0
mkdir -p build/release/bin
printf '#!/bin/bash\nprintf "%%s\\n" "$@"\nexit 3\n' >build/release/bin/grader
chmod +x build/release/bin/grader
STUB
  printf '#!/bin/bash\nexit 0\n' | tee "$top/cmake/fetch-grammars" "$top/cmake/fetch-tools" \
    "$top/sandbox/environment/build-rootfs" >/dev/null
  chmod +x "$top"/cmake/fetch-* "$top/sandbox/environment/build-rootfs"
}

# run ARGS…: ./grade from another folder, as a user would.
run() {
  out=$(cd "$work" && PATH="$stubs:/usr/bin:/bin" "$top/grade" "$@" 2>"$work/stderr")
  code=$?
  err=$(cat "$work/stderr")
}

fresh
run https://example.org/a.git --static
check "a bare source means grade, and its exit code is the program's" ends 3
check "arguments arrive in order" prints $'grade\nhttps://example.org/a.git\n--static'
check "it says what it installs" says "runc"
check "packages that only tests need are not installed" not_called "chromium"
check "nothing is removed for it" called "--no-remove"
check "recommended packages are left out" called "--no-install-recommends"
check "the version of the list is asked for" called "runc=1.1*"

: >"$calls"
run "a source with spaces" --out "x y"
check "the second run calls nobody" test ! -s "$calls"
check "the second run says nothing" test -z "$err"
check "spaces stay" prints $'grade\na source with spaces\n--out\nx y'
run explain settings.debug_enabled
check "a verb stays a verb" prints $'explain\nsettings.debug_enabled'
run --version
check "an option of the program's stays one" prints "--version"
run --static /a/source
check "an option of grade's means grade" prints $'grade\n--static\n/a/source'
run -v /a/source
check "the program's own options come first" prints $'-v\ngrade\n/a/source'

sleep 0.01
touch "$top/grader/main.cpp"
: >"$calls"
run --version
check "a newer source is built" called "cmake --build"
: >"$calls"
rm "$top/grader/main.cpp"
run --version
check "a removed source is built without" called "cmake --build"

fresh
printf '#!/bin/bash\nexit 1\n' >"$top/sandbox/environment/build-rootfs"
run /a/source
check "without a root file system the program still runs" ends 3
check "and the way out is named" says "--static --no-lint"
: >"$calls"
run /a/source --static --no-lint
check "reading alone wants no root file system" says_not "root file system"

fresh
rm "$stubs/sudo"
echo 'echo 1000' | stub id
# Only what is linked here can be called: this machine may have a sudo or an apt-get of its own.
mkdir -p "$work/minimal"
for tool in bash env readlink dirname mkdir flock sed awk tr rm fold cat find cut grep; do
  ln -sf "$(command -v "$tool")" "$work/minimal/$tool"
done
out=$(cd "$work" && PATH="$stubs:$work/minimal" "$top/grade" x 2>"$work/stderr")
code=$? err=$(cat "$work/stderr")
check "neither root nor sudo ends the set-up" ends 69
check "and says what root would have to do" says "as root: apt-get install --no-install-recommends runc"

failing_apt() { # text that apt-get prints
  fresh
  printf 'echo "%s"; exit 100\n' "$1" | stub apt-get
  run x
}
failing_apt "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1 (apt)"
check "a held lock ends the set-up" ends 69
check "a held lock is named as such" says "another package manager is at work"
failing_apt "W: Failed to fetch: Temporary failure resolving"
check "no network is named as such" says "check the network"
failing_apt "E: Packages need to be removed but remove is disabled."
check "a conflict is named as such" says "stand against it"
failing_apt "E: You don't have enough free space: No space left on device"
check "a full disk is named as such" says "free some disk space"
failing_apt "E: something new"
check "anything else names the log" says "apt.log"

fresh
printf '#!/bin/bash\nexit 1\n' >"$top/cmake/fetch-grammars"
run x
check "grammars that cannot be fetched end the set-up" ends 69
check "with the next step" says "npm's configuration"
fresh
printf '#!/bin/bash\nexit 1\n' >"$top/cmake/fetch-tools"
run x
check "without the tools the program still runs" ends 3
check "and it says what is missing" says "without the tools"

fresh
echo '[ "$1" = --build ] || exit 0; echo "main.cpp:3: error: no such thing"; exit 1' | stub cmake
run x
check "a failing build ends the set-up" ends 69
check "and shows the first error" says "main.cpp:3: error: no such thing"
check "nothing is called ready then" test ! -e "$top/build/release/.ready"

fresh
rm "$stubs/dpkg-query" "$stubs/apt-get"
out=$(cd "$work" && PATH="$stubs:$work/minimal" "$top/grade" x 2>"$work/stderr")
code=$? err=$(cat "$work/stderr")
check "another system than Debian is refused" says "not a Debian system"

echo "$checks checks, $failures failures"
[ "$failures" -eq 0 ]

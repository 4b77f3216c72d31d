# The set-up that ./grade and ./test share; sourced by bash with `top` set to the top of the tree.
# Everything here writes to stderr: stdout belongs to the program.

setup_failed=69 # sysexits.h EX_UNAVAILABLE: the program's own exit codes end at 5

say() { printf '%s\n' "$*" >&2; }

# stop WHAT NEXT: the end of a set-up that cannot go on.
stop() {
  say "set-up: $1"
  say "  next: $2"
  exit "$setup_failed"
}

# One set-up of this tree at a time: a second one waits, then finds the work done. The lock lives as
# long as descriptor 8, so nothing that is started may inherit it: a package may start a daemon.
lock() {
  mkdir -p "$top/build" 2>/dev/null || stop "$top/build cannot be written" \
    "clone the project to a folder of your own"
  exec 8>"$top/build/.setup.lock"
  flock --nonblock 8 || { say "set-up: waiting for another set-up of this tree" && flock 8; }
}
unlock() { exec 8>&-; }

# Names in packages.txt of the given groups that are not installed. What another package provides
# counts as installed, as for apt.
missing_packages() {
  local installed=$top/build/.installed
  dpkg-query --show --showformat '${db:Status-Status}\t${Package}, ${Provides}\n' |
    sed -n 's/^installed\t//p' | tr ',' '\n' | sed 's/^ *//; s/ .*//' >"$installed"
  awk -v groups=" $* " '
    FNR == NR { installed[$1] = 1; next }
    /^[[:space:]]*(#|$)/ { next }
    { group = $2 == "" ? "build" : $2 }
    index(groups, " " group " ") && !($1 in installed) { print $1 ($3 == "" ? "" : "=" $3 "*") }
  ' "$installed" "$top/cmake/packages.txt"
}

# apt ARGS: apt-get without questions; its output is kept in build/apt.log.
apt() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo)
    [ -t 0 ] || as_root=(sudo --non-interactive)
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --yes --quiet \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null >>"$top/build/apt.log" 2>&1 8>&-
}

# Why the last apt run failed, from its log, and the next step.
explain_apt() {
  local log=$top/build/apt.log next="read $top/build/apt.log"
  if grep -qiE 'could not get lock|is held by process|unable to lock' "$log"; then
    next="another package manager is at work: wait until it has ended, then run this again"
  elif grep -qiE 'a password is required|not in the sudoers|a terminal is required' "$log"; then
    next="sudo was refused: run this once as root, or in a terminal where sudo can ask"
  elif grep -qiE 'temporary failure resolving|could not connect|failed to fetch|could not resolve|network is unreachable' "$log"; then
    next="check the network and apt's sources, then run this again (the log: $log)"
  elif grep -qiE 'packages need to be removed but remove is disabled|held broken packages|unmet dependencies' "$log"; then
    next="installed packages stand against it (the log: $log); use a machine with plain Debian 12"
  elif grep -qiE 'no space left' "$log"; then
    next="free some disk space, then run this again"
  elif grep -qiE "unable to locate package|has no installation candidate|was not found" "$log"; then
    next="the list is Debian 12's: check that apt's sources name bookworm (the log: $log)"
  fi
  tail -n 3 "$log" | sed 's/^/  /' >&2
  stop "$1" "$next"
}

# Installs what is missing of the given groups of packages.txt, after saying so.
install_packages() {
  local packages
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    stop "this is not a Debian system, and the set-up knows no other" \
      "use Debian 12, or install what cmake/packages.txt names and build by \`cmake --preset release\`"
  mapfile -t packages < <(missing_packages "$@")
  rm -f "$top/build/.installed"
  [ ${#packages[@]} -gt 0 ] || return 0
  say "set-up: ${#packages[@]} Debian packages (and what they depend on) will be installed with apt-get:"
  printf '%s\n' "${packages[@]%%=*}" | tr '\n' ' ' | fold -s -w 76 | sed 's/^/  /' >&2
  say ""
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    stop "packages can be installed by root only, and there is no sudo here" \
      "as root: apt-get install --no-install-recommends ${packages[*]%%=*}"
  fi
  : >"$top/build/apt.log"
  apt update || explain_apt "apt-get update failed"
  apt install --no-install-recommends --no-remove "${packages[@]}" ||
    explain_apt "apt-get could not install the packages"
}

# Downloads by lock file into build/PRESET: the grammars (needed to build) and the Python tools
# (needed by boxes only, so their absence is a warning).
fetch_parts() {
  local tree=$top/build/$1
  mkdir -p "$tree"
  [ -d "$tree/grammars/tree-sitter-python" ] ||
    say "set-up: fetching the grammars of cmake/grammars.lock (npm) and the tools of cmake/tools.lock (pip)"
  command -v npm >/dev/null ||
    stop "npm is missing, which fetches the grammars" "install Debian's package npm"
  "$top/cmake/fetch-grammars" "$tree/grammars" >&2 8>&- ||
    stop "the grammars could not be fetched" "check the network and npm's configuration, then run this again"
  "$top/cmake/fetch-tools" "$tree/tools" >&2 8>&- ||
    say "set-up: going on without the tools: PEP 8 findings and installs in boxes will be missing"
}

# build PRESET: configures and builds; the log is shown only where it failed.
build() {
  local tree=$top/build/$1 log=$top/build/$1/build.log home
  # A tree that was moved or copied here still names its old place.
  home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$tree/CMakeCache.txt" 2>/dev/null || true)
  if [ -n "$home" ] && [ "$home" != "$top" ]; then
    rm -rf "$tree/CMakeCache.txt" "$tree/CMakeFiles" "$tree/build.ninja"
  fi
  [ -e "$tree/bin/grader" ] || say "set-up: building $1 (some minutes the first time; the log: $log)"
  if ! (cd "$top" && cmake --preset "$1") >"$log" 2>&1 8>&-; then
    tail -n 15 "$log" >&2
    stop "CMake could not configure the build" "read $log"
  fi
  if [ -t 2 ]; then
    # On a terminal ninja itself shows how far it is, and errors where they come.
    (cd "$top" && cmake --build --preset "$1" --parallel "$(nproc)") >&2 8>&- ||
      stop "the program does not build" "read what the compiler says above"
  elif ! (cd "$top" && cmake --build --preset "$1" --parallel "$(nproc)") >>"$log" 2>&1 8>&-; then
    grep -m 3 -A 5 -E 'error:|FAILED' "$log" >&2 || tail -n 15 "$log" >&2
    stop "the program does not build" "read $log"
  fi
}

# The root file system of boxes; fails where it cannot be made. Needs no build.
build_rootfs() {
  "$top/sandbox/environment/build-rootfs" >/dev/null 8>&-
}

// The program ended at many instants: by Ctrl-C nothing is left at once, by SIGKILL nothing after
// the next start. In a mount namespace with a /run and a /tmp of its own, so that other graders on
// this machine neither help nor disturb. Needs root.
#include <doctest/doctest.h>

#include <filesystem>

#include "grader/base/process.hpp"

namespace {

/// Prints what is left behind, in one line; nothing where all is gone.
constexpr const char* script = R"sh(
# Copies of other graders' mounts.
awk '$5 ~ "^/run/grader" { print $5 }' /proc/self/mountinfo | xargs -r umount -l
mount -t tmpfs none /run
mount -t tmpfs none /tmp
top=$PWD
mkdir /tmp/work && cp -r fixtures/rehearsal/good/. /tmp/work && cd /tmp/work
git init -q && git add -A && git -c user.name=a -c user.email=a@b.example commit -qm one
git clone -q --bare . /run/repo.git
cd "$top" && rm -rf /tmp/work
# Boxes carry the folder's device and inode in their names.
family() { stat -c '%D %i' /run/grader-0 | { read -r dev inode; printf '%xi%xt' "0x$dev" "$inode"; }; }
grade() { exec "$PROGRAM" "$@" >/run/out 2>&1; }
left() {
  [ -d /run/grader-0 ] || return 0
  ls -d /run/grader-0/* /tmp/* 2>/dev/null
  find /sys/fs/cgroup -maxdepth 2 -name "grader-$(family)*"
  grep ' /run/grader-0/' /proc/self/mountinfo
  grep -l "grader-$(family)" /proc/[0-9]*/cgroup 2>/dev/null
  return 0
}
instant=0
while [ $instant -lt $COUNT ]; do
  instant=$((instant + 1))
  (grade grade /run/repo.git --static) & child=$!
  sleep "$(printf '0.%03d' $((instant * SPAN / COUNT)))"
  kill -$SIGNAL $child 2>/dev/null
  wait $child
  [ $SIGNAL = KILL ] || left | sed "s/^/after $instant: /"
done
(grade grade /run/repo.git --static) || cat /run/out
# What was killed may take a moment to be gone.
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -z "$(left)" ] || sleep 0.5; done
left
)sh";

std::string leftovers(const char* signal) {
  grader::process::Command command;
  command.argv = {"unshare", "-m", "/bin/sh", "-c", script};
  command.environment = grader::process::inherited({"PATH", "HOME", "XDG_CACHE_HOME"});
  command.environment.insert(
      command.environment.end(),
      {"PROGRAM=" GRADER_PROGRAM, std::string("SIGNAL=") + signal, "COUNT=25", "SPAN=700"});
  command.wall = std::chrono::minutes(5);
  const auto outcome = grader::process::run(command);
  REQUIRE(outcome.has_value());
  INFO(outcome->err);
  REQUIRE(outcome->ok());
  return outcome->out;
}

}  // namespace

TEST_CASE("Ctrl-C at any instant leaves nothing behind") { CHECK(leftovers("INT") == ""); }

TEST_CASE("SIGKILL at any instant leaves nothing behind after the next start") {
  CHECK(leftovers("KILL") == "");
}

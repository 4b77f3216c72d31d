#include "sandbox/box/seccomp.hpp"

#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>

#include <cerrno>

#include "grader/base/text.hpp"

namespace grader::sandbox {
namespace {

constexpr std::string_view calls =
    "accept accept4 access alarm arch_prctl bind brk capget capset chdir chmod chown clock_getres "
    "clock_gettime clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3 "
    "epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 "
    "execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate fchdir fchmod "
    "fchmodat fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fork fremovexattr "
    "fsetxattr fstat fstatfs fsync ftruncate futex futex_waitv futimesat get_mempolicy "
    "get_robust_list getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer "
    "getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid "
    "getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid getxattr ioctl "
    "ioprio_get ioprio_set kill landlock_add_rule landlock_create_ruleset landlock_restrict_self "
    "lchown lgetxattr link linkat listen listxattr llistxattr lremovexattr lseek lsetxattr lstat "
    "madvise mbind membarrier memfd_create mincore mkdir mkdirat mknod mknodat mlock mlock2 "
    "mlockall mmap mprotect mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend "
    "mq_unlink mremap msgctl msgget msgrcv msgsnd msync munlock munlockall munmap nanosleep "
    "newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc "
    "pkey_free pkey_mprotect poll ppoll prctl pread64 preadv preadv2 prlimit64 pselect6 pwrite64 "
    "pwritev pwritev2 read readahead readlink readlinkat readv recv recvfrom recvmmsg recvmsg "
    "remap_file_pages removexattr rename renameat renameat2 restart_syscall rmdir rseq "
    "rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend "
    "rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min "
    "sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval "
    "sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select "
    "semctl semget semop semtimedop send sendfile sendmmsg sendmsg sendto set_mempolicy "
    "set_robust_list set_tid_address setfsgid setfsuid setgid setgroups setitimer setpgid "
    "setpriority setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid "
    "setxattr shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 socketpair stat "
    "statfs statx symlink symlinkat sync sync_file_range syncfs sysinfo tgkill time timer_create "
    "timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime "
    "timerfd_settime times tkill truncate umask uname unlink unlinkat utime utimensat utimes "
    "vfork wait4 waitid write writev ";

using Test = CallRule::Test;

constexpr std::uint32_t no_family = EAFNOSUPPORT;

/// Rules of socket(family, type, protocol): index 0 is the family, 2 the protocol. Each pair of
/// family and protocol meets at most one rule, since libseccomp leaves the order of others open.
void add_inet(std::vector<CallRule>& rules) {
  // The default, TCP and UDP: not SMC, MPTCP, SCTP or ping sockets.
  for (const std::uint64_t family : {std::uint64_t{AF_INET}, std::uint64_t{AF_INET6}})
    for (const std::uint64_t protocol :
         {std::uint64_t{0}, std::uint64_t{IPPROTO_TCP}, std::uint64_t{IPPROTO_UDP}})
      rules.push_back({"socket", 0, {{0, Test::equal, family}, {2, Test::equal, protocol}}});
  rules.push_back({"socket", 0, {{0, Test::equal, AF_NETLINK}, {2, Test::equal, NETLINK_ROUTE}}});
  rules.push_back(
      {"socket", no_family, {{0, Test::equal, AF_NETLINK}, {2, Test::not_equal, NETLINK_ROUTE}}});
}

}  // namespace

std::vector<std::string_view> allowed_calls() { return text::split(text::trim(calls), ' '); }

std::vector<CallRule> call_rules(bool network) {
  constexpr std::uint64_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                       CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
  std::vector<CallRule> rules = {{"clone", 0, {{0, Test::masked_equal, namespaces, 0}}},
                                 {"personality", 0, {{0, Test::equal, 0}}},
                                 {"personality", 0, {{0, Test::equal, 0xFFFFFFFF}}},
                                 {"socket", 0, {{0, Test::equal, AF_UNIX}}},
                                 {"socket", no_family, {{0, Test::greater, AF_NETLINK}}}};
  for (std::uint64_t family = 0; family <= AF_NETLINK; ++family) {
    const bool inet = family == AF_INET || family == AF_INET6 || family == AF_NETLINK;
    if (family != AF_UNIX && !(network && inet))
      rules.push_back({"socket", no_family, {{0, Test::equal, family}}});
  }
  if (network) add_inet(rules);
  return rules;
}

}  // namespace grader::sandbox

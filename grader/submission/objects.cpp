#include <fmt/format.h>

#include "grader/base/interrupt.hpp"
#include "grader/submission/impl.hpp"

namespace grader::submission {
namespace {

struct Scan {
  git_odb* odb;
  const Limits* limits;
  std::size_t count = 0;
  std::string problem;
};

int visit(const git_oid* oid, void* payload) {
  auto& scan = *static_cast<Scan*>(payload);
  if (++scan.count > scan.limits->objects) {
    scan.problem = fmt::format("it holds more than {} objects", scan.limits->objects);
  } else if (interrupt::requested()) {
    scan.problem = "interrupted";
  } else {
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    // An object that cannot be read is reported by whoever needs it.
    if (git_odb_read_header(&size, &type, scan.odb, oid) != 0) return 0;
    const auto limit =
        type == GIT_OBJECT_BLOB ? scan.limits->object_bytes : scan.limits->meta_bytes;
    if (size <= limit) return 0;
    scan.problem = fmt::format("its {} {} has {} bytes, more than {}", git_object_type2string(type),
                               git::to_hex(*oid), size, limit);
  }
  return GIT_EUSER;
}

}  // namespace

Result<void> check_objects(git_odb* odb, const Limits& limits, const std::string& where) {
  Scan scan{.odb = odb, .limits = &limits, .count = 0, .problem = {}};
  const int status = git_odb_foreach(odb, visit, &scan);
  if (scan.problem == "interrupted") return fail(ErrorKind::interrupted, "interrupted", where);
  if (!scan.problem.empty()) {
    return fail(ErrorKind::submission, "this repository is over a limit: " + scan.problem, where,
                "ask the candidate for a repository that holds only the assignment");
  }
  if (status != 0) {
    return fail(ErrorKind::submission, "its objects cannot be listed: " + git::last_message(),
                where, "check it with `git fsck`");
  }
  return {};
}

Result<std::string> read_blob(git_odb* odb, const git_oid& oid, std::uint64_t limit,
                              std::string_view path, Hash hash) {
  const auto unreadable = [&] {
    return fail(ErrorKind::submission,
                "object " + git::to_hex(oid) + " cannot be read: " + git::last_message(),
                show_path(path),
                "the repository is damaged or was cloned in part: clone it again, whole");
  };
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &type, odb, &oid) != 0) return unreadable();
  if (type != GIT_OBJECT_BLOB) {
    return fail(ErrorKind::submission, "object " + git::to_hex(oid) + " is no file",
                show_path(path), "check the repository with `git fsck`");
  }
  if (size > limit) {
    return fail(ErrorKind::submission,
                fmt::format("this file has {} bytes: only files up to {} are read", size, limit),
                show_path(path));
  }
  const auto object = git::made<git::OdbObject>(git_odb_read, odb, &oid);
  if (!object) return unreadable();
  if (hash == Hash::checked && !git::intact(object)) {
    return fail(ErrorKind::submission, "object " + git::to_hex(oid) + " does not have its own hash",
                show_path(path), "check the repository with `git fsck`");
  }
  return std::string(static_cast<const char*>(git_odb_object_data(object.get())),
                     git_odb_object_size(object.get()));
}

}  // namespace grader::submission

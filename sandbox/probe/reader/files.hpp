#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace grader::sandbox::reader {

/// The files of a folder as they were: name → bytes.
using Files = std::map<std::string, std::string>;

/// Regular files of `folder` with one link, no links followed, at most 48 MiB each and 64 files.
Files read_files(const std::string& folder);

/// Makes the folder hold these files and no others. The content is written into files that are
/// there, so that a process that has one open sees it.
bool write_files(const std::string& folder, const Files& files);

/// Names (below `folder`) and contents of small files anywhere below it, told one by one; bounded
/// in number, size and depth; links are not followed.
struct Visitor {
  virtual void file(const std::string& name, const std::string& bytes) = 0;
  virtual ~Visitor() = default;
};
void walk(const std::string& folder, Visitor& visitor);

}  // namespace grader::sandbox::reader

#include "sandbox/box/copy_out.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "grader/base/descriptor.hpp"

namespace fs = std::filesystem;
using grader::sandbox::Copied;
using grader::sandbox::copy_out;

namespace {

/// A directory as a hostile box would leave it, and a secret outside of it.
class Left {
 public:
  Left() {
    std::string name = (fs::temp_directory_path() / "grader-copy-XXXXXX").string();
    base_ = mkdtemp(name.data());
    fs::create_directories(root() / "sub");
    write("secret", "outside");
    write("box/result.json", "{}");
    write("box/sub/deep", "deep");
  }
  ~Left() { fs::remove_all(base_); }
  Left(const Left&) = delete;
  Left& operator=(const Left&) = delete;

  fs::path root() const { return base_ / "box"; }
  void write(const fs::path& name, const std::string& text) const {
    std::ofstream(base_ / name) << text;
  }
  void bind_socket() const {
    const grader::Descriptor handle(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, (root() / "socket").c_str(), sizeof address.sun_path - 1);
    REQUIRE(bind(handle.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }

 private:
  fs::path base_;
};

}  // namespace

TEST_CASE("a plain file is copied, also from a folder") {
  const Left left;
  const auto copied = copy_out(left.root(), "result.json", 2);
  CHECK(copied.status == Copied::Status::copied);
  CHECK(copied.bytes == "{}");
  CHECK(copy_out(left.root(), "sub/deep", 100).bytes == "deep");
  CHECK(copy_out(left.root(), "none", 100).status == Copied::Status::absent);
  CHECK(copy_out(left.root(), "result.json/x", 100).status == Copied::Status::absent);
  CHECK(copy_out(left.root() / "none", "x", 100).status == Copied::Status::absent);
}

TEST_CASE("nothing outside can be reached") {
  const Left left;
  fs::create_symlink("../secret", left.root() / "link");
  fs::create_directory_symlink("..", left.root() / "up");
  fs::create_symlink("sub/deep", left.root() / "inside");
  for (const std::string name :
       {"link", "up/secret", "../secret", "inside", "/etc/passwd", "sub/../../secret"}) {
    CAPTURE(name);
    const auto copied = copy_out(left.root(), name, 100);
    CHECK(copied.status == Copied::Status::refused);
    CHECK(copied.bytes.empty());
  }
  CHECK(copy_out("/proc/self", "root/etc/passwd", 100'000).status == Copied::Status::refused);
  CHECK(copy_out(left.root(), std::string_view("result.json\0x", 13), 100).status ==
        Copied::Status::refused);
  CHECK(copy_out("/", "proc/version", 100'000).status == Copied::Status::refused);
}

TEST_CASE("what is no single regular file of a sane size is refused, and never blocks") {
  const Left left;
  REQUIRE(mkfifo((left.root() / "fifo").c_str(), 0600) == 0);
  left.bind_socket();
  fs::create_hard_link(left.root() / "result.json", left.root() / "second");
  left.write("box/sparse", "");
  REQUIRE(truncate((left.root() / "sparse").c_str(), 10LL << 40U) == 0);
  for (const std::string name : {"fifo", "socket", "second", "result.json", "sparse", "sub", "."}) {
    CAPTURE(name);
    CHECK(copy_out(left.root(), name, 1000).status == Copied::Status::refused);
  }
  CHECK(copy_out(left.root(), "sub/deep", 3).status == Copied::Status::refused);
  CHECK(copy_out(left.root(), std::string(5000, 'x'), 3).status == Copied::Status::refused);
}

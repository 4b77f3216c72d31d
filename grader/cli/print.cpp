#include "grader/cli/print.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "grader/base/process.hpp"
#include "grader/base/text.hpp"
#include "grader/cli/report_files.hpp"

namespace grader::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds longest{60};

/// A folder of our own that is gone with this value.
class Scratch {
 public:
  Scratch() {
    std::error_code error;
    std::string name = (fs::temp_directory_path(error) / "grader-print-XXXXXX").string();
    if (!error && mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Scratch() {
    std::error_code error;
    if (!path_.empty()) fs::remove_all(path_, error);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string our_path() {
  for (const auto& variable : process::inherited({"PATH"})) return variable.substr(5);
  return "/usr/local/bin:/usr/bin:/bin";
}

std::optional<std::string> browser() {
  const std::string folders = our_path();
  for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
    for (const auto folder : text::split(folders, ':')) {
      const auto file = fs::path(folder) / name;
      if (access(file.c_str(), X_OK) == 0) return file.string();
    }
  }
  return std::nullopt;
}

/// No page that is printed has scripts (its policy forbids them) or loads anything; Chromium itself
/// needs scripting to print.
process::Command printing(const std::string& program, const fs::path& folder) {
  process::Command command;
  command.argv = {"prlimit",
                  "--core=0",
                  "--cpu=60",
                  "--fsize=268435456",
                  "--nofile=4096",
                  program,
                  "--headless",
                  "--disable-gpu",
                  "--disable-dev-shm-usage",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-extensions",
                  "--disable-sync",
                  "--no-first-run",
                  "--host-resolver-rules=MAP * ~NOTFOUND",
                  "--user-data-dir=" + (folder / "profile").string(),
                  "--no-pdf-header-footer",
                  "--print-to-pdf=" + (folder / "page.pdf").string()};
  // Chromium's own sandbox needs a user that is not root.
  if (geteuid() == 0) command.argv.emplace_back("--no-sandbox");
  command.argv.push_back("file://" + (folder / "page.html").string());
  command.environment = {"PATH=" + our_path(), "HOME=" + folder.string(),
                         "TMPDIR=" + folder.string(), "LC_ALL=C.UTF-8"};
  command.wall = longest;
  return command;
}

bool is_pdf(const std::string& bytes) { return bytes.starts_with("%PDF-"); }

}  // namespace

Result<void> print_page(const std::string& html, const fs::path& pdf) {
  const auto program = browser();
  if (!program) {
    return fail(ErrorKind::usage, "no Chromium is installed that could print", pdf.string(),
                "apt-get install chromium, or print the page with --format html by hand");
  }
  const Scratch scratch;
  if (scratch.path().empty()) {
    return fail(ErrorKind::usage, "no temporary folder could be made", pdf.string(),
                "set TMPDIR to a folder that can be written");
  }
  if (auto written = write_file(scratch.path() / "page.html", html); !written) return written;
  const auto outcome = process::run(printing(*program, scratch.path()));
  if (!outcome) return tl::unexpected(outcome.error());
  std::ifstream file(scratch.path() / "page.pdf", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (is_pdf(bytes)) return write_file(pdf, bytes);
  const bool slow = outcome->status == process::Outcome::Status::timed_out;
  const auto lines = text::lines(text::trim(outcome->err));
  const std::string last = lines.empty() ? "" : ": " + text::printable(lines.back());
  return fail(ErrorKind::usage,
              slow ? "Chromium did not print within a minute" : "Chromium printed nothing" + last,
              pdf.string(), "print the page with --format html by hand");
}

}  // namespace grader::cli

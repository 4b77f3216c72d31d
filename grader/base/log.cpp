#include "grader/base/log.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>

#include "grader/base/text.hpp"

namespace grader::log {
namespace {

Level threshold = Level::info;
bool progress_shown = false;
std::mutex guard;

bool on_terminal() {
  static const bool terminal = isatty(STDERR_FILENO) == 1;
  return terminal;
}

/// Whoever reads stderr may be gone: a log that is lost is no reason to end.
void put(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

void write(Level level, std::string_view prefix, std::string_view message) {
  if (level < threshold) return;
  const std::lock_guard lock(guard);
  if (progress_shown && on_terminal()) put("\r\x1b[K");
  progress_shown = false;
  put(fmt::format("{}{}\n", prefix, text::printable(message)));
}

}  // namespace

void set_level(Level level) { threshold = level; }

void debug(std::string_view message) { write(Level::debug, "debug: ", message); }
void info(std::string_view message) { write(Level::info, "", message); }
void warning(std::string_view message) { write(Level::warning, "warning: ", message); }
void error(std::string_view message) { write(Level::error, "error: ", message); }

void progress(std::string_view message) {
  if (threshold > Level::info) return;
  const std::lock_guard lock(guard);
  if (on_terminal()) {
    put(fmt::format("\r\x1b[K{}", text::shorten(text::printable(message), 100)));
    std::fflush(stderr);
    progress_shown = true;
    return;
  }
  using Clock = std::chrono::steady_clock;
  static Clock::time_point last;
  if (const auto now = Clock::now(); now - last > std::chrono::seconds(5)) {
    last = now;
    put(fmt::format("{}\n", text::printable(message)));
  }
}

}  // namespace grader::log

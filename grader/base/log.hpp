#pragma once

#include <string_view>

namespace grader::log {

/// How much a message matters, least first.
enum class Level { debug, info, warning, error };

/// Messages below `level` are dropped. Starts at info.
void set_level(Level level);

/// One line to stderr. Control characters are shown escaped, so that text of a submission cannot
/// drive the terminal.
void debug(std::string_view message);
void info(std::string_view message);
void warning(std::string_view message);
void error(std::string_view message);

/// A line that replaces the last progress line on a terminal; a plain line at most every 5 seconds
/// elsewhere.
void progress(std::string_view message);

}  // namespace grader::log

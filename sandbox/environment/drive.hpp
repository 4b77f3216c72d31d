#pragma once

#include <string>
#include <vector>

#include "sandbox/box/box.hpp"
#include "sandbox/environment/host.hpp"
#include "sandbox/environment/interpreters.hpp"
#include "sandbox/environment/protocol.hpp"

namespace grader::sandbox {

/// Where boxes see what we mount; drivers get every path from their configuration.
namespace place {
/// Where things are inside a box.
inline constexpr const char* drivers = "/srv/driver";
inline constexpr const char* tools = "/srv/tools";
inline constexpr const char* config = "/srv/config.json";
inline constexpr const char* submission = "/srv/submission";
inline constexpr const char* environment = "/srv/environment";
inline constexpr const char* wheels = "/srv/wheels";
inline constexpr const char* index_socket = "/srv/index.sock";
inline constexpr const char* certificates = "/srv/certificates.pem";
inline constexpr const char* scratch = "/scratch";
}  // namespace place

/// One run of a driver of ours in a box.
struct Drive {
  std::string module;  ///< of the package grader_box: "lint"
  ConfigWriter config;
  std::vector<Mount> mounts;                     ///< besides drivers and configuration
  std::string interpreter = "/usr/bin/python3";  ///< path in the box
  Limits limits;
  Network network;
  std::filesystem::path root;  ///< a root file system other than the host's; empty: that one
};

/// What came of it. Where the candidate's code ran, the records are claims.
struct Driven {
  Box box;  ///< ended; for copy_out()
  BoxResult result;
  Records records;
};

/// The box of a drive; `config` is the host's file with its configuration.
BoxSpec box_spec(const Host& host, const Drive& drive, const std::string& config);

/// Runs it to its end. An Error is never the box's doing.
Result<Driven> drive(const Sandbox& sandbox, const Host& host, const Drive& drive);

/// Mounts an interpreter of the host at its own place; that of the root file system is there.
void add_interpreter(Drive& drive, const Interpreter& interpreter);

/// A read-only mount of a host path.
Mount read_only(const std::filesystem::path& source, const char* target);

}  // namespace grader::sandbox

#pragma once

namespace grader::interrupt {

/// From now on SIGINT, SIGTERM and SIGHUP set a flag in place of ending the process, so that long
/// work can stop at a safe point and clean up. A second signal ends the process at once.
void install();

/// From now on the death of the process that started this one counts as SIGTERM. False where it is
/// dead already.
bool end_with_parent();

/// True once one of the signals has arrived.
bool requested();

/// A file descriptor that becomes readable when a signal arrives, for poll() and event loops.
int descriptor();

}  // namespace grader::interrupt

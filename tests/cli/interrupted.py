#!/usr/bin/env python3
"""Runs a command, sends it SIGINT when it is at work, and says how it ended and what it left.

Usage: interrupted [--silent-server] COMMAND… ; with a silent server, PORT in the command is the port
of one on loopback that accepts and never answers, and «at work» is when it is connected to.
"""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time


def main():
    words = sys.argv[1:]
    server = None
    if words[0] == "--silent-server":
        server = socket.create_server(("127.0.0.1", 0))
        server.settimeout(60)
        words = [word.replace("PORT", str(server.getsockname()[1])) for word in words[1:]]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if server is None:
        time.sleep(0.3)
    else:
        connection = server.accept()
    if process.poll() is not None:
        print("it ended before it could be interrupted")
        return 99
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    try:
        _, err = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        print("it went on after SIGINT")
        return 98
    if time.monotonic() - began > 10:
        print("it took more than 10 s to end")
    if server is not None:
        connection[0].close()
    last = [line for line in err.decode(errors="replace").splitlines() if line.startswith("error:")]
    print("\n".join(line.replace(str(server.getsockname()[1]) if server else "\0", "PORT")
                    for line in last))
    left = sorted(path.name for path in pathlib.Path(os.environ["TMPDIR"]).iterdir())
    print("left behind:", ", ".join(left) or "nothing")
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())

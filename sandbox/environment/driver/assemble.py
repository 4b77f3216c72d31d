"""Inside a box without network: makes the environment out of wheels that are at hand.

Configuration: {"wheels": [paths], "environment": folder, "python": interpreter, "scratch": folder}.
"""

import os
import subprocess

from grader_box.channel import Channel, read_config
from grader_box.uv import Uv


def main():
    channel = Channel()
    config = read_config()
    uv = Uv(config["scratch"], {"UV_OFFLINE": "1"})
    environment = config["environment"]
    steps = [["venv", "--quiet", "--no-project", "--allow-existing", "--python", config["python"],
              environment]]
    if config["wheels"]:
        # Copies, never hard links: nothing that is shared may be reached from an environment.
        steps.append(["pip", "install", "--quiet", "--no-index", "--no-deps", "--only-binary",
                      ":all:", "--link-mode", "copy", "--python",
                      os.path.join(environment, "bin", "python")] + config["wheels"])
    for step in steps:
        status, _, problem = uv.run(*step)
        if status != 0:
            channel.send("failed", reason=problem)
            return
    # Not by uv, whose script for this needs Python 3.7. The environment is read-only later on.
    subprocess.run([os.path.join(environment, "bin", "python"), "-m", "compileall", "-q", "-j", "2",
                    os.path.join(environment, "lib")],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    channel.send("end")


if __name__ == "__main__":
    main()

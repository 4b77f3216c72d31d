"""Inside a box without network: makes the environment out of wheels that are at hand.

Configuration: {"wheels": [paths], "environment": folder, "scratch": folder}.
"""

import os
import sys

from grader_box.channel import Channel, read_config
from grader_box.uv import Uv


def main():
    channel = Channel()
    config = read_config()
    uv = Uv(config["scratch"], {"UV_OFFLINE": "1"})
    environment = config["environment"]
    steps = [["venv", "--quiet", "--no-project", "--allow-existing", "--python", sys.executable,
              environment]]
    if config["wheels"]:
        # Copies, never hard links: nothing that is shared may be reached from an environment.
        steps.append(["pip", "install", "--quiet", "--no-index", "--no-deps", "--only-binary",
                      ":all:", "--link-mode", "copy", "--compile-bytecode", "--python",
                      os.path.join(environment, "bin", "python")] + config["wheels"])
    for step in steps:
        status, _, problem = uv.run(*step)
        if status != 0:
            channel.send("failed", reason=problem)
            return
    channel.send("end")


if __name__ == "__main__":
    main()

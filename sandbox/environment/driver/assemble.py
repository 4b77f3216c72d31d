"""Inside a box without network: makes the environment out of wheels that are at hand.

Configuration: {"wheels": [paths], "environment": folder, "python": interpreter, "scratch": folder}.
"""

import os
import shutil
import subprocess

from grader_box.channel import Channel, read_config
from grader_box.uv import Uv

# What hardly any submission imports is not compiled beforehand: that is two fifths of Django.
_SELDOM = "/(locale|tests?|gis|oracle|_vendor)/"


def main():
    channel = Channel()
    config = read_config()
    environment = config["environment"]
    # On the same file system, so that unpacked files become the environment's without a copy; of
    # this box alone, so that nothing that is shared may be reached from an environment.
    unpacked = os.path.join(environment, ".unpacked")
    uv = Uv(config["scratch"], {"UV_OFFLINE": "1", "UV_CACHE_DIR": unpacked})
    steps = [["venv", "--quiet", "--no-project", "--allow-existing", "--python", config["python"],
              environment]]
    if config["wheels"]:
        steps.append(["pip", "install", "--quiet", "--no-index", "--no-deps", "--only-binary",
                      ":all:", "--link-mode", "hardlink", "--python",
                      os.path.join(environment, "bin", "python")] + config["wheels"])
    for step in steps:
        status, _, problem = uv.run(*step)
        if status != 0:
            channel.send("failed", reason=problem)
            return
    shutil.rmtree(unpacked, ignore_errors=True)
    # Not by uv, whose script for this needs Python 3.7. The environment is read-only later on.
    subprocess.run([os.path.join(environment, "bin", "python"), "-m", "compileall", "-q", "-j", "2",
                    "-x", _SELDOM, os.path.join(environment, "lib")],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    channel.send("end")


if __name__ == "__main__":
    main()

"""Inside a box without network: makes a wheel of one source distribution, running its setup code.

Configuration: {"source": path, "backends": [[wheels of a first try], [of a second]] as lines,
"python": interpreter, "scratch": folder}. The wheel is left as SCRATCH/built/FILE.
"""

import email.parser
import hashlib
import os
import re
import shutil
import zipfile

from grader_box.channel import Channel, read_config
from grader_box.uv import Uv

_PLAIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?([^();\[\]]*)\)?")


def requirements(wheel):
    """What the wheel itself requires, without what depends on an extra or a platform."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        if archive.getinfo(name).file_size > 1 << 20:
            return []
        text = archive.read(name).decode("utf-8", "replace")
    lines = email.parser.HeaderParser().parsestr(text).get_all("Requires-Dist") or []
    found = [_PLAIN.fullmatch(line.strip()) for line in lines if ";" not in line]
    return [match.group(1) + match.group(2).replace(" ", "") for match in found if match]


def attempt(uv, config, number):
    """uv's complaint, or the wheel's path."""
    scratch = config["scratch"]
    links = os.path.join(scratch, "links-%d" % number)
    out = os.path.join(scratch, "built")
    os.makedirs(links)
    shutil.rmtree(out, ignore_errors=True)
    for wheel in config["backends"][number].split("\n"):
        os.symlink(wheel, os.path.join(links, os.path.basename(wheel)))
    source = os.path.join(scratch, os.path.basename(config["source"]))
    if not os.path.exists(source):
        shutil.copyfile(config["source"], source)
    status, _, problem = uv.run("build", "--wheel", "--quiet", "--no-index", "--find-links", links,
                                "--no-build-logs", "--python", config["python"], "--out-dir", out,
                                source)
    wheels = [name for name in os.listdir(out) if name.endswith(".whl")] if status == 0 else []
    if len(wheels) != 1:
        return problem or "no wheel came of it", None
    return "", os.path.join(out, wheels[0])


def main():
    channel = Channel()
    config = read_config()
    uv = Uv(config["scratch"], {"UV_OFFLINE": "1"})
    problem, wheel = "", None
    for number in range(len(config["backends"])):
        problem, wheel = attempt(uv, config, number)
        if wheel:
            break
    if not wheel:
        channel.send("failed", reason=problem)
        return
    with open(wheel, "rb") as stream:
        digest = hashlib.sha256(stream.read()).hexdigest()
    channel.send("built", file=os.path.basename(wheel), sha256=digest,
                 requires=requirements(wheel))
    channel.send("end")


if __name__ == "__main__":
    main()

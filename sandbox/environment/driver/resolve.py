"""Inside the download box: resolves requirements to wheels and fetches those that are not at hand.

Nothing is built and nothing of the candidate's is run. Each requirement comes with alternatives,
which are tried in their order where the index has no wheel for it. Configuration: {"wanted":
["requirement\\nalternative\\n…"] (an empty alternative: leave it out), "socket": path of the
proxy's socket, "certificates": file, "indexes": URLs, "newest": date or empty, "have": digests of
wheels at hand, "python": interpreter that they are for, "from_source": names whose wheels are too
old, "pages": archive of index pages, "scratch": folder}. Wheels are left as SCRATCH/SHA256.whl,
source distributions of what has no wheel as SCRATCH/SHA256.source, the pages as SCRATCH/pages.tar.
"""

import base64
import concurrent.futures
import hashlib
import os
import re
import ssl
import subprocess
import sys
import tomllib
import urllib.parse
import urllib.request

from grader_box import forward, sources
from grader_box.channel import Channel, read_config
from grader_box.pages import Pages, write_config
from grader_box.uv import Uv

# When most distributions had wheels for an interpreter: about three months after its release.
_FIRST_WHEELS = {(3, 11): "2023-01-24", (3, 12): "2024-01-02", (3, 13): "2025-01-07"}
_CHUNK = 1 << 18
_PAGE_LIMIT = 8 << 20
_DOWNLOADS = 8
_RESOLUTIONS = 2
# What most source distributions are built with; the second for those that need the old setuptools.
_BACKENDS = [["setuptools<81", "wheel", "poetry-core", "flit-core", "hatchling"],
             ["setuptools<58", "wheel"]]
# uv ends with 1 where there is no solution, with 2 where it could not find out.
_TROUBLE = 2
_NETWORK = ("Failed to fetch", "error sending request", "Request failed after")
_NO_WHEELS = re.compile(r"all versions of ([A-Za-z0-9._-]+)\s+have\s+no\s+usable\s+wheels")
_ROUNDS = 6
_WHEEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*\.whl")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Unsatisfied(Exception):
    """No choice of alternatives has a solution; says why in uv's words."""


class Unreachable(OSError):
    """The index does not answer: nothing can be said of what it has."""


class Resolver:
    """Finds the alternatives that the index can satisfy together."""

    def __init__(self, channel, uv, config):
        self._channel = channel
        self._uv = uv
        self._choices = [line.split("\n") for line in config["wanted"]]
        self._picked = [0] * len(self._choices)
        self._newest = config["newest"]
        self._python = config["python"]
        self._absent = os.path.join(config["scratch"], "absent.txt")
        self._problem = ""
        self.unavailable = []
        self._take_sources(set(config["from_source"]))

    def _take_sources(self, names):
        for number, options in enumerate(self._choices):
            if sources.normalised(re.split(r"[^A-Za-z0-9._-]", options[0])[0]) in names:
                self.unavailable.append(options[0])
                self._choices[number] = [""]

    def lock(self):
        """The lock file (PEP 751) of the first set of alternatives that has a solution."""
        text = self._within_days()
        if text is None:
            self._replace_unavailable()
            text = self._within_days()
        for _ in range(_ROUNDS):
            if text is not None:
                return text
            if not self._leave_to_sources():
                break
            text = self._within_days()
        problem = self._problem
        # Pins that contradict each other: taken as they are listed, as pip without its checks would.
        found, unchecked = self._compile(self._lines(), "", "--no-deps")
        if not found:
            raise Unsatisfied(problem)
        self._channel.send("conflict", reason=problem)
        return unchecked

    def _leave_to_sources(self):
        """True where the last attempt failed for what others need and what has no wheel at all."""
        direct = {sources.normalised(re.split("[^A-Za-z0-9._-]", line)[0]) for line in self._lines()}
        absent = set(_NO_WHEELS.findall(self._problem)) - direct - set(self.unavailable)
        self.unavailable += sorted(absent)
        # A requirement for no platform in place of theirs: as if nobody had asked for it.
        with open(self._absent, "a", encoding="utf-8") as overrides:
            overrides.writelines('%s ; sys_platform == "none"\n' % name for name in sorted(absent))
        return bool(absent)

    def lock_of(self, lines):
        """A lock file of other lines, with no bound on dates."""
        found, text = self._compile(lines, "")
        if not found:
            raise OSError(text)
        return text

    def _days(self):
        """Upload dates to try as bounds: what is older than this interpreter has no wheels for it."""
        days = [self._newest] if self._newest else []
        first = _FIRST_WHEELS.get(self._version(), "")
        if days and first > days[0]:
            days.append(first)
        return days + [""]

    def _version(self):
        asked = subprocess.run([self._python, "-c", "import sys; print(*sys.version_info[:2])"],
                               stdout=subprocess.PIPE, check=True)
        return tuple(int(part) for part in asked.stdout.split())

    def _within_days(self):
        """A lock file as of the first of the days that has a solution; None where none has."""
        for newest in self._days():
            found, text = self._compile(self._lines(), newest)
            if found:
                if newest:
                    self._channel.send("newest", date=newest)
                return text
            self._problem = text
        return None

    def _lines(self):
        lines = [options[picked] for options, picked in zip(self._choices, self._picked)]
        return [line for line in lines if line]

    def _compile(self, lines, newest, *more):
        arguments = ["pip", "compile", "--quiet", "--only-binary", ":all:", "--no-header",
                     "--no-annotate", "--format", "pylock.toml", "--python", self._python]
        if newest:
            arguments += ["--exclude-newer", newest]
        if os.path.exists(self._absent):
            arguments += ["--overrides", self._absent]
        status, text, problem = self._uv.run(*(arguments + list(more) + ["-"]),
                                             input="\n".join(lines) + "\n")
        if status == _TROUBLE and any(words in problem for words in _NETWORK):
            raise Unreachable(problem)
        return status == 0, text if status == 0 else problem

    def _replace_unavailable(self):
        """Move every requirement on to its first alternative that has a wheel at all."""
        with concurrent.futures.ThreadPoolExecutor(_RESOLUTIONS) as pool:
            done = list(pool.map(self._first_available, self._choices))
        for number, picked in enumerate(done):
            options = self._choices[number]
            if picked is None:
                self.unavailable.append(options[0])
                options.append("")
                picked = len(options) - 1
            elif picked:
                self._channel.send("replaced", wanted=options[0], by=options[picked])
            self._picked[number] = picked

    def _first_available(self, options):
        # What has no bound at all: a release of today is no stand-in for the source of that day.
        open_line = len(options) == 1 and not re.search("[=<>~]", options[0])
        days = self._days()[:-1] if open_line and self._newest else [""]
        for number, line in enumerate(options):
            if not line or any(self._compile([line], day, "--no-deps")[0] for day in days):
                return number
        return None


class Downloader:
    """Fetches wheels through the proxy and checks each against the lock file's digest."""

    def __init__(self, config, proxy):
        self._scratch = config["scratch"]
        context = ssl.create_default_context(cafile=config["certificates"] or None)
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({"https": proxy}),
            urllib.request.HTTPSHandler(context=context))
        self._credentials = {}
        for index in config["indexes"]:
            parts = urllib.parse.urlsplit(index)
            if parts.username:
                pair = "%s:%s" % (urllib.parse.unquote(parts.username),
                                  urllib.parse.unquote(parts.password or ""))
                self._credentials[parts.hostname] = base64.b64encode(pair.encode()).decode()

    def page(self, address):
        """The text of an index page."""
        request = self._request(address)
        # Only the page as JSON says when a file was uploaded.
        request.add_header("Accept", "application/vnd.pypi.simple.v1+json, text/html;q=0.1")
        with self._opener.open(request, timeout=60) as source:
            return source.read(_PAGE_LIMIT).decode("utf-8", "replace")

    def fetch(self, wheel, ending=".whl"):
        """Size in bytes of the file that is now in the scratch folder."""
        digest, size = hashlib.sha256(), 0
        path = os.path.join(self._scratch, wheel["sha256"] + ending)
        with self._opener.open(self._request(wheel["url"]), timeout=60) as source, open(path, "wb") as target:
            while True:
                data = source.read(_CHUNK)
                if not data:
                    break
                digest.update(data)
                size += len(data)
                target.write(data)
        if digest.hexdigest() != wheel["sha256"]:
            raise OSError("%s has another digest than the index says" % wheel["file"])
        return size

    def _request(self, url):
        parts = urllib.parse.urlsplit(url)
        request = urllib.request.Request(urllib.parse.urlunsplit(
            parts._replace(netloc=parts.netloc.rpartition("@")[2])))
        if parts.hostname in self._credentials:
            request.add_header("Authorization", "Basic " + self._credentials[parts.hostname])
        return request


def wheels_of(lock):
    """One wheel a package: uv lists only those that fit this interpreter."""
    for package in tomllib.loads(lock).get("packages", []):
        for wheel in package.get("wheels", []):
            url = wheel.get("url", "")
            file = wheel.get("name") or urllib.parse.unquote(url.rsplit("/", 1)[-1])
            digest = wheel.get("hashes", {}).get("sha256", "")
            if url.startswith("https://") and _WHEEL.fullmatch(file) and _DIGEST.fullmatch(digest):
                yield {"name": package["name"], "version": package.get("version", ""),
                       "file": file, "url": url, "sha256": digest}
                break
        else:
            raise OSError("%s has no wheel with a digest" % package.get("name"))


def download(channel, config, downloader, wheels, kind):
    have = set(config["have"])

    def fetch(wheel):
        return 0 if wheel["sha256"] in have else downloader.fetch(wheel)

    with concurrent.futures.ThreadPoolExecutor(_DOWNLOADS) as pool:
        sizes = list(pool.map(fetch, wheels))
    for wheel, size in zip(wheels, sizes):
        channel.send(kind, name=wheel["name"], version=wheel["version"], file=wheel["file"],
                     sha256=wheel["sha256"], size=size)


def fetch_sources(channel, config, downloader, resolver):
    """What has no wheel at all, as source, and what builds such sources."""
    found = False
    for line in resolver.unavailable:
        if sources.fetch(channel, downloader, config["indexes"][0], line, config["newest"]):
            found = True
        else:
            channel.send("unavailable", wanted=line)
    for number, backends in enumerate(_BACKENDS if found else []):
        lock = resolver.lock_of(backends)
        download(channel, config, downloader, list(wheels_of(lock)), "backend-%d" % number)


def main():
    channel = Channel()
    config = read_config()
    proxy = forward.start(config["socket"])
    pages = Pages(os.path.join(config["scratch"], "uv-cache"))
    if config["pages"]:
        pages.load(config["pages"])
    settings = os.path.join(config["scratch"], "uv.toml")
    write_config(settings, config["indexes"])
    extra = {"HTTPS_PROXY": proxy, "ALL_PROXY": proxy, "SSL_CERT_FILE": config["certificates"],
             "UV_CONFIG_FILE": settings, "UV_HTTP_TIMEOUT": "60"}
    uv = Uv(config["scratch"], {name: value for name, value in extra.items() if value})
    try:
        resolver = Resolver(channel, uv, config)
        downloader = Downloader(config, proxy)
        wheels = list(wheels_of(resolver.lock()))
        download(channel, config, downloader, wheels, "wheel")
        fetch_sources(channel, config, downloader, resolver)
    except Unsatisfied as problem:
        channel.send("unsatisfied", reason=str(problem))
    except OSError as problem:
        channel.send("no_download", reason=str(problem))
    if pages.save(os.path.join(config["scratch"], "pages.tar")):
        channel.send("pages")
    channel.send("end")
    sys.stdout.flush()
    # The forwarder's threads never end.
    os._exit(0)


if __name__ == "__main__":
    main()

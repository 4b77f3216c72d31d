"""Finds and fetches source distributions inside the download box; nothing is built there."""

import html.parser
import json
import os
import re
import urllib.error
import urllib.parse

_ENDINGS = (".tar.gz", ".zip")
_DIGEST = re.compile(r"sha256=([0-9a-f]{64})")
_RELEASE = re.compile(r"[0-9]+(\.[0-9]+)*(\.post[0-9]+)?")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*")


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


class _Links(html.parser.HTMLParser):
    """The anchors of an index page (PEP 503)."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "a" and values.get("href") and "data-yanked" not in values:
            self.found.append((values["href"], values.get("data-upload-time") or ""))


def _of_json(page):
    """[(address with its digest, upload time)] of an index page as JSON (PEP 691, PEP 700)."""
    for one in json.loads(page).get("files", []):
        digest = one.get("hashes", {}).get("sha256", "")
        if not one.get("yanked"):
            yield "%s#sha256=%s" % (one.get("url", ""), digest), one.get("upload-time") or ""


def _links(page):
    if page.lstrip().startswith("{"):
        return list(_of_json(page))
    links = _Links()
    links.feed(page)
    return links.found


def _order(version):
    return [int(part) for part in re.findall(r"[0-9]+", version)]


def candidates(page, address, name):
    """[(version, url, file, sha256, upload time)] of a page's final releases, oldest first."""
    found = []
    for href, uploaded in _links(page):
        url, fragment = urllib.parse.urldefrag(urllib.parse.urljoin(address, href))
        file = urllib.parse.unquote(url.rsplit("/", 1)[-1])
        ending = next((end for end in _ENDINGS if file.endswith(end)), None)
        digest = _DIGEST.search(fragment)
        if not ending or not digest or not _FILE.fullmatch(file):
            continue
        stem, _, version = file[:-len(ending)].rpartition("-")
        if normalised(stem) == normalised(name) and _RELEASE.fullmatch(version):
            found.append((version, url, file, digest.group(1), uploaded))
    return sorted(found, key=lambda one: _order(one[0]))


def choose(found, line, newest):
    """The pinned release of "name==version", else the newest of that day, else the newest."""
    pin = re.fullmatch(r"[^=<>!~ ]+==([0-9][^,*]*)", line)
    if pin:
        exact = [one for one in found if one[0] == pin.group(1)]
        if exact:
            return exact[-1]
    early = [one for one in found if one[4] and newest and one[4][:10] <= newest]
    return (early or found or [None])[-1]


def fetch(channel, downloader, index, line, newest):
    """Tell of the source distribution of `line` that now lies in the scratch folder; or false."""
    name = re.match(r"[A-Za-z0-9._-]+", line).group(0)
    address = "%s/%s/" % (index.rstrip("/"), normalised(name))
    try:
        chosen = choose(candidates(downloader.page(address), address, name), line, newest)
        if chosen is None:
            return False
        version, url, file, digest, _ = chosen
        downloader.fetch({"url": url, "sha256": digest, "file": file}, ".source")
    except urllib.error.HTTPError as answer:
        if answer.code not in (404, 410):
            raise
        return False
    channel.send("source", line=line, name=normalised(name), version=version, file=file,
                 sha256=digest)
    return True

"""Index pages that earlier download boxes were shown, so that each is asked for once in a while.

Only uv's answers of the index are kept, as one archive; distributions come by their digest alone.
Nothing of a candidate's ever runs where this is written or read.
"""

import os
import tarfile

_SIZE_LIMIT = 96 << 20
_FILES_LIMIT = 20000
# How long an answer of the index holds, in seconds; what a file says of itself never changes.
_PAGES_AGE = 3600
_FILES_AGE = 30 * 86400


def write_config(path, indexes):
    """uv's configuration: the last of these indexes is the default, all are remembered a while."""
    def quoted(text):
        return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')

    with open(path, "w", encoding="utf-8") as out:
        # The extra ones first: that is their order of precedence.
        for number, url in enumerate(indexes[1:] + indexes[:1]):
            out.write("[[index]]\nurl = %s\n" % quoted(url))
            out.write("default = true\n" if number == len(indexes) - 1 else "")
            out.write('cache-control = { api = "max-age=%d", files = "max-age=%d" }\n' % (
                _PAGES_AGE, _FILES_AGE))


def _is_plain(member):
    parts = member.name.split("/")
    return member.isreg() and not member.name.startswith("/") and ".." not in parts


class Pages:
    """uv's cache folder, filled from an archive."""

    def __init__(self, folder):
        self._folder = folder
        self._before = set()

    def load(self, archive):
        """A damaged archive is as good as none."""
        try:
            with tarfile.open(archive) as tar:
                for number, member in enumerate(tar):
                    if number >= _FILES_LIMIT or member.size > _SIZE_LIMIT:
                        break
                    if not _is_plain(member):
                        continue
                    path = os.path.join(self._folder, member.name)
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    with tar.extractfile(member) as source, open(path, "wb") as target:
                        target.write(source.read())
        except (OSError, tarfile.TarError, EOFError):
            pass
        self._before = set(self._facts())

    def _facts(self):
        for folder, _, names in os.walk(self._folder):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path) and not os.path.islink(path) and name != ".lock":
                    facts = os.stat(path)
                    yield path, facts.st_size, facts.st_mtime_ns

    def save(self, archive):
        """True where there is more than before; of too much the older half is left out."""
        files = sorted(self._facts(), key=lambda one: -one[2])
        if set(files) == self._before:
            return False
        total, limit = 0, _SIZE_LIMIT
        if sum(one[1] for one in files) > limit or len(files) > _FILES_LIMIT:
            limit //= 2
        with tarfile.open(archive, "w") as tar:
            for path, size, _ in files[:_FILES_LIMIT // 2]:
                total += size + 1024
                if total > limit:
                    break
                tar.add(path, os.path.relpath(path, self._folder))
        return True

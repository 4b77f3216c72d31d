"""A scratch copy of the submission's tree, which the candidate's code may write to."""

import os
import shutil

_LINK_FROM = 1 << 20


def _copy_file(source, target):
    # Large files stay where they are, read-only: they would fill the scratch space.
    if os.path.islink(source) or os.path.getsize(source) >= _LINK_FROM:
        os.symlink(source, target)
    else:
        shutil.copyfile(source, target)


def copy_tree(source, target, skipped):
    """Copy what is not below one of the skipped folders (paths below `source`)."""
    skipped = set(skipped)
    os.makedirs(target)
    for folder, folders, files in os.walk(source):
        relative = os.path.relpath(folder, source)
        folders[:] = [name for name in folders
                      if os.path.normpath(os.path.join(relative, name)) not in skipped]
        into = os.path.normpath(os.path.join(target, relative))
        for name in folders:
            os.makedirs(os.path.join(into, name), exist_ok=True)
        for name in files:
            _copy_file(os.path.join(folder, name), os.path.join(into, name))

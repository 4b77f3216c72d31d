// A check's source.

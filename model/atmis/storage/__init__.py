"""Results on disk: files that are written whole or not at all, tables, manifests, folders of runs."""

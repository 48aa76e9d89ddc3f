"""Results on disk: atomic files, tables, manifests and folders of runs."""

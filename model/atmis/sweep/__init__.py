"""A study in a folder: scenarios x points of a design x replicates; what is there is kept, what is missing is run.

The folder is known by the hash of its study. Everything finished survives whatever happens to the process; the same
command goes on where the last one stopped.

This file imports nothing, so that designs can be checked without loading what runs them.
"""

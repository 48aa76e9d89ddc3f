"""Sweeps: a study in a folder, scenarios x points of a design x replicates, of which only missing runs are run.

The folder is identified by the hash of its study. Every finished chunk survives whatever happens to the process; the
same command continues where the last one stopped.

This file imports nothing, so that designs can be checked without loading what runs them.
"""

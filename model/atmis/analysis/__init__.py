"""What is asked of runs: compared with each other, taken apart, set against what was observed."""

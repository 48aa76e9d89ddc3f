"""`python -m atmis` is the command `atmis`."""

import sys

from atmis.experiments.command import main

sys.exit(main())

"""Types of arrays. Their axes stand in brackets where they are used: [R, M, Z] is replicates by months by zones."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
AnyArray = NDArray[Any]  # numbers, dates (datetime64, NaT: never) or texts

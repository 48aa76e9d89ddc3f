"""Counter-based random numbers: every draw is a pure function of (seed, replicate, purpose, entity, day).

Philox 4x64-10 (Salmon et al. 2011), bit-equal to `numpy.random.Philox` for the same key and counter.
Because a draw is looked up and not taken from a sequence, results do not depend on the order of work, and two
scenarios share each draw that means the same thing in both (common random numbers).
"""

import math
from typing import NamedTuple

import numpy as np
from numba.core import config, types
from numba.extending import intrinsic

from atmis.kernel.compiled import inlined

_MASK = 0xFFFFFFFFFFFFFFFF
_MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
_WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
_WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
_SHIFT = np.uint64(11)
_ULP = 2.0**-53
HALF, LOW_HALF = np.uint64(32), np.uint64(0xFFFFFFFF)
_ULP_32 = 2.0**-32
_ROUNDS = 10

# What a draw is for. A purpose keeps its number for ever: changing one changes every result.
DAILY = 1
CELL_SIZE = 2
MOVE = 3
STOCK = 4
LANDING = 5
TACTIC = 6
DEATHS = 7
ASSAULT = 8
LOSSES = 9
TEMPO = 10
SLIP = 11
EXPOSURE = 12
DETECTION = 13
RETAKING = 14
SECOND_TARGET = 15
SECOND_DEATHS = 16
SECOND_DETECTION = 17


class Stream(NamedTuple):
    """The random numbers of one run: its key, and the date of its first day."""

    seed: int
    replicate: int
    epoch: int  # ordinal of day 0, so that the same calendar date has the same draws in every scenario


if config.DISABLE_JIT:

    def word(value):
        """A 64-bit word, as a plain integer: NumPy's scalars warn when they wrap."""
        return int(value)

    def multiply(a, b):
        """High and low half of the 128-bit product of two words."""
        product = int(a) * int(b)
        return product >> 64, product & _MASK

    def add(a, b):
        """Sum of two words modulo 2**64."""
        return (int(a) + int(b)) & _MASK

else:

    @inlined
    def word(value):
        """A 64-bit word."""
        return np.uint64(value)

    @intrinsic
    def multiply(typingctx, a, b):
        """High and low half of the 128-bit product of two words."""
        from llvmlite import ir

        def codegen(context, builder, signature, args):
            wide = ir.IntType(128)
            product = builder.mul(builder.zext(args[0], wide), builder.zext(args[1], wide))
            low = builder.trunc(product, ir.IntType(64))
            high = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))
            return context.make_tuple(builder, signature.return_type, [high, low])

        return types.UniTuple(types.uint64, 2)(types.uint64, types.uint64), codegen

    @inlined
    def add(a, b):
        """Sum of two words modulo 2**64."""
        return a + b


@inlined
def philox(k0, k1, c0, c1, c2, c3):
    """The four words of Philox 4x64-10 for a key (k0, k1) and a counter (c0, c1, c2, c3)."""
    for turn in range(_ROUNDS):
        if turn > 0:
            k0 = add(k0, word(_WEYL_0))
            k1 = add(k1, word(_WEYL_1))
        high_0, low_0 = multiply(word(_MULTIPLIER_0), c0)
        high_1, low_1 = multiply(word(_MULTIPLIER_1), c2)
        c0, c1, c2, c3 = high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0
    return c0, c1, c2, c3


@inlined
def unit(bits):
    """A word as a number in [0, 1), with NumPy's 53 bits."""
    return float(word(bits) >> word(_SHIFT)) * _ULP


@inlined
def unit_32(half):
    """Half a word as a number in [0, 1) with 32 bits; NumPy too takes the low half of a word first."""
    return float(half) * _ULP_32


@inlined
def uniforms(stream, purpose, entity, day):
    """Four independent numbers in [0, 1) for one purpose, entity and day (days since the run's first)."""
    return at_tick(stream, purpose, entity, stream.epoch + day)


@inlined
def at_tick(stream, purpose, entity, tick):
    """Four independent numbers in [0, 1) for one purpose, entity and tick; tick 0 is for what happens once in a run."""
    a, b, c, d = block(stream, purpose, entity, tick)
    return unit(a), unit(b), unit(c), unit(d)


@inlined
def block(stream, purpose, entity, tick):
    """The four words of one purpose, entity and tick."""
    return philox(word(stream.seed), word(stream.replicate), word(tick), word(entity), word(purpose), word(0))


@inlined
def normal(u, v):
    """A standard normal number from two uniform ones (Box & Muller 1958)."""
    return math.sqrt(-2.0 * math.log(1.0 - u)) * math.cos(2.0 * math.pi * v)


@inlined
def whole(expected, u):
    """An expected number of people as a whole number: rounded up with the probability of its fraction."""
    floor = math.floor(expected)
    return floor + (1.0 if u < expected - floor else 0.0)

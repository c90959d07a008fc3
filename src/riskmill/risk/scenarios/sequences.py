"""
Points in the unit cube, from a seed: a shifted Sobol sequence, or pseudo-random numbers.

Source of both recursions: P. Bratley and B. Fox, *Algorithm 659*, ACM TOMS 14(1), 1988, and
J. Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, SC 2011 (Philox, as in numpy).
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray
from riskmill.risk.scenarios.sobol_directions import DIRECTIONS

BITS = 32
HALF = 2.0**-33
"""Half a cell, so that no coordinate is 0 or 1."""
Bits = npt.NDArray[np.uint64]


def sobol_points(points: int, dimensions: int) -> FloatArray:
    """
    The first *points* of the Sobol sequence, shape (points, dimensions), the origin among them.

    There are direction numbers for 400 dimensions; no more can be asked for.
    """
    return _sobol(points, dimensions).astype(np.float64) * 2.0**-BITS


def shifted_sobol(points: int, dimensions: int, seed: int) -> FloatArray:
    """
    Sobol points under a random digital shift: each coordinate is uniform, strictly in (0, 1).

    Shape (points, dimensions). Dimensions beyond the 400th are pseudo-random.
    """
    held = min(dimensions, known_dimensions())
    shift = _raw(seed, stream=0, count=held) >> np.uint64(64 - BITS)
    low = (_sobol(points, held) ^ shift).astype(np.float64) * 2.0**-BITS + HALF
    if held == dimensions:
        return low
    return np.hstack([low, philox_points(points, dimensions - held, seed)])


def philox_points(points: int, dimensions: int, seed: int) -> FloatArray:
    """Pseudo-random points, shape (points, dimensions), each coordinate strictly in (0, 1)."""
    draws = _raw(seed, stream=1, count=points * dimensions) >> np.uint64(12)
    return draws.reshape(points, dimensions).astype(np.float64) * 2.0**-52 + 2.0**-53


def known_dimensions() -> int:
    """Dimensions that have direction numbers."""
    return 1 + DIRECTIONS.count(";") + 1


def _raw(seed: int, *, stream: int, count: int) -> Bits:
    """Numbers of 64 bits; numpy promises that the stream of a key never changes."""
    return np.random.Philox(key=[seed, stream]).random_raw(count)


def _sobol(points: int, dimensions: int) -> Bits:
    """In the order of Gray codes: a point differs from the one before by one direction."""
    directions = _directions()[:dimensions]
    found = np.zeros((points, dimensions), dtype=np.uint64)
    for number in range(1, points):
        lowest = (number & -number).bit_length() - 1
        found[number] = found[number - 1] ^ directions[:, lowest]
    return found


@cache
def _directions() -> Bits:
    """Shape (dimensions, bits): the direction of each bit, as a fraction of 2^32."""
    entries = [[int(word) for word in entry.split()] for entry in DIRECTIONS.split(";")]
    return np.array([_first(), *(_numbers(entry) for entry in entries)], dtype=np.uint64)


def _first() -> list[int]:
    return [1 << (BITS - 1 - bit) for bit in range(BITS)]


def _numbers(entry: list[int]) -> list[int]:
    polynomial, *initial = entry
    degree = len(initial)
    numbers = [m << (BITS - 1 - bit) for bit, m in enumerate(initial)]
    for bit in range(degree, BITS):
        number = numbers[bit - degree] ^ (numbers[bit - degree] >> degree)
        for k in range(1, degree):
            if polynomial >> (degree - k) & 1:
                number ^= numbers[bit - k]
        numbers.append(number)
    return numbers

"""
Dual numbers: a value that carries its first and second derivative along.

A pricer that is fed a `Dual` in place of one argument returns its price, and how
the price moves with that argument, exactly and in one evaluation. The parts may be
floats or arrays of one shape, so a whole column of options is differentiated at once.
"""

from typing import Any, TypeAlias

Real: TypeAlias = Any
"""What a pricer computes with: a float, an array of floats, or a `Dual` of either."""


class Dual:
    """
    x + first * e + second * e**2 / 2, with e**3 = 0.

    `Dual(x, 1.0)` is the variable itself; a constant needs no wrapping.
    """

    __slots__ = ("first", "second", "value")
    __array_ufunc__ = None  # leaves `array * dual` to the methods below

    def __init__(self, value: Real, first: Real = 0.0, second: Real = 0.0) -> None:
        self.value = value
        self.first = first
        self.second = second

    def chain(self, value: Real, slope: Real, curvature: Real) -> "Dual":
        """Apply a function whose value and first two derivatives at x are given."""
        return Dual(
            value,
            slope * self.first,
            slope * self.second + curvature * self.first * self.first,
        )

    def __add__(self, other: Real) -> "Dual":
        o = lifted(other)
        return Dual(self.value + o.value, self.first + o.first, self.second + o.second)

    __radd__ = __add__

    def __neg__(self) -> "Dual":
        return Dual(-self.value, -self.first, -self.second)

    def __sub__(self, other: Real) -> "Dual":
        return self.__add__(-lifted(other))

    def __rsub__(self, other: Real) -> "Dual":
        return (-self).__add__(other)

    def __mul__(self, other: Real) -> "Dual":
        o = lifted(other)
        return Dual(
            self.value * o.value,
            self.first * o.value + self.value * o.first,
            self.second * o.value + 2.0 * self.first * o.first + self.value * o.second,
        )

    __rmul__ = __mul__

    def __truediv__(self, other: Real) -> "Dual":
        return self.__mul__(lifted(other).reciprocal())

    def __rtruediv__(self, other: Real) -> "Dual":
        return self.reciprocal().__mul__(other)

    def reciprocal(self) -> "Dual":
        """One over the number."""
        inverse = 1.0 / self.value
        return self.chain(inverse, -inverse * inverse, 2.0 * inverse * inverse * inverse)

    def __lt__(self, other: Real) -> Real:
        return self.value < lifted(other).value

    def __le__(self, other: Real) -> Real:
        return self.value <= lifted(other).value

    def __gt__(self, other: Real) -> Real:
        return self.value > lifted(other).value

    def __ge__(self, other: Real) -> Real:
        return self.value >= lifted(other).value


def lifted(number: Real) -> Dual:
    """The number as a `Dual`; a plain one is a constant."""
    return number if isinstance(number, Dual) else Dual(number)

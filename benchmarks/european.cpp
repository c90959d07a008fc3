// Yardstick of benchmarks/european.py: a hand-tuned Black-Scholes-Merton kernel over scenarios.
//
// Same arguments and same result as riskmill's option kernel. What is tuned: vectors by hand,
// everything that does not depend on the scenario outside the loop, one exponential for both
// densities (F n(d1) = K n(d2)), two vectors in flight.

#include <cstdint>
#include <cstring>
#include <cmath>

#if defined(__AVX512F__)
#define LANES 8
#elif defined(__AVX2__)
#define LANES 4
#else
#define LANES 2
#endif
typedef double V __attribute__((vector_size(8 * LANES)));
typedef int64_t I __attribute__((vector_size(8 * LANES)));

static inline V load(const double* p) { V v; std::memcpy(&v, p, sizeof v); return v; }
static inline void store(double* p, V v) { std::memcpy(p, &v, sizeof v); }
static inline V all(double x) { return x - V{}; }
static inline I bits(V x) { I i; std::memcpy(&i, &x, sizeof i); return i; }
static inline V number(I i) { V v; std::memcpy(&v, &i, sizeof v); return v; }
static inline V larger(V a, V b) { return a > b ? a : b; }
static inline V smaller(V a, V b) { return a < b ? a : b; }

static inline V exponential(V x) {
    x = smaller(larger(x, all(-708.0)), all(709.0));
    const double shift = 6755399441055744.0;
    V k = (x * 1.4426950408889634 + shift) - shift;
    V r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
    V p = all(1.0 / 479001600.0);
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    return p * number((bits(k + shift) + 1023) << 52);
}

static inline V logarithm(V x) {  // by the odd series of atanh on [sqrt(1/2), sqrt(2))
    const double shift = 6755399441055744.0;
    I e = (bits(x) - 0x3FE6A09E667F3BCD) >> 52;
    V k = number(e + 0x4338000000000000) - shift;
    V f = number(bits(x) - (e << 52)) - 1.0;
    V s = f / (2.0 + f);
    V z = s * s, w = z * z;
    V even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    V odd = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 +
            w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    V half = 0.5 * f * f;
    return k * 6.93147180369123816490e-01 - ((half - (s * (half + even + odd) + k * 1.90821492927058770002e-10)) - f);
}

static inline V mills(V z) {  // (1 - N(z)) / n(z), z >= 0; Hart's fit, below 1e-15 of N where z < 7
    V p = all(3.52624965998911e-02);
    p = p * z + 0.700383064443688;
    p = p * z + 6.37396220353165;
    p = p * z + 33.912866078383;
    p = p * z + 112.079291497871;
    p = p * z + 221.213596169931;
    p = p * z + 220.206867912376;
    V q = all(8.83883476483184e-02);
    q = q * z + 1.75566716318264;
    q = q * z + 16.064177579207;
    q = q * z + 86.7807322029461;
    q = q * z + 296.564248779674;
    q = q * z + 637.333633378831;
    q = q * z + 793.826512519948;
    q = q * z + 440.413735824752;
    return p / q;  // times exp(-z*z/2), not the density
}

static inline V magnitude(V x) { return number(bits(x) & 0x7FFFFFFFFFFFFFFF); }

extern "C" void option_values(const double* rows, int64_t width, const int64_t* index,
                              const double* terms, const double* amounts, int64_t positions,
                              double* out) {
    for (int64_t i = 0; i < positions; ++i) {
        const double* spot = rows + index[5 * i] * width;
        const double* volatility = rows + index[5 * i + 1] * width;
        const double* rate = rows + index[5 * i + 2] * width;
        const double* yield = rows + index[5 * i + 3] * width;
        const double* conversion = rows + index[5 * i + 4] * width;
        const double strike = terms[3 * i], years = terms[3 * i + 1], sign = terms[3 * i + 2];
        const double root = std::sqrt(years), inverse = 1.0 / strike, scale = amounts[i] * sign;
#pragma GCC unroll 2
        for (int64_t s = 0; s < width; s += LANES) {
            V carry = load(yield + s) * -years, interest = load(rate + s) * -years;
            V price = load(spot + s);
            V deviation = load(volatility + s) * root;
            V moneyness = logarithm(price * inverse) + carry - interest;
            V d1 = moneyness / deviation + 0.5 * deviation;
            V d2 = d1 - deviation;
            V discount = exponential(interest);
            V forward = price * exponential(carry);  // discounted
            V bell1 = exponential(-0.5 * d1 * d1);
            V bell2 = bell1 * forward / (strike * discount);
            V tail1 = bell1 * mills(magnitude(d1)), tail2 = bell2 * mills(magnitude(d2));
            V n1 = sign * d1 > 0.0 ? 1.0 - tail1 : tail1;
            V n2 = sign * d2 > 0.0 ? 1.0 - tail2 : tail2;
            store(out + i * width + s, scale * load(conversion + s) * (forward * n1 - strike * discount * n2));
        }
    }
}

/* bf16 and fp32, and an exponential that compilers make vectors of. */
#pragma once

#include <stdint.h>
#include <string.h>

/* The upper half of an fp32 number. */
typedef uint16_t bf16;

static inline uint32_t bits_of(float number) {
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static inline float float_of(uint32_t bits) {
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static inline float from_bf16(bf16 number) { return float_of((uint32_t)number << 16); }

/* Rounds to the nearest, ties to even, as torch does; NaN stays NaN. */
static inline bf16 to_bf16(float number) {
    uint32_t bits = bits_of(number), rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    return (bf16)(number != number ? 0x7fc0 : rounded);
}

/* e^x = 2^n e^r with n = round(x / ln 2) and |r| ≤ ln 2 / 2, e^r by the polynomial of Cephes' expf (Moshier 1992).
 *
 * Within 1.1 units in the last place from −86.6 up to where fp32 ends, above that ∞; below, where it is less than
 * 2.5e-38, zero. NaN stays NaN. */
static inline float exponential(float x) {
    const float shift = 0x1.8p23f; /* Added, it leaves round(x / ln 2) in the lowest bits. */
    const float lowest = -86.6f, highest = 89.0f;
    float within = x > highest ? highest : x;
    float shifted = within * 1.44269504f + shift, n = shifted - shift;
    float r = within - n * 0.693359375f + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1;
    /* n may be 128, where 2^n is no number: half of it times twice p. */
    float half = float_of((bits_of(shifted) - bits_of(shift) + 126) << 23);
    return x < lowest ? 0 : 2 * p * half;
}

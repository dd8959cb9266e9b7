/* As many numbers at a time as this processor computes with: vectors that the compiler makes its instructions of.
 *
 * A row is gone through in steps of LANES; `left` is what is left of it, and may be fewer than LANES. */
#pragma once

#include "numbers.h"

#if defined(__AVX512F__) || defined(__AVX2__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
enum { LANES = 16 };
#elif defined(__AVX2__)
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif

typedef float lanes __attribute__((vector_size(4 * LANES)));
typedef uint32_t words __attribute__((vector_size(4 * LANES)));
typedef uint16_t halves __attribute__((vector_size(2 * LANES)));

static inline lanes all(float number) { return number - (lanes){0}; }

/* 0, 1, 2 … */
static inline words lane_numbers(void) {
    words numbers;
    for (int i = 0; i < LANES; i++) numbers[i] = (uint32_t)i;
    return numbers;
}

/* `mask` is all ones in some lanes, and zero in the others. */
static inline words choose(words mask, words yes, words no) { return (yes & mask) | (no & ~mask); }

/* The greater, and b where one of them is NaN. */
static inline lanes most(lanes a, lanes b) {
#if defined(__AVX512F__)
    return (lanes)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
    return (lanes)_mm256_max_ps((__m256)a, (__m256)b);
#else
    return (lanes)choose((words)(a > b), (words)a, (words)b);
#endif
}

/* The lesser, and b where one of them is NaN. */
static inline lanes least(lanes a, lanes b) {
#if defined(__AVX512F__)
    return (lanes)_mm512_min_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
    return (lanes)_mm256_min_ps((__m256)a, (__m256)b);
#else
    return (lanes)choose((words)(a < b), (words)a, (words)b);
#endif
}

static inline lanes widen(halves numbers) {
#if defined(__AVX512F__)
    words whole = (words)_mm512_cvtepu16_epi32((__m256i)numbers);
#elif defined(__AVX2__)
    words whole = (words)_mm256_cvtepu16_epi32((__m128i)numbers);
#else
    words whole = __builtin_convertvector(numbers, words);
#endif
    return (lanes)(whole << 16);
}

/* As `to_bf16`; processors that do it themselves make zeros of what is below 1.2e-38. */
static inline halves narrow(lanes numbers) {
#if defined(__AVX512BF16__)
    return (halves)_mm512_cvtneps_pbh((__m512)numbers);
#else
    words bits = (words)numbers, rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    return __builtin_convertvector(choose((words)(numbers != numbers), (words){0} + 0x7fc0, rounded), halves);
#endif
}

/* Numbers from memory; lanes past what is left hold `rest`. */
static inline lanes take_fp32(const float *from, int64_t left, float rest) {
    lanes numbers;
    if (left >= LANES) {
        memcpy(&numbers, from, sizeof numbers);
        return numbers;
    }
    numbers = all(rest);
    memcpy(&numbers, from, (size_t)left * sizeof *from);
    return numbers;
}

static inline lanes take_bf16(const bf16 *from, int64_t left, float rest) {
    halves numbers;
    if (left >= LANES) {
        memcpy(&numbers, from, sizeof numbers);
        return widen(numbers);
    }
    numbers = narrow(all(rest));
    memcpy(&numbers, from, (size_t)left * sizeof *from);
    return widen(numbers);
}

static inline void give_fp32(lanes numbers, float *to, int64_t left) {
    if (left >= LANES)
        memcpy(to, &numbers, sizeof numbers);
    else
        memcpy(to, &numbers, (size_t)left * sizeof *to);
}

static inline void give_bf16(lanes numbers, bf16 *to, int64_t left) {
    halves rounded = narrow(numbers);
    if (left >= LANES)
        memcpy(to, &rounded, sizeof rounded);
    else
        memcpy(to, &rounded, (size_t)left * sizeof *to);
}

static inline float sum_of(lanes numbers) {
#if defined(__AVX512F__)
    return _mm512_reduce_add_ps((__m512)numbers);
#else
    float sum = 0;
    for (int i = 0; i < LANES; i++) sum += numbers[i];
    return sum;
#endif
}

static inline float most_of(lanes numbers) {
    float best = numbers[0];
    for (int i = 1; i < LANES; i++) best = numbers[i] > best ? numbers[i] : best;
    return best;
}

/* e^x = 2^n 2^r with n = round(x / ln 2) and |r| ≤ ½; 2^r by a polynomial, fitted for the least relative error.
 *
 * Wrong by at most 2e-7 + 1.4e-8 |x| of the result, by 2e-7 + 1e-7 |x| where a processor rounds products before it
 * adds to them. Zero below −87.7, ∞ above 88.4; NaN stays NaN. */
static inline lanes exponentials(lanes x) {
    const float shift = 0x1.8p23f + 127; /* Added, it leaves n + 127 in the lowest bits: the exponent of 2^n. */
    x = most(all(-88), least(all(88.7f), x));
    lanes shifted = x * 0x1.715476p+0f + shift, r = x * 0x1.715476p+0f - (shifted - shift);
    lanes p = r * 0x1.5bb958p-10f + 0x1.3ceb3ep-7f;
    p = p * r + 0x1.c6b758p-5f;
    p = p * r + 0x1.ebf9bap-3f;
    p = p * r + 0x1.62e42ap-1f;
    p = p * r + 1;
    return p * (lanes)((words)shifted << 23);
}

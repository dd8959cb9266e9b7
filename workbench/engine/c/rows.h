/* Rows of a weight times one vector of fp32, whatever the weight is held in. */
#pragma once

#include <stdint.h>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

#include "numbers.h"
#include "token.h"

enum { LANES = 32, LINE_BYTES = 64, AHEAD_BYTES = 1024 };

/* Ask for what is read soon: rows are too short for the processor to see it by itself. */
static inline void ask_ahead(const void *row, int64_t bytes) {
    for (int64_t i = 0; i < bytes; i += LINE_BYTES) __builtin_prefetch((const char *)row + AHEAD_BYTES + i, 0, 3);
}

/* Σ of many sums, so that none has to wait for the one before. */
#define DOT(READ)                                                         \
    float sums[LANES] = {0}, sum = 0;                                     \
    int64_t i = 0;                                                        \
    for (; i + LANES <= count; i += LANES)                                \
        for (int64_t j = 0; j < LANES; j++) sums[j] += READ(row[i + j]) * x[i + j]; \
    for (; i < count; i++) sum += READ(row[i]) * x[i];                    \
    for (int64_t j = 0; j < LANES; j++) sum += sums[j];                   \
    return sum

static inline float dot_fp32(const float *row, const float *x, int64_t count) { DOT((float)); }
static inline float dot_bf16(const bf16 *row, const float *x, int64_t count) { DOT(from_bf16); }
static inline float dot_int8(const int8_t *row, const float *x, int64_t count) { DOT((float)); }

/* Σ levels[code] · x of `count` numbers, both even and their first in the upper half of a byte; x apart in those of
 * even and of odd places. */
static inline float dot_bits4(const uint8_t *codes, const float *levels, const float *even, const float *odd,
                              int64_t count) {
    float sum = 0;
    int64_t i = 0;
#ifdef __AVX512F__
    __m512 table = _mm512_loadu_ps(levels), left = _mm512_setzero_ps(), right = left;
    for (; i + 16 <= count / 2; i += 16) {
        __m512i pair = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(codes + i)));
        __m512 first = _mm512_permutexvar_ps(_mm512_srli_epi32(pair, 4), table);
        left = _mm512_fmadd_ps(first, _mm512_loadu_ps(even + i), left);
        right = _mm512_fmadd_ps(_mm512_permutexvar_ps(pair, table), _mm512_loadu_ps(odd + i), right);
    }
    sum = _mm512_reduce_add_ps(_mm512_add_ps(left, right));
#endif
    for (; i < count / 2; i++) sum += levels[codes[i] >> 4] * even[i] + levels[codes[i] & 15] * odd[i];
    return sum;
}

/* Blocks of numbers that share a scale may begin and end within a row. */
static inline float row_bits4(const Weight *weight, int64_t row, const float *even, const float *odd) {
    const uint8_t *codes = weight->codes;
    int64_t place = row * weight->columns, end = place + weight->columns, begin = place;
    float sum = 0;
    while (place < end) {
        int64_t stop = (place / weight->block + 1) * weight->block, half = (place - begin) / 2;
        int64_t count = (stop < end ? stop : end) - place;
        sum += weight->scales[place / weight->block] *
               dot_bits4(codes + place / 2, weight->levels, even + half, odd + half, count);
        place += count;
    }
    return sum;
}

static void rows_bits4(const Weight *weight, const float *x, int64_t first, int64_t last, float *out) {
    int64_t half = weight->columns / 2;
    float even[half], odd[half];
    for (int64_t i = 0; i < half; i++) even[i] = x[2 * i], odd[i] = x[2 * i + 1];
    for (int64_t row = first; row < last; row++) {
        ask_ahead((const uint8_t *)weight->codes + row * half, half);
        out[row - first] = row_bits4(weight, row, even, odd);
    }
}

/* out[0 … last − first) = rows first … last of W x. */
static void rows_times(const Weight *weight, const float *x, int64_t first, int64_t last, float *out) {
    int64_t stride = weight->stride, columns = weight->columns;
    if (weight->kind == BITS4) {
        rows_bits4(weight, x, first, last, out);
        return;
    }
    for (int64_t row = first; row < last; row++) {
        if (weight->kind == BF16) {
            const bf16 *start = (const bf16 *)weight->codes + row * stride;
            ask_ahead(start, columns * 2);
            out[row - first] = dot_bf16(start, x, columns);
        } else if (weight->kind == INT8) {
            const int8_t *start = (const int8_t *)weight->codes + row * stride;
            ask_ahead(start, columns);
            out[row - first] = weight->scales[row] * dot_int8(start, x, columns);
        } else {
            const float *start = (const float *)weight->codes + row * stride;
            ask_ahead(start, columns * 4);
            out[row - first] = dot_fp32(start, x, columns);
        }
    }
}

/* out += share · row, a row of fp32 or bf16 numbers that begins at `start`. */
static inline void add_row(const void *numbers, int64_t start, int64_t held, float share, int64_t width, float *out) {
    if (held == BF16) {
        const bf16 *row = (const bf16 *)numbers + start;
        for (int64_t i = 0; i < width; i++) out[i] += share * from_bf16(row[i]);
    } else {
        const float *row = (const float *)numbers + start;
        for (int64_t i = 0; i < width; i++) out[i] += share * row[i];
    }
}

/* Packing: rows of bf16 or fp32 in memory, and sums, become factors of products; sums become rows again. */
#include "attention.h"

#include <string.h>


#if defined(__AVX512F__)
#include <immintrin.h>
#endif

/* to [32][wide / pair] = the rows, padded with zeros. */
void pack_rows(const Rows *from, int64_t pair, unit *to, int64_t wide) {
    const int64_t units = wide / pair, bytes = from->width * (from->narrow ? 2 : 4);
    if (from->count < BLOCK || wide > from->width) memset(to, 0, (size_t)(BLOCK * units) * sizeof(unit));
    for (int64_t row = 0; row < from->count; row++) {
        const char *numbers = from->start + row * from->stride;
        if (from->narrow && pair == 1)
            for (int64_t i = 0; i < from->width; i++)
                ((float *)to)[row * units + i] = from_bf16(((const half *)numbers)[i]);
        else
            memcpy(to + row * units, numbers, (size_t)bytes);
    }
}

/* to = panels of 32 columns, [32 / pair][32] each; a unit is what stands below each other in `pair` rows. */
void join_rows(const unit *from, int64_t wide, int64_t pair, unit *to, int64_t panel) {
    const int64_t units = wide / pair;
    for (int64_t first = 0; first < wide; first += BLOCK, to += panel)
        for (int64_t u = 0; u < BLOCK / pair; u++) {
            if (pair == 1) {
                memcpy(to + u * BLOCK, from + u * units + first, BLOCK * sizeof(unit));
                continue;
            }
            const half *upper = (const half *)(from + 2 * u * units) + first, *lower = upper + wide;
            for (int64_t i = 0; i < BLOCK; i++) to[u * BLOCK + i] = (unit)upper[i] | (unit)lower[i] << 16;
        }
}

#if defined(__AVX512F__)
/* to_ji = from_ij for 16 × 16 units, in four rounds that swap ever larger parts. */
static inline void turn_corner(const unit *from, int64_t from_stride, unit *to, int64_t to_stride) {
    __m512i a[16], b[16];
    for (int i = 0; i < 16; i++) a[i] = _mm512_loadu_si512(from + i * from_stride);
    for (int i = 0; i < 16; i += 2) {
        b[i] = _mm512_unpacklo_epi32(a[i], a[i + 1]);
        b[i + 1] = _mm512_unpackhi_epi32(a[i], a[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        a[i] = _mm512_unpacklo_epi64(b[i], b[i + 2]);
        a[i + 1] = _mm512_unpackhi_epi64(b[i], b[i + 2]);
        a[i + 2] = _mm512_unpacklo_epi64(b[i + 1], b[i + 3]);
        a[i + 3] = _mm512_unpackhi_epi64(b[i + 1], b[i + 3]);
    }
    for (int i = 0; i < 4; i++)
        for (int half_way = 0; half_way < 16; half_way += 8) {
            b[half_way + i] = _mm512_shuffle_i32x4(a[half_way + i], a[half_way + i + 4], 0x88);
            b[half_way + i + 4] = _mm512_shuffle_i32x4(a[half_way + i], a[half_way + i + 4], 0xdd);
        }
    for (int i = 0; i < 8; i++) {
        _mm512_storeu_si512(to + i * to_stride, _mm512_shuffle_i32x4(b[i], b[i + 8], 0x88));
        _mm512_storeu_si512(to + (i + 8) * to_stride, _mm512_shuffle_i32x4(b[i], b[i + 8], 0xdd));
    }
}
#else
/* to_ji = from_ij for 16 × 16 units. */
static inline void turn_corner(const unit *from, int64_t from_stride, unit *to, int64_t to_stride) {
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 16; j++) to[j * to_stride + i] = from[i * from_stride + j];
}
#endif

/* to [columns][rows] = the transposed of from [rows][columns], both multiples of 16. */
void turn(Left from, int64_t rows, int64_t columns, unit *to, int64_t stride) {
    for (int64_t i = 0; i < rows; i += 16)
        for (int64_t j = 0; j < columns; j += 16)
            turn_corner(from.start + i * from.stride + j, from.stride, to + j * stride + i, stride);
}

static void keep_row(const float *from, float factor, int64_t width, half *to) {
    int64_t i = 0;
#if defined(__AVX512BF16__)
    for (const __m512 times = _mm512_set1_ps(factor); i + 16 <= width; i += 16)
        _mm256_storeu_si256((__m256i *)(to + i),
                            (__m256i)_mm512_cvtneps_pbh(_mm512_mul_ps(_mm512_loadu_ps(from + i), times)));
#endif
    for (; i < width; i++) to[i] = to_bf16(factor * from[i]);
}

/* The rows in memory = 32 rows of sums, each times a factor of its own. */
void keep_rows(const float *from, int64_t stride, const float *factors, const Rows *to) {
    for (int64_t row = 0; row < to->count; row++) {
        const float *numbers = from + row * stride;
        const float factor = factors[row];
        char *kept = to->start + row * to->stride;
        if (to->narrow)
            keep_row(numbers, factor, to->width, (half *)kept);
        else
            for (int64_t i = 0; i < to->width; i++) ((float *)kept)[i] = factor * numbers[i];
    }
}

/* Σ a ∘ b along each of 32 packed rows. */
void dot_rows(const unit *a, const unit *b, int64_t units, int64_t pair, float *dots) {
    for (int64_t row = 0; row < BLOCK; row++, a += units, b += units) {
        float sum = 0;
#if defined(__AVX512BF16__)
        if (pair == 2) {
            __m512 sums = _mm512_setzero_ps();
            for (int64_t i = 0; i < units; i += 16)
                sums = _mm512_dpbf16_ps(sums, (__m512bh)_mm512_loadu_si512(a + i), (__m512bh)_mm512_loadu_si512(b + i));
            dots[row] = _mm512_reduce_add_ps(sums);
            continue;
        }
#endif
        (void)pair;
#pragma omp simd reduction(+ : sum)
        for (int64_t i = 0; i < units; i++) sum += ((const float *)a)[i] * ((const float *)b)[i];
        dots[row] = sum;
    }
}

/* Packing: rows of bf16 or fp32 in memory, and sums, become factors of products; sums become rows again. */
#include "attention.h"

#include <math.h>
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

#if defined(__AVX512BF16__)
/* Two rows of 16 numbers, one number of each in turn. */
static const uint16_t by_turns[32] = {0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
                                      8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
#endif

/* 32 rows of sums as a left factor: what they are, or packed into `room`. */
Left pack_scores(const float *from, int64_t columns, int64_t pair, unit *room) {
#if defined(__AVX512BF16__)
    if (pair == 2) {
        for (int64_t i = 0; i < BLOCK * columns; i += 32) {
            __m512bh both = _mm512_cvtne2ps_pbh(_mm512_loadu_ps(from + i + 16), _mm512_loadu_ps(from + i));
            _mm512_storeu_si512(room + i / 2, (__m512i)both);
        }
        return (Left){room, columns / 2};
    }
#endif
    (void)pair, (void)room;
    return (Left){(const unit *)from, columns};
}

/* to = panels as `join_rows` makes them, of 32 rows of sums. */
void join_scores(const float *from, int64_t columns, int64_t pair, unit *to, int64_t panel) {
#if defined(__AVX512BF16__)
    if (pair == 2) {
        const __m512i order = _mm512_loadu_si512(by_turns);
        for (int64_t first = 0; first < columns; first += 16)
            for (int64_t u = 0; u < BLOCK / 2; u++) {
                const float *upper = from + 2 * u * columns + first;
                __m512bh both = _mm512_cvtne2ps_pbh(_mm512_loadu_ps(upper + columns), _mm512_loadu_ps(upper));
                unit *at = to + first / BLOCK * panel + u * BLOCK + first % BLOCK;
                _mm512_storeu_si512(at, _mm512_permutexvar_epi16(order, (__m512i)both));
            }
        return;
    }
#endif
    join_rows((const unit *)from, columns, pair, to, panel);
}

/* The rows in memory = factor · 32 rows of sums. */
void keep_rows(const float *from, int64_t stride, float factor, const Rows *to) {
    for (int64_t row = 0; row < to->count; row++) {
        const float *numbers = from + row * stride;
        char *kept = to->start + row * to->stride;
        if (to->narrow)
            for (int64_t i = 0; i < to->width; i++) ((half *)kept)[i] = to_bf16(factor * numbers[i]);
        else
            for (int64_t i = 0; i < to->width; i++) ((float *)kept)[i] = factor * numbers[i];
    }
}

/* Compilers would put the parts of such a sum together one by one. */
#if defined(__AVX512F__)
float greatest(const float *numbers, int64_t count) {
    __m512 greatest = _mm512_set1_ps(-INFINITY);
    for (int64_t i = 0; i < count; i += 16) greatest = _mm512_max_ps(_mm512_loadu_ps(numbers + i), greatest);
    return _mm512_reduce_max_ps(greatest);
}

float sum_of(const float *numbers, int64_t count) {
    __m512 sum = _mm512_setzero_ps();
    for (int64_t i = 0; i < count; i += 16) sum = _mm512_add_ps(_mm512_loadu_ps(numbers + i), sum);
    return _mm512_reduce_add_ps(sum);
}
#else
float greatest(const float *numbers, int64_t count) {
    float greatest = -INFINITY;
#pragma omp simd reduction(max : greatest)
    for (int64_t i = 0; i < count; i++) greatest = numbers[i] > greatest ? numbers[i] : greatest;
    return greatest;
}

float sum_of(const float *numbers, int64_t count) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < count; i++) sum += numbers[i];
    return sum;
}
#endif

/* Σ a ∘ b along one row. */
float dot_row(const Rows *a, const Rows *b, int64_t row) {
    const char *left = a->start + row * a->stride, *right = b->start + row * b->stride;
    float sum = 0;
    if (a->narrow)
#pragma omp simd reduction(+ : sum)
        for (int64_t i = 0; i < a->width; i++)
            sum += from_bf16(((const half *)left)[i]) * from_bf16(((const half *)right)[i]);
    else
#pragma omp simd reduction(+ : sum)
        for (int64_t i = 0; i < a->width; i++) sum += ((const float *)left)[i] * ((const float *)right)[i];
    return sum;
}

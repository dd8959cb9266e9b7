/* Rows of a weight times one vector of fp32, whatever the weight is held in.
 *
 * Numbers come from memory, and are few for each: several rows that lie far apart are read at a time, each asked for
 * some way ahead, which brings them half as fast again as one after the other. */
#pragma once

#include "lanes.h"
#include "token.h"

enum { STREAMS = 4, AHEAD_BYTES = 2048 };

typedef int32_t Signed __attribute__((vector_size(4 * LANES)));

static inline lanes load_fp32(const float *from) {
    lanes numbers;
    memcpy(&numbers, from, sizeof numbers);
    return numbers;
}

static inline lanes load_bf16(const bf16 *from) {
    halves numbers;
    memcpy(&numbers, from, sizeof numbers);
    return widen(numbers);
}

/* Compilers do not see by themselves that bytes are widened in one go. */
static inline words load_bytes(const uint8_t *from) {
#if defined(__AVX512F__)
    return (words)_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)from));
#elif defined(__AVX2__)
    return (words)_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)from));
#else
    words bytes;
    for (int64_t i = 0; i < LANES; i++) bytes[i] = from[i];
    return bytes;
#endif
}

static inline lanes load_int8(const int8_t *from) {
    Signed codes = (Signed)load_bytes((const uint8_t *)from) << 24 >> 24;
    return __builtin_convertvector(codes, lanes);
}

/* sums[s] = Σ row · x of `streams` rows, `apart` numbers from each other. */
#define DEFINE_DOTS(NAME, TYPE, LOAD, READ)                                                                     \
    static inline __attribute__((always_inline)) void NAME(const TYPE *row, int64_t apart, const float *x,      \
                                                           int64_t count, int64_t streams, float *sums) {       \
        lanes some[STREAMS] = {{0}};                                                                           \
        int64_t i = 0;                                                                                          \
        for (; i + LANES <= count; i += LANES) {                                                                \
            lanes numbers = load_fp32(x + i);                                                                  \
            for (int64_t s = 0; s < streams; s++) {                                                             \
                __builtin_prefetch((const char *)(row + s * apart + i) + AHEAD_BYTES, 0, 3);                    \
                some[s] += LOAD(row + s * apart + i) * numbers;                                                 \
            }                                                                                                   \
        }                                                                                                       \
        for (int64_t s = 0; s < streams; s++) sums[s] = sum_of(some[s]);                                        \
        for (; i < count; i++)                                                                                  \
            for (int64_t s = 0; s < streams; s++) sums[s] += READ(row[s * apart + i]) * x[i];                   \
    }

DEFINE_DOTS(dots_fp32, float, load_fp32, (float))
DEFINE_DOTS(dots_bf16, bf16, load_bf16, from_bf16)
DEFINE_DOTS(dots_int8, int8_t, load_int8, (float))

static inline float dot_fp32(const float *row, const float *x, int64_t count) {
    float sum;
    dots_fp32(row, 0, x, count, 1, &sum);
    return sum;
}

/* levels[code], [16], of some codes. */
static inline lanes look_up(const float *levels, words codes) {
#if defined(__AVX512F__)
    return (lanes)_mm512_permutexvar_ps((__m512i)codes, _mm512_loadu_ps(levels));
#elif defined(__AVX2__)
    __m256 low = _mm256_permutevar8x32_ps(_mm256_loadu_ps(levels), (__m256i)codes);
    __m256 high = _mm256_permutevar8x32_ps(_mm256_loadu_ps(levels + 8), (__m256i)codes);
    return (lanes)_mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32((__m256i)codes, 28)));
#else
    lanes found;
    for (int64_t i = 0; i < LANES; i++) found[i] = levels[codes[i]];
    return found;
#endif
}

/* What is multiplied with 4-bit codes: the numbers of even places, then those of odd ones. */
typedef struct {
    const float *even, *odd;
} Halved;

/* A stretch of some rows, whose `count` numbers share a scale in each: rows are `apart` bytes from each other, and their
 * scales `between`. */
typedef struct {
    const uint8_t *codes;
    const float *scales, *levels;
    int64_t apart, between, count;
    Halved x;
} Stretch;

/* some[s] += scale · Σ level · x */
static inline __attribute__((always_inline)) void add_stretch(const Stretch *stretch, int64_t streams, lanes *some) {
    const uint8_t *codes = stretch->codes;
    const float *levels = stretch->levels, *even = stretch->x.even, *odd = stretch->x.odd;
    int64_t i = 0, apart = stretch->apart, pairs = stretch->count / 2;
    lanes sums[STREAMS] = {{0}};
    for (; i + LANES <= pairs; i += LANES) {
        lanes first = load_fp32(even + i), second = load_fp32(odd + i);
        for (int64_t s = 0; s < streams; s++) {
            words pair = load_bytes(codes + s * apart + i);
            __builtin_prefetch(codes + s * apart + i + AHEAD_BYTES, 0, 3);
            sums[s] += look_up(levels, pair >> 4) * first;
            sums[s] += look_up(levels, pair & 15) * second;
        }
    }
    for (; i < pairs; i++)
        for (int64_t s = 0; s < streams; s++) {
            uint8_t pair = codes[s * apart + i];
            sums[s][0] += levels[pair >> 4] * even[i] + levels[pair & 15] * odd[i];
        }
    for (int64_t s = 0; s < streams; s++) some[s] += stretch->scales[s * stretch->between] * sums[s];
}

/* sums[s] = Σ row · x of `streams` rows, `apart` rows from each other, whose blocks begin at the same places. */
static inline __attribute__((always_inline)) void dots_bits4(const Weight *weight, int64_t row, int64_t apart, Halved x,
                                                             int64_t streams, float *sums) {
    lanes some[STREAMS] = {{0}};
    int64_t columns = weight->columns, size = weight->block, begin = row * columns, end = begin + columns;
    int64_t block = begin / size, stop = (block + 1) * size;
    Stretch stretch = {.levels = weight->levels, .apart = apart * columns / 2, .between = apart * columns / size};
    for (int64_t place = begin; place < end; place = stop, stop += size, block++) {
        if (stop > end) stop = end;
        stretch.codes = (const uint8_t *)weight->codes + place / 2;
        stretch.scales = weight->scales + block;
        stretch.count = stop - place;
        stretch.x = (Halved){x.even + (place - begin) / 2, x.odd + (place - begin) / 2};
        add_stretch(&stretch, streams, some);
    }
    for (int64_t s = 0; s < streams; s++) sums[s] = sum_of(some[s]);
}

/* sums[s] = rows `row` + s · `apart` of W x. */
static inline __attribute__((always_inline)) void dots(const Weight *weight, int64_t row, int64_t apart, const float *x,
                                                       Halved halved, int64_t streams, float *sums) {
    int64_t place = row * weight->stride, between = apart * weight->stride, columns = weight->columns;
    switch (weight->kind) {
    case FP32:
        dots_fp32((const float *)weight->codes + place, between, x, columns, streams, sums);
        break;
    case BF16:
        dots_bf16((const bf16 *)weight->codes + place, between, x, columns, streams, sums);
        break;
    case INT8:
        dots_int8((const int8_t *)weight->codes + place, between, x, columns, streams, sums);
        for (int64_t s = 0; s < streams; s++) sums[s] *= weight->scales[row + s * apart];
        break;
    default:
        dots_bits4(weight, row, apart, halved, streams, sums);
    }
}

/* out[0 … last − first) = rows first … last of W x. */
static void rows_times(const Weight *weight, const float *x, int64_t first, int64_t last, float *out) {
    int64_t half = weight->kind == BITS4 ? weight->columns / 2 : 0, apart = (last - first) / STREAMS;
    /* Rows that begin within a block are read by themselves. */
    if (half && weight->columns % weight->block) apart = 0;
    float even[half + 1], odd[half + 1];
    for (int64_t i = 0; i < half; i++) even[i] = x[2 * i], odd[i] = x[2 * i + 1];
    Halved halved = {even, odd};
    for (int64_t i = 0; i < apart; i++) {
        float sums[STREAMS];
        dots(weight, first + i, apart, x, halved, STREAMS, sums);
        for (int64_t s = 0; s < STREAMS; s++) out[i + s * apart] = sums[s];
    }
    for (int64_t i = STREAMS * apart; i < last - first; i++) dots(weight, first + i, 0, x, halved, 1, out + i);
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

/* Rows of a weight times a few vectors.
 *
 * Numbers come from memory, and are few for each: several rows that lie far apart are read at a time, each asked for
 * some way ahead, which brings them half as fast again as one after the other. What was read is multiplied with several
 * vectors. */
#include "rows.h"

#include "forms.h"

/* As many sums as registers hold: of more rows where there is one vector, since one sum waits for itself. */
enum { STREAMS = 4, MORE_STREAMS = 8, VECTORS = LANES == 16 ? 4 : 2, AHEAD_BYTES = 2048 };

#define INLINE static inline __attribute__((always_inline))

/* Of each vector and row. */
typedef lanes Lanes[VECTORS][MORE_STREAMS];
typedef float Sums[VECTORS][MORE_STREAMS];

/* Which rows: the first, how many, and how many rows are between two of them. */
typedef struct {
    int64_t row, streams, apart;
} Rows;

/* some += a step of `left` numbers of some rows, `apart` numbers from each other, times x. What is multiplied with pairs
 * holds the numbers of even places, then those of odd ones, each half of the stride. */
INLINE void step_fp32(const float *row, int64_t apart, Vectors x, int64_t left, int64_t streams, Lanes some) {
    for (int64_t s = 0; s < streams; s++) {
        __builtin_prefetch((const char *)(row + s * apart) + AHEAD_BYTES, 0, 3);
        lanes numbers = take_fp32(row + s * apart, left, 0);
        for (int64_t v = 0; v < x.count; v++) some[v][s] += numbers * take_fp32(x.numbers + v * x.stride, left, 0);
    }
}

INLINE void step_int8(const int8_t *row, int64_t apart, Vectors x, int64_t left, int64_t streams, Lanes some) {
    for (int64_t s = 0; s < streams; s++) {
        __builtin_prefetch(row + s * apart + AHEAD_BYTES, 0, 3);
        lanes numbers = take_int8(row + s * apart, left);
        for (int64_t v = 0; v < x.count; v++) some[v][s] += numbers * take_fp32(x.numbers + v * x.stride, left, 0);
    }
}

INLINE void step_bf16(const bf16 *row, int64_t apart, Vectors x, int64_t left, int64_t streams, Lanes some) {
    for (int64_t s = 0; s < streams; s++) {
        __builtin_prefetch((const char *)(row + s * apart) + AHEAD_BYTES, 0, 3);
        words pairs = take_pairs(row + s * apart, left);
        for (int64_t v = 0; v < x.count; v++) {
            const float *even = x.numbers + v * x.stride, *odd = even + x.stride / 2;
            some[v][s] += first_of(pairs) * take_fp32(even, (left + 1) / 2, 0);
            some[v][s] += second_of(pairs) * take_fp32(odd, (left + 1) / 2, 0);
        }
    }
}

/* What is in all lanes of each of four, added in the order of sum_of. */
static inline void sum_four(const lanes *some, float *sums) {
#if defined(__AVX512F__)
    __m512 a = (__m512)some[0], b = (__m512)some[1], c = (__m512)some[2], d = (__m512)some[3];
    a = _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xee));
    c = _mm512_add_ps(_mm512_shuffle_f32x4(c, d, 0x44), _mm512_shuffle_f32x4(c, d, 0xee));
    a = _mm512_add_ps(_mm512_shuffle_f32x4(a, c, 0x88), _mm512_shuffle_f32x4(a, c, 0xdd));
    a = _mm512_add_ps(a, _mm512_permute_ps(a, 0x4e));
    a = _mm512_add_ps(a, _mm512_permute_ps(a, 0xb1));
    _mm_storeu_ps(sums, _mm512_castps512_ps128(_mm512_maskz_compress_ps(0x1111, a)));
#else
    for (int64_t i = 0; i < 4; i++) sums[i] = sum_of(some[i]);
#endif
}

INLINE void sum_up(Lanes some, int64_t vectors, int64_t streams, Sums sums) {
    for (int64_t v = 0; v < vectors; v++) {
        int64_t s = 0;
        for (; s + 4 <= streams; s += 4) sum_four(some[v] + s, sums[v] + s);
        for (; s < streams; s++) sums[v][s] = sum_of(some[v][s]);
    }
}

/* sums[v][s] = Σ row · x, in steps of so many numbers. */
#define DEFINE_DOTS(NAME, TYPE, NUMBERS)                                                                             \
    INLINE void dots_##NAME(const Weight *weight, Rows rows, Vectors x, Sums sums) {              \
        Lanes some = {{{0}}};                                                                                         \
        const TYPE *row = (const TYPE *)weight->codes + rows.row * weight->stride;                                   \
        int64_t left = weight->columns, apart = rows.apart * weight->stride;                                         \
        for (; left >= NUMBERS; left -= NUMBERS, row += NUMBERS, x.numbers += LANES)                                 \
            step_##NAME(row, apart, x, NUMBERS, rows.streams, some);                                                 \
        if (left) step_##NAME(row, apart, x, left, rows.streams, some);                                              \
        sum_up(some, x.count, rows.streams, sums);                                                                   \
    }

DEFINE_DOTS(fp32, float, LANES)
DEFINE_DOTS(int8, int8_t, LANES)
DEFINE_DOTS(bf16, bf16, 2 * LANES)

/* A step of `left` bytes, with two codes in each. */
INLINE void step_bits4(const uint8_t *row, int64_t apart, Vectors x, int64_t left, const Levels *levels,
                       int64_t streams, Lanes some) {
    for (int64_t s = 0; s < streams; s++) {
        __builtin_prefetch(row + s * apart + AHEAD_BYTES, 0, 3);
        words pairs = take_bytes(row + s * apart, left);
        lanes first = look_up(levels + s, pairs >> 4), second = look_up(levels + s, pairs);
        for (int64_t v = 0; v < x.count; v++) {
            const float *even = x.numbers + v * x.stride, *odd = even + x.stride / 2;
            some[v][s] += first * take_fp32(even, left, 0);
            some[v][s] += second * take_fp32(odd, left, 0);
        }
    }
}

/* The rows' blocks begin at the same places. */
INLINE void dots_bits4(const Weight *weight, Rows rows, Vectors x, Sums sums) {
    Lanes some = {{{0}}};
    int64_t columns = weight->columns, size = weight->block, apart = rows.apart * columns;
    int64_t place = rows.row * columns, end = place + columns, block = place / size;
    const uint8_t *row = (const uint8_t *)weight->codes + place / 2;
    for (; place < end; place = ++block * size) {
        Levels levels[MORE_STREAMS];
        for (int64_t s = 0; s < rows.streams; s++) levels[s] = levels_of(weight, block + s * (apart / size));
        int64_t stop = (block + 1) * size < end ? (block + 1) * size : end, left = (stop - place) / 2;
        for (; left >= LANES; left -= LANES, row += LANES, x.numbers += LANES)
            step_bits4(row, apart / 2, x, LANES, levels, rows.streams, some);
        if (left) step_bits4(row, apart / 2, x, left, levels, rows.streams, some);
        row += left, x.numbers += left;
    }
    sum_up(some, x.count, rows.streams, sums);
}

INLINE void dots(const Weight *weight, Rows rows, Vectors x, Sums sums) {
    switch (weight->kind) {
    case FP32:
        dots_fp32(weight, rows, x, sums);
        break;
    case BF16:
        dots_bf16(weight, rows, x, sums);
        break;
    case INT8:
        dots_int8(weight, rows, x, sums);
        for (int64_t v = 0; v < x.count; v++)
            for (int64_t s = 0; s < rows.streams; s++) sums[v][s] *= weight->scales[rows.row + s * rows.apart];
        break;
    default:
        dots_bits4(weight, rows, x, sums);
    }
}

INLINE void few_rows_times(const Weight *weight, Rows rows, Vectors x, Results out) {
    for (int64_t done = 0, count; done < x.count; done += count) {
        Sums sums;
        const float *numbers = x.numbers + done * x.stride;
        count = x.count - done < VECTORS ? x.count - done : VECTORS;
        /* Told as constants, they decide what stays in registers. */
        if (count == 1) dots(weight, rows, (Vectors){numbers, 1, x.stride}, sums);
        if (rows.streams <= STREAMS && count == 2) dots(weight, rows, (Vectors){numbers, 2, x.stride}, sums);
        if (rows.streams <= STREAMS && count == 3) dots(weight, rows, (Vectors){numbers, 3, x.stride}, sums);
        if (rows.streams <= STREAMS && count == 4) dots(weight, rows, (Vectors){numbers, 4, x.stride}, sums);
        for (int64_t v = 0; v < count; v++)
            for (int64_t s = 0; s < rows.streams; s++)
                out.numbers[(done + v) * out.stride + s * rows.apart] = sums[v][s];
    }
}

/* Rows `first` … last of W x, as many as go into streams of one length; the row after them. */
INLINE int64_t streams_times(const Weight *weight, Vectors x, int64_t streams, int64_t first, int64_t last, Results out) {
    int64_t apart = (last - first) / streams;
    for (int64_t i = 0; i < apart; i++)
        few_rows_times(weight, (Rows){first + i, streams, apart}, x, (Results){out.numbers + i, out.stride});
    return first + streams * apart;
}

/* The numbers of even places, then those of odd ones. */
static inline void halve(const float *x, int64_t columns, float *halved) {
    int64_t half = (columns + 1) / 2;
    for (int64_t i = 0; i < columns / 2; i++) halved[i] = x[2 * i], halved[half + i] = x[2 * i + 1];
    if (columns % 2) halved[half - 1] = x[columns - 1], halved[2 * half - 1] = 0;
}

void rows_times(const Weight *weight, Vectors x, int64_t first, int64_t last, Results out) {
    int64_t is_paired = weight->kind == BF16 || weight->kind == BITS4, row = first;
    int64_t width = is_paired ? (weight->columns + 1) / 2 * 2 : 0;
    float halved[width * x.count + 1];
    for (int64_t v = 0; is_paired && v < x.count; v++)
        halve(x.numbers + v * x.stride, weight->columns, halved + v * width);
    if (is_paired) x = (Vectors){halved, x.count, width};
    /* Rows that begin within a block are read by themselves. */
    if (weight->kind != BITS4 || weight->columns % weight->block == 0) {
        if (x.count == 1) row = streams_times(weight, x, MORE_STREAMS, row, last, out);
        row = streams_times(weight, x, STREAMS, row, last, (Results){out.numbers + row - first, out.stride});
    }
    streams_times(weight, x, 1, row, last, (Results){out.numbers + row - first, out.stride});
}

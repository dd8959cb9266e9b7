/* Codes of 4 or 8 bits made numbers, the same to the last bit as bitsandbytes makes them. */
#include <math.h>
#include <stdbool.h>

#include "coded.h"
#include "numbers.h"

#if defined(__AVX2__) || defined(__AVX512BF16__)
#include <immintrin.h>
#endif

enum { LEVELS = 16, SCALES = 256 };

/* Scales of a weight as fp32, those from `first` to before `last`. */
typedef struct {
    int64_t first, last;
    float values[SCALES];
} Scales;

/* Where a thread is within a weight: all before it is written. */
typedef struct {
    const Bits4 *weight;
    bool is_bf16;
    /* The next number, its block, and which of the block it is. */
    int64_t place, block, inside;
    Scales known;
} Reader;

/* Of scales that share one: nested_levels[code] · scale + offset. */
static void know_nested(const Bits4 *weight, int64_t first, int64_t count, float *restrict values) {
    const uint8_t *codes = (const uint8_t *)weight->scales + first;
    const float *levels = weight->nested_levels;
    float scale = weight->nested_scales[first / weight->nested_block], offset = weight->offset;
    for (int64_t i = 0; i < count; i++) values[i] = levels[codes[i]] * scale;
    /* Read from memory again, it is rounded twice, as it has to be: seen whole, it would become one operation. */
    __asm__ volatile("" ::: "memory");
    for (int64_t i = 0; i < count; i++) values[i] += offset;
}

/* What is NaN becomes the one NaN that survives rounding. */
static void know(const Bits4 *weight, int64_t block, Scales *some) {
    int64_t blocks = (weight->rows * weight->columns + weight->block - 1) / weight->block;
    int64_t size = weight->nested_levels && weight->nested_block < SCALES ? weight->nested_block : SCALES;
    int64_t first = block / size * size, count = blocks - first < size ? blocks - first : size;
    if (weight->nested_levels)
        know_nested(weight, first, count, some->values);
    else
        memcpy(some->values, (const float *)weight->scales + first, (size_t)count * sizeof(float));
    for (int64_t i = 0; i < count; i++) some->values[i] = isnan(some->values[i]) ? NAN : some->values[i];
    some->first = first, some->last = first + count;
}

static inline int64_t code_at(const uint8_t *codes, int64_t place) {
    return codes[place / 2] >> (place % 2 ? 0 : 4) & 15;
}

#ifdef __AVX512VBMI__
/* What the codes stand for in a block; bf16 stand in the upper halves, rounded as by to_bf16. */
static inline __m512i table_of(__m512 levels, float scale, bool is_bf16) {
    __m512i bits = _mm512_castps_si512(_mm512_mul_ps(levels, _mm512_set1_ps(scale)));
    __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    return is_bf16 ? _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff))) : bits;
}

/* 32 numbers: each word takes the bytes 4 · code + 2 and 4 · code + 3 of the table. */
static inline void look_up_bf16(const uint8_t *codes, __m512i table, bf16 *out) {
    const __m512i places = _mm512_set4_epi64(0x36363a3a2e2e3232, 0x26262a2a1e1e2222, 0x16161a1a0e0e1212,
                                             0x06060a0a3e3e0202);
    int64_t first, second;
    memcpy(&first, codes, sizeof first);
    memcpy(&second, codes + sizeof first, sizeof second);
    __m512i all = _mm512_mask_set1_epi64(_mm512_set1_epi64(first), 0xf0, second);
    __m512i shifted = _mm512_multishift_epi64_epi8(places, all);
    __m512i bytes = _mm512_ternarylogic_epi32(shifted, _mm512_set1_epi8(0x3c), _mm512_set1_epi16(0x0302), 0xea);
    _mm512_storeu_si512(out, _mm512_permutexvar_epi8(bytes, table));
}

/* 16 numbers. */
static inline void look_up_fp32(const uint8_t *codes, __m512i table, float *out) {
    __m512i pairs = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)codes));
    __m512i halves = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(4), pairs);
    _mm512_storeu_si512(out, _mm512_permutexvar_epi32(halves, table));
}

/* Whole blocks from the reader's place on, as many as there are before `limit` and known scales; how many numbers. */
static inline int64_t decode_blocks(const Reader *reader, int64_t limit, void *out) {
    const Bits4 *weight = reader->weight;
    int64_t size = weight->block, blocks = (limit - reader->place) / size;
    if (reader->inside || reader->place % 2 || size % 32) return 0;
    if (blocks > reader->known.last - reader->block) blocks = reader->known.last - reader->block;
    const uint8_t *codes = weight->codes + reader->place / 2;
    const float *scales = reader->known.values + reader->block - reader->known.first;
    __m512 levels = _mm512_loadu_ps(weight->levels);
    for (int64_t block = 0; block < blocks; block++) {
        __m512i table = table_of(levels, scales[block], reader->is_bf16);
        for (int64_t i = block * size; i < (block + 1) * size; i += 32) {
            if (reader->is_bf16) {
                look_up_bf16(codes + i / 2, table, (bf16 *)out + i);
            } else {
                look_up_fp32(codes + i / 2, table, (float *)out + i);
                look_up_fp32(codes + i / 2 + 8, table, (float *)out + i + 16);
            }
        }
    }
    return blocks * size;
}
#else
static inline int64_t decode_blocks(const Reader *reader, int64_t limit, void *out) {
    return (void)reader, (void)limit, (void)out, 0;
}
#endif

#ifdef __AVX2__
/* 8 numbers: a lane takes four bits of the four bytes, and looks among the lower or the upper 8 of the table. */
static inline void look_up_eight(const uint8_t *codes, const float *table, float *out) {
    int32_t four;
    memcpy(&four, codes, sizeof four);
    __m256i bits = _mm256_srlv_epi32(_mm256_set1_epi32(four), _mm256_setr_epi32(4, 0, 12, 8, 20, 16, 28, 24));
    __m256 lower = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table), bits);
    __m256 upper = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 8), bits);
    _mm256_storeu_ps(out, _mm256_blendv_ps(lower, upper, _mm256_castsi256_ps(_mm256_slli_epi32(bits, 28))));
}
#endif

static inline void look_up_each(const uint8_t *codes, const float *table, int64_t start, int64_t count, float *out) {
    int64_t i = 0;
#ifdef __AVX2__
    for (; start % 2 == 0 && i + 8 <= count; i += 8) look_up_eight(codes + (start + i) / 2, table, out + i);
#endif
    for (; i < count; i++) out[i] = table[code_at(codes, start + i)];
}

/* What is left of the reader's block before `limit`; how many numbers. */
static inline int64_t decode_rest(const Reader *reader, int64_t limit, void *out) {
    const Bits4 *weight = reader->weight;
    int64_t count = weight->block - reader->inside, start = reader->place;
    if (count > limit - start) count = limit - start;
    float table[LEVELS], scale = reader->known.values[reader->block - reader->known.first];
    for (int64_t code = 0; code < LEVELS; code++) table[code] = weight->levels[code] * scale;
    if (reader->is_bf16) {
        bf16 rounded[LEVELS];
        for (int64_t code = 0; code < LEVELS; code++) rounded[code] = to_bf16(table[code]);
        for (int64_t i = 0; i < count; i++) ((bf16 *)out)[i] = rounded[code_at(weight->codes, start + i)];
    } else {
        look_up_each(weight->codes, table, start, count, out);
    }
    return count;
}

/* Blocks go on from row to row, so that one may begin and end anywhere. */
static inline void decode_row(Reader *reader, void *out) {
    const Bits4 *weight = reader->weight;
    int64_t end = reader->place + weight->columns;
    while (reader->place < end) {
        if (reader->block >= reader->known.last) know(weight, reader->block, &reader->known);
        int64_t count = decode_blocks(reader, end, out);
        if (!count) count = decode_rest(reader, end, out);
        out = (char *)out + count * (reader->is_bf16 ? 2 : 4);
        reader->place += count, reader->inside += count;
        reader->block += reader->inside / weight->block, reader->inside %= weight->block;
    }
}

static void decode_rows(const Bits4 *weight, int64_t first, int64_t last, char *out, int64_t row_bytes, bool is_bf16) {
    int64_t place = first * weight->columns;
    Reader reader = {weight, is_bf16, place, place / weight->block, place % weight->block, {0, 0, {0}}};
    for (int64_t row = first; row < last; row++) decode_row(&reader, out + row * row_bytes);
}

/* out = levels[code] · scale, its rows `stride` numbers apart. */
void decode_bits4(const Bits4 *weight, void *out, int64_t stride, int64_t is_bf16, int64_t threads) {
#pragma omp parallel for schedule(static) num_threads((int)threads)
    for (int64_t part = 0; part < threads; part++) {
        int64_t first = weight->rows * part / threads, last = weight->rows * (part + 1) / threads;
        if (is_bf16)
            decode_rows(weight, first, last, out, stride * 2, true);
        else
            decode_rows(weight, first, last, out, stride * 4, false);
    }
}

static void scale_row(const int8_t *codes, float scale, int64_t columns, float *out) {
    for (int64_t i = 0; i < columns; i++) out[i] = (float)codes[i] * scale;
}

static void scale_row_bf16(const int8_t *codes, float scale, int64_t columns, bf16 *out) {
    int64_t i = 0;
#ifdef __AVX512BF16__
    for (; i + 32 <= columns; i += 32) {
        const __m128i *some = (const __m128i *)(codes + i);
        __m512 low = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(some)));
        __m512 high = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(some + 1)));
        low = _mm512_mul_ps(low, _mm512_set1_ps(scale)), high = _mm512_mul_ps(high, _mm512_set1_ps(scale));
        _mm512_storeu_si512(out + i, (__m512i)_mm512_cvtne2ps_pbh(high, low));
    }
#endif
    for (; i < columns; i++) out[i] = to_bf16((float)codes[i] * scale);
}

/* out = code · (scale / 127), as int8 weights are made plain. */
void decode_int8(const int8_t *codes, const float *scales, int64_t rows, int64_t columns, void *out, int64_t stride,
                 int64_t is_bf16, int64_t threads) {
#pragma omp parallel for schedule(static) num_threads((int)threads)
    for (int64_t row = 0; row < rows; row++) {
        float scale = scales[row] * (float)(1.0 / 127);
        if (is_bf16)
            scale_row_bf16(codes + row * columns, scale, columns, (bf16 *)out + row * stride);
        else
            scale_row(codes + row * columns, scale, columns, (float *)out + row * stride);
    }
}

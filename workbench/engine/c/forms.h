/* Weights as they come from memory, made numbers: pairs of bf16, codes of 8 bits, and codes of 4. */
#pragma once

#include "lanes.h"
#include "token_tables.h"

typedef int32_t Signed __attribute__((vector_size(4 * LANES)));

/* Compilers do not see by themselves that bytes are widened in one go. */
static inline words widen_bytes(const uint8_t *from) {
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

/* Those past what is left are zero. */
static inline words take_bytes(const uint8_t *from, int64_t left) {
    if (left >= LANES) return widen_bytes(from);
    uint8_t bytes[LANES] = {0};
    memcpy(bytes, from, (size_t)left);
    return widen_bytes(bytes);
}

static inline lanes take_int8(const int8_t *from, int64_t left) {
    Signed codes = (Signed)take_bytes((const uint8_t *)from, left) << 24 >> 24;
    return __builtin_convertvector(codes, lanes);
}

/* Two bf16 a word; those past what is left are zero. */
static inline words take_pairs(const bf16 *from, int64_t left) {
    words pairs = {0};
    if (left >= 2 * LANES)
        memcpy(&pairs, from, sizeof pairs);
    else
        memcpy(&pairs, from, (size_t)left * sizeof *from);
    return pairs;
}

static inline lanes first_of(words pairs) { return (lanes)(pairs << 16); }

static inline lanes second_of(words pairs) { return (lanes)(pairs & 0xffff0000); }

/* What the 16 codes stand for in a block. */
typedef struct {
    lanes parts[16 / LANES];
} Levels;

static inline Levels levels_of(const Weight *weight, int64_t block) {
    Levels found;
    for (int64_t i = 0; i < 16 / LANES; i++)
        found.parts[i] = take_fp32(weight->levels + i * LANES, LANES, 0) * weight->scales[block];
    return found;
}

/* By the lowest four bits of each. */
static inline lanes look_up(const Levels *levels, words codes) {
#if defined(__AVX512F__)
    return (lanes)_mm512_permutexvar_ps((__m512i)codes, (__m512)levels->parts[0]);
#elif defined(__AVX2__)
    __m256 low = _mm256_permutevar8x32_ps((__m256)levels->parts[0], (__m256i)codes);
    __m256 high = _mm256_permutevar8x32_ps((__m256)levels->parts[1], (__m256i)codes);
    return (lanes)_mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32((__m256i)codes, 28)));
#else
    lanes found;
    for (int64_t i = 0; i < LANES; i++) found[i] = levels->parts[codes[i] % 16 / LANES][codes[i] % LANES];
    return found;
#endif
}

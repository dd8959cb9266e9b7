/* What the passes over a matrix share. They exist for bf16 and fp32, from one source: see `passes.c`. */
#pragma once

#include <math.h>
#include <stdint.h>

#include "numbers.h"

/* Number j in group g of token i is start[i · token + g · group + j]. */
typedef struct {
    void *start;
    int64_t token, group;
} Grouped;

/* Number j of token i is start[i · token + j]. */
typedef struct {
    float *start;
    int64_t token;
} Floats;

typedef struct {
    const float *weight;
    float epsilon;
} Norm;

typedef struct {
    int64_t tokens, groups, width, threads;
} Extent;

enum { SILU = 0, GELU_TANH = 1 };

/* Of independent comparisons; of what is looked at in one go. */
enum { LANES = 64, PART = 2048 };

/* Below so many numbers a second thread is not worth waking. */
enum { FEWEST_A_TEAM = 8192 };

static inline int64_t team(Extent extent) {
    return extent.tokens * extent.groups * extent.width < FEWEST_A_TEAM ? 1 : extent.threads;
}

/* Each thread takes a part of the tokens; no result follows from more than one token. */
#define EACH_TOKEN(i, extent)                                                  \
    _Pragma("omp parallel for schedule(static) num_threads((int)team(extent))") \
    for (int64_t i = 0; i < (extent).tokens; i++)

#define ROW(matrix, i, g) ((NUMBER *)(matrix).start + (i) * (matrix).token + (g) * (matrix).group)

/* 1 / (1 + e^−x) */
static inline float sigmoid(float x) { return 1 / (1 + exponential(-x)); }

/* u, with which both activations are f = gate · σ(u): ½ (1 + tanh a) is σ(2a). */
static inline float inner(float gate, int activation) {
    return activation == SILU ? gate : 1.5957691216f * gate * (1 + 0.044715f * gate * gate);
}

/* u' */
static inline float slope(float gate, int activation) {
    return activation == SILU ? 1 : 1.5957691216f * (1 + 0.134145f * gate * gate);
}

/* The hash lowbias32 (Wellons 2018), with a key before its second round. */
static inline uint32_t mixed(uint32_t bits, uint32_t key) {
    bits ^= bits >> 16;
    bits = bits * 0x7feb352d ^ key;
    bits ^= bits >> 15;
    bits *= 0x846ca68b;
    return bits ^ bits >> 16;
}

/* Which numbers dropout keeps: those whose hash of seed, token and column, in 24 bits, is below `kept`. */
typedef struct {
    uint64_t seed;
    uint32_t kept;
    float factor;
} Draw;

static inline uint32_t key_of(Draw draw, int64_t token) {
    uint32_t key = mixed(mixed((uint32_t)(draw.seed >> 32), 0) + (uint32_t)draw.seed, 0);
    return mixed(key + (uint32_t)token, 0);
}

static inline int keeps(Draw draw, uint32_t key, int64_t column) {
    return mixed(key + (uint32_t)column, key * 0x9e3779b9) >> 8 < draw.kept;
}

/* What the passes over a matrix share. They exist for bf16 and fp32, from one source: see `passes.c`. */
#pragma once

#include <math.h>

#include "lanes.h"

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

/* Logits from which a row's greatest is guessed. */
enum { FIRST_FEW = 1024 };

enum { SILU = 0, GELU_TANH = 1 };

/* Below so many numbers a second thread is not worth waking. */
enum { FEWEST_A_TEAM = 32768 };

static inline int team(Extent extent) {
    return extent.tokens * extent.groups * extent.width < FEWEST_A_TEAM ? 1 : (int)extent.threads;
}

/* Each thread takes a part of the tokens; no number of a result follows from more than one token. */
#define EACH_TOKEN(i, extent)                                               \
    _Pragma("omp parallel for schedule(static) num_threads(team(extent))") \
    for (int64_t i = 0; i < (extent).tokens; i++)

#define EACH_STEP(j, width) for (int64_t j = 0; j < (width); j += LANES)

#define ROW(matrix, i, g) ((NUMBER *)(matrix).start + (i) * (matrix).token + (g) * (matrix).group)

/* Ask for a part of a row that is changed soon. */
static inline void expect(const void *part, int64_t bytes) {
    for (int64_t byte = 0; byte < bytes; byte += 64) __builtin_prefetch((const char *)part + byte, 1);
}

/* 1 / (1 + e^−x) */
static inline lanes sigmoid(lanes x) { return 1 / (1 + exponentials(-x)); }

/* u, with which both activations are f = gate · σ(u): ½ (1 + tanh a) is σ(2a). */
static inline lanes inner(lanes gate, int activation) {
    return activation == SILU ? gate : 1.5957691216f * gate * (1 + 0.044715f * gate * gate);
}

/* u' */
static inline lanes slope(lanes gate, int activation) {
    return activation == SILU ? all(1) : 1.5957691216f * (1 + 0.134145f * gate * gate);
}

/* The hash lowbias32 (Wellons 2018), with a key before its second round. */
static inline words mixed(words bits, words key) {
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

/* Of one token. */
typedef struct {
    words first, second;
} Keys;

static inline Keys keys_of(Draw draw, int64_t token) {
    const words none = {0};
    words key = mixed(mixed(none + (uint32_t)(draw.seed >> 32), none) + (uint32_t)draw.seed, none);
    key = mixed(key + (uint32_t)token, none);
    return (Keys){key, key * 0x9e3779b9};
}

/* `numbers` from a column on, times `factor` where they are kept, else 0. */
static inline lanes kept(lanes numbers, Draw draw, Keys keys, int64_t column) {
    words bits = mixed(keys.first + (uint32_t)column + lane_numbers(), keys.second) >> 8;
    return (lanes)((words)(draw.factor * numbers) & (words)(bits < draw.kept));
}

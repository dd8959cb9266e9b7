/* What the files of attention share: matrices in memory, and the packed forms of them that are multiplied.
 *
 * Packed numbers lie in units of 32 bits: one fp32, or a pair of bf16 that stand side by side in what is summed over.
 * Both kinds are packed, transposed and walked through in the same way; only the innermost product tells them apart.
 * Everything packed is padded with zeros to blocks of 32 rows and 32 columns. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "numbers.h"

/* Names of this library's inside only: others in the process may have the same. */
#pragma GCC visibility push(hidden)

enum {
    BLOCK = 32,
    /* Keys that are looked at in one go, forward and backward: what is made of them stays in the nearest cache. */
    FORWARD_KEYS = 256,
    BACKWARD_KEYS = 128,
};

typedef uint32_t __attribute__((may_alias)) unit;
typedef uint16_t __attribute__((may_alias)) half;

/* How products are computed: with fp32 (WHOLE), or pairs of bf16 by vectors (PAIRS) or by matrix tiles (TILES). */
enum { WHOLE = 0, PAIRS = 1, TILES = 2 };

/* Rows of bf16 (narrow) or fp32 numbers, `stride` numbers apart. */
typedef struct {
    void *start;
    int64_t stride;
} Matrix;

typedef struct {
    Matrix q, k, v, out, grad_out, grad_q, grad_k, grad_v;
    float *log_sums;
    int64_t log_stride;
    const int64_t *starts;
    int64_t examples, query, key_value, width, window;
    /* Keys that stand before the first query. */
    int64_t before;
    char *room;
    float scale;
    int32_t narrow, way, threads;
} Attention;

/* A left factor [rows][units], rows `stride` units apart. */
typedef struct {
    const unit *start;
    int64_t stride;
} Left;

/* A right factor in panels of 32 columns, [units][32] each, `panel` units apart. */
typedef struct {
    const unit *start;
    int64_t panel;
} Right;

/* A sum of products in panels of 32 columns. `onto` adds to what is there. */
typedef struct {
    float *start;
    int64_t row, panel;
    bool onto;
} Sums;

/* Multiples of 32, and of 16 the units. */
typedef struct {
    int64_t rows, columns, units;
} Extent;

/* sums (+)= left · right. */
typedef void Multiply(Extent extent, Left left, Right right, Sums sums);

Multiply *multiply_by(int way);
void begin_products(int way);
void end_products(int way);

static inline int64_t padded(int64_t count) { return (count + BLOCK - 1) / BLOCK * BLOCK; }

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

/* Up to 32 rows of one head in memory; rows past `count` and columns past `width` are zeros to whoever packs them. */
typedef struct {
    char *start;
    int64_t stride, count, width;
    bool narrow;
} Rows;

void pack_rows(const Rows *from, int64_t pair, unit *to, int64_t wide);
void join_rows(const unit *from, int64_t wide, int64_t pair, unit *to, int64_t panel);
void turn(Left from, int64_t rows, int64_t columns, unit *to, int64_t stride);
void keep_rows(const float *from, int64_t stride, const float *factors, const Rows *to);
void dot_rows(const unit *a, const unit *b, int64_t units, int64_t pair, float *dots);

/* Scores [32][count] that become weights 2^(S · factor − top), and the sum of each row. Whole units stay where they
 * are, and `weights` is null; pairs are packed there. */
typedef struct {
    float *scores, *sum;
    const float *top;
    int64_t count;
    float factor;
    unit *weights;
} Weighing;

/* Scores and the gradient of weights [32][count] that become P = 2^(S · factor − log_sum) and dS = P ∘ (it − shift) of
 * one head: right factors, and dS a left one, which is null for whole units: they stay where they are. */
typedef struct {
    const float *scores, *log_sums, *shifts;
    float *grad_weights;
    int64_t count, panel;
    float factor;
    unit *weights, *grad_scores, *left;
} BackWeighing;

void find_greatest(const float *numbers, int64_t count, float *greatest);
Left weigh(const Weighing *job);
Left weigh_back(const BackWeighing *job);

/* Where a walk through all examples, in each the heads of keys, stands. */
typedef struct {
    const Attention *job;
    int64_t example, head, cost, total;
} Walk;

/* Numbers from `first` to before `last`. */
typedef struct {
    int64_t first, last;
} Range;

Walk begin_walk(const Attention *job);
bool at_end(const Walk *walk);
void next_head(Walk *walk);
int64_t queries_of(const Walk *walk);
int64_t blocks_of(const Walk *walk);
Range own_blocks(const Walk *walk, int64_t thread);
Range threads_of(const Walk *walk);
Range seen_by(const Attention *job, Range queries);
int64_t longest(const Attention *job);
Rows rows_of(const Attention *job, Matrix matrix, int64_t head, Range rows);
void hide(const Attention *job, int64_t query, Range keys, float *scores);
void *take(uintptr_t *room, int64_t count);

/* 2^x by a polynomial of degree 5 around the nearest whole number, within 1e-7; for x < 127. Below 2^−126 zero. */
static inline float two_to(float x) {
    const float shift = 0x1.8p23f; /* Added, it leaves round(x) in the lowest bits. */
    float within = x < -126.0f ? -126.0f : x, shifted = within + shift, r = within - (shifted - shift);
    float p = 1.326472765e-3f;
    p = p * r + 9.671512677e-3f;
    p = p * r + 5.550733742e-2f;
    p = p * r + 2.402224208e-1f;
    p = p * r + 6.931469776e-1f;
    p = p * r + 1;
    float power = float_of(bits_of(p) + (bits_of(shifted) << 23));
    return x < -126.0f ? 0 : power;
}

#pragma GCC visibility pop

/* What is called from outside. `attention_way` is the best way that this machine has to compute products. */
int attention_way(void);
int64_t attention_forward_room(const Attention *job);
void attention_forward(const Attention *job);
int64_t attention_backward_room(const Attention *job);
void attention_backward(const Attention *job);

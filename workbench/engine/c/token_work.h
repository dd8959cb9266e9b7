/* What the files of tokens share: the threads that pass some texts' tokens through a decoder, and how they share work.
 *
 * All that passes through is fp32, whatever the weights are. Each number is summed by one thread in one order, so
 * results are the same for any number of threads, and for any texts beside. */
#pragma once

#include <math.h>
#include <stdatomic.h>

#include "numbers.h"
#include "rows.h"

/* Names of this library's inside only: others in the process may have the same. */
#pragma GCC visibility push(hidden)

/* Where threads wait for each other. To wait in the kernel would cost more than what is waited for. */
typedef struct {
    _Atomic int64_t there, turn;
} Gate;

typedef struct {
    const Model *model;
    const Text *const *texts;
    int64_t count;
    Gate *gate;
    int64_t thread, threads;
    /* Of this thread alone: the normed tokens, then what is needed for a moment. */
    float *normed, *scratch;
} Worker;

typedef struct {
    int64_t first, last;
} Share;

/* The part of `count` that is this thread's. */
static inline Share share(const Worker *worker, int64_t count) {
    return (Share){count * worker->thread / worker->threads, count * (worker->thread + 1) / worker->threads};
}

/* What of it lies in the `count` from `first` on. */
static inline Share within(Share outer, int64_t first, int64_t count) {
    int64_t from = outer.first > first ? outer.first : first;
    int64_t to = outer.last < first + count ? outer.last : first + count;
    return (Share){from, to > from ? to : from};
}

static inline float number(const void *numbers, int64_t place, int64_t held) {
    return held == BF16 ? from_bf16(((const bf16 *)numbers)[place]) : ((const float *)numbers)[place];
}

/* out = x · weight / √(mean(x²) + epsilon) (Zhang and Sennrich 2019, arXiv:1910.07467, eq. 4); may be done in place. */
void norm_numbers(const float *x, const float *weight, double epsilon, int64_t width, float *out);

void meet(const Worker *worker);

/* Which of a layer's products is meant, and what each text's token is there, `width` numbers. */
typedef struct {
    int64_t layer, product, width;
    const float *x;
} Entry;

/* What all texts' updates add is prepared, by all threads; without updates, nothing is done. */
void go_down(const Worker *worker, Entry entry);

/* Some rows of W x + bias + Σ scale · B A x, of each text. */
void go_up(const Worker *worker, Entry entry, Share rows, Results out);

/* Queries and keys are normed and turned; keys and values are kept in the texts' memories. */
void place_heads(const Worker *worker, int64_t layer);

/* softmax(scale · q kᵀ) v for some heads (Vaswani et al. 2017, arXiv:1706.03762, eq. 1). */
void attend(const Worker *worker, int64_t layer);

#pragma GCC visibility pop

/* Attention forward, a block of 32 queries and 256 keys at a time (Dao et al. 2022, arXiv:2205.14135, algorithm 1). */
#include <math.h>
#include <stddef.h>

#include "attention.h"

/* What a thread works on: packed keys and values of one head, and what becomes of one block of queries. */
typedef struct {
    const Attention *job;
    Multiply *multiply;
    int64_t wide, pair, keys;
    /* Keys that are packed: those of these rows. */
    Range packed;
    /* Whether `out` holds something. */
    bool begun;
    /* kᵀ, panels [wide / pair][32] of 32 keys; v, panels [keys / pair][32] of 32 columns. */
    unit *turned_keys, *joined_values;
    /* q and exp(S − top), left factors. */
    unit *queries, *weights;
    /* S [32][keys], out [32][wide]; the greatest score so far, in powers of two, and Σ 2^(S − top). */
    float *scores, *out, *top, *sum;
} Desk;

static Desk desk_at(const Attention *job, uintptr_t *room) {
    Desk desk = {.job = job, .multiply = multiply_by(job->narrow ? job->way : WHOLE)};
    desk.pair = job->narrow && job->way != WHOLE ? 2 : 1;
    desk.wide = padded(job->width);
    desk.keys = longest(job);
    desk.turned_keys = take(room, desk.keys * desk.wide / desk.pair);
    desk.joined_values = take(room, desk.keys * desk.wide / desk.pair);
    desk.queries = take(room, BLOCK * desk.wide / desk.pair);
    desk.weights = take(room, BLOCK * FORWARD_KEYS / 2);
    desk.scores = take(room, BLOCK * FORWARD_KEYS);
    desk.out = take(room, BLOCK * desk.wide);
    desk.top = take(room, BLOCK);
    desk.sum = take(room, BLOCK);
    return desk;
}

/* Bytes that a call needs beside its matrices. */
int64_t attention_forward_room(const Attention *job) {
    uintptr_t room = 0;
    desk_at(job, &room);
    return (int64_t)room * job->threads;
}

static void pack_keys(Desk *desk, const Walk *walk, Range keys) {
    const Attention *job = desk->job;
    const int64_t units = desk->wide / desk->pair, start = job->starts[walk->example];
    const int64_t there = queries_of(walk) + job->before;
    unit *rows = desk->queries;
    for (int64_t key = most(keys.first, desk->packed.last); key < keys.last; key += BLOCK) {
        Range block = {start + key, start + least(there, key + BLOCK)};
        Rows from = rows_of(job, job->k, walk->head, block);
        pack_rows(&from, desk->pair, rows, desk->wide);
        turn((Left){rows, units}, BLOCK, units, desk->turned_keys + key * units, BLOCK);
        from = rows_of(job, job->v, walk->head, block);
        pack_rows(&from, desk->pair, rows, desk->wide);
        int64_t panel = desk->keys / desk->pair * BLOCK;
        join_rows(rows, desk->wide, desk->pair, desk->joined_values + key / desk->pair * BLOCK, panel);
    }
    desk->packed.last = keys.last;
}

/* top' = max(top, S), and what was summed so far times 2^(top − top'); returns 2^(S − top') as a left factor. */
static Left weigh_rows(Desk *desk, int64_t count) {
    const float factor = desk->job->scale * (float)M_LOG2E;
    float reached[BLOCK], sum[BLOCK], shrunk[BLOCK];
    find_greatest(desk->scores, count, reached);
    for (int i = 0; i < BLOCK; i++) {
        float top = reached[i] * factor > desk->top[i] ? reached[i] * factor : desk->top[i];
        shrunk[i] = two_to(desk->top[i] - top);
        desk->top[i] = top;
    }
    const Weighing job = {desk->scores, sum, desk->top, count, factor, desk->pair == 2 ? desk->weights : NULL};
    Left weights = weigh(&job);
    for (int i = 0; i < BLOCK; i++) desk->sum[i] = shrunk[i] * desk->sum[i] + sum[i];
    if (desk->begun)
        for (int64_t i = 0; i < BLOCK; i++)
            for (int64_t j = 0; j < desk->wide; j++) desk->out[i * desk->wide + j] *= shrunk[i];
    return weights;
}

/* S = q kᵀ, out += 2^(S − top) v for some of the keys. */
static void look_at(Desk *desk, int64_t query, Range keys) {
    const int64_t units = desk->wide / desk->pair, count = keys.last - keys.first;
    Right turned_keys = {desk->turned_keys + keys.first * units, BLOCK * units};
    Right values = {desk->joined_values + keys.first / desk->pair * BLOCK, desk->keys / desk->pair * BLOCK};
    desk->multiply((Extent){BLOCK, count, units}, (Left){desk->queries, units}, turned_keys,
                   (Sums){desk->scores, count, BLOCK, false});
    hide(desk->job, query, keys, desk->scores);
    Left weights = weigh_rows(desk, count);
    desk->multiply((Extent){BLOCK, desk->wide, count / desk->pair}, weights, values,
                   (Sums){desk->out, desk->wide, BLOCK, desk->begun});
    desk->begun = true;
}

/* out / Σ, and log Σ exp(S · scale). */
static void keep(const Desk *desk, int64_t head, Range rows) {
    const Attention *job = desk->job;
    float factors[BLOCK];
    for (int64_t i = 0; i < BLOCK; i++) factors[i] = 1 / desk->sum[i];
    Rows to = rows_of(job, job->out, head, rows);
    keep_rows(desk->out, desk->wide, factors, &to);
    if (!job->log_sums) return;
    for (int64_t i = 0; i < rows.last - rows.first; i++)
        job->log_sums[(rows.first + i) * job->log_stride + head] =
            (desk->top[i] + log2f(desk->sum[i])) * (float)M_LN2;
}

static void attend(Desk *desk, const Walk *walk, int64_t head, Range queries) {
    const Attention *job = desk->job;
    const int64_t start = job->starts[walk->example];
    Range keys = seen_by(job, queries), rows = {start + queries.first, start + queries.last};
    pack_keys(desk, walk, keys);
    Rows from = rows_of(job, job->q, head, rows);
    pack_rows(&from, desk->pair, desk->queries, desk->wide);
    desk->begun = false;
    for (int64_t i = 0; i < BLOCK; i++) {
        desk->top[i] = -3e38f;
        desk->sum[i] = 0;
    }
    for (int64_t key = keys.first; key < keys.last; key += FORWARD_KEYS)
        look_at(desk, queries.first, (Range){key, least(keys.last, key + FORWARD_KEYS)});
    keep(desk, head, rows);
}

static void attend_head(Desk *desk, const Walk *walk, Range blocks) {
    const int64_t group = desk->job->query / desk->job->key_value;
    desk->packed = (Range){0, 0};
    for (int64_t block = blocks.first; block < blocks.last; block++)
        for (int64_t head = walk->head * group; head < (walk->head + 1) * group; head++)
            attend(desk, walk, head, (Range){block * BLOCK, least(queries_of(walk), (block + 1) * BLOCK)});
}

static void attend_share(const Attention *job, int64_t thread) {
    uintptr_t room = (uintptr_t)job->room + (uintptr_t)(thread * attention_forward_room(job) / job->threads);
    Desk desk = desk_at(job, &room);
    begin_products(job->way);
    for (Walk walk = begin_walk(job); !at_end(&walk); next_head(&walk)) {
        Range own = own_blocks(&walk, thread);
        if (own.first < own.last) attend_head(&desk, &walk, own);
    }
    end_products(job->way);
}

void attention_forward(const Attention *job) {
#pragma omp parallel for num_threads(job->threads) schedule(static, 1)
    for (int64_t thread = 0; thread < job->threads; thread++) attend_share(job, thread);
}

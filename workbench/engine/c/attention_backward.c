/* Attention backward, 32 queries of all heads that share keys at a time (Dao et al. 2022, arXiv:2205.14135, alg. 4).
 *
 * With P = exp(S · scale − L), g = grad_out and D = Σ g ∘ out along each row, for each head:
 *     dS = P ∘ (g vᵀ − D),   dq = scale · dS k,   dkᵀ = scale · Σ qᵀ dS,   dvᵀ = Σ gᵀ P,
 * the sums over blocks of queries and heads. So P and dS are right factors as they come, and need not be transposed.
 *
 * A thread sums dkᵀ and dvᵀ of a head of keys for itself. Where several threads share a head, each leaves its sums, and
 * when all are done, each puts those of some keys together, always in the same order. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "attention.h"

/* Sums of one head of keys: [wide][32] for each 32 keys. */
typedef struct {
    float *keys, *values;
} Gradients;

/* What a thread works on. A stack is 32 queries of each head that shares the keys, one head below the other. */
typedef struct {
    const Attention *job;
    Multiply *multiply;
    int64_t wide, pair, keys, group, packed;
    Gradients sums;
    /* kᵀ and vᵀ, panels [wide / pair][32] of 32 keys; k, panels [keys / pair][32] of 32 columns. */
    unit *turned_keys, *turned_values, *joined_keys;
    /* q and g, left factors: [32][wide / pair] for each head; and transposed, [wide][stack / pair]. */
    unit *queries, *grads, *turned_queries, *turned_grads, *joined;
    /* P and dS, panels [stack / pair][32] of 32 keys; dS of one head as a left factor. */
    unit *weights, *grad_scores, *left_grad_scores;
    /* S and g vᵀ [32][keys] of one head, dq [32][wide] of each, L · log2 e and D of each row of the stack. */
    float *scores, *grad_weights, *grad_queries, *log_sums, *shifts;
    float scales[BLOCK], ones[BLOCK];
} Desk;

static Desk desk_at(const Attention *job, uintptr_t *room) {
    Desk desk = {.job = job, .multiply = multiply_by(job->narrow ? job->way : WHOLE)};
    desk.pair = job->narrow && job->way != WHOLE ? 2 : 1;
    desk.wide = padded(job->width);
    desk.keys = longest(job);
    desk.group = job->query / job->key_value;
    const int64_t head = desk.keys * desk.wide / desk.pair, block = BLOCK * desk.wide / desk.pair;
    desk.turned_keys = take(room, head);
    desk.turned_values = take(room, head);
    desk.joined_keys = take(room, head);
    desk.queries = take(room, desk.group * block);
    desk.grads = take(room, desk.group * block);
    desk.turned_queries = take(room, desk.group * block);
    desk.turned_grads = take(room, desk.group * block);
    desk.joined = take(room, block);
    desk.weights = take(room, desk.group * BLOCK * BACKWARD_KEYS / desk.pair);
    desk.grad_scores = take(room, desk.group * BLOCK * BACKWARD_KEYS / desk.pair);
    desk.left_grad_scores = take(room, BLOCK * BACKWARD_KEYS);
    desk.scores = take(room, BLOCK * BACKWARD_KEYS);
    desk.grad_weights = take(room, BLOCK * BACKWARD_KEYS);
    desk.grad_queries = take(room, desk.group * BLOCK * desk.wide);
    desk.log_sums = take(room, desk.group * BLOCK);
    desk.shifts = take(room, desk.group * BLOCK);
    for (int i = 0; i < BLOCK; i++) {
        desk.scales[i] = job->scale;
        desk.ones[i] = 1;
    }
    return desk;
}

static int64_t desk_bytes(const Attention *job) {
    uintptr_t room = 0;
    desk_at(job, &room);
    return (int64_t)room;
}

/* Room for the sums of one head of keys. */
static int64_t gradient_numbers(const Attention *job) { return longest(job) * padded(job->width); }

/* Bytes that a call needs beside its matrices: a desk for each thread, and sums of two heads that it may share. */
int64_t attention_backward_room(const Attention *job) {
    return job->threads * (desk_bytes(job) + 4 * gradient_numbers(job) * (int64_t)sizeof(float));
}

/* Where a thread leaves its sums: of a head that began with another thread, or of one that begins with it. */
static Gradients gradients_at(const Attention *job, int64_t thread, bool begins) {
    const int64_t numbers = gradient_numbers(job);
    float *start = (float *)(job->room + job->threads * desk_bytes(job)) + (2 * thread + begins) * 2 * numbers;
    return (Gradients){start, start + numbers};
}

static void pack_keys(Desk *desk, const Walk *walk, Range keys) {
    const Attention *job = desk->job;
    const int64_t units = desk->wide / desk->pair, start = job->starts[walk->example];
    for (int64_t key = most(keys.first, desk->packed); key < keys.last; key += BLOCK) {
        Range block = {start + key, start + least(queries_of(walk), key + BLOCK)};
        Rows rows = rows_of(job, job->v, walk->head, block);
        pack_rows(&rows, desk->pair, desk->joined, desk->wide);
        turn((Left){desk->joined, units}, BLOCK, units, desk->turned_values + key * units, BLOCK);
        rows = rows_of(job, job->k, walk->head, block);
        pack_rows(&rows, desk->pair, desk->joined, desk->wide);
        turn((Left){desk->joined, units}, BLOCK, units, desk->turned_keys + key * units, BLOCK);
        int64_t panel = desk->keys / desk->pair * BLOCK;
        join_rows(desk->joined, desk->wide, desk->pair, desk->joined_keys + key / desk->pair * BLOCK, panel);
    }
    desk->packed = keys.last;
}

/* One head's rows of q or g, as they are and transposed. */
static void pack_stacked(Desk *desk, Rows rows, int64_t place, unit *left, unit *turned) {
    const int64_t units = desk->wide / desk->pair, below = BLOCK / desk->pair;
    unit *packed = left + place * BLOCK * units;
    pack_rows(&rows, desk->pair, packed, desk->wide);
    join_rows(packed, desk->wide, desk->pair, desk->joined, below * BLOCK);
    for (int64_t column = 0; column < desk->wide; column += BLOCK)
        turn((Left){desk->joined + column * below, BLOCK}, below, BLOCK,
             turned + column * desk->group * below + place * below, desk->group * below);
}

static void pack_stack(Desk *desk, const Walk *walk, Range rows) {
    const Attention *job = desk->job;
    const int64_t units = desk->wide / desk->pair;
    for (int64_t place = 0; place < desk->group; place++) {
        const int64_t head = walk->head * desk->group + place;
        pack_stacked(desk, rows_of(job, job->q, head, rows), place, desk->queries, desk->turned_queries);
        pack_stacked(desk, rows_of(job, job->grad_out, head, rows), place, desk->grads, desk->turned_grads);
        const Rows out = rows_of(job, job->out, head, rows);
        pack_rows(&out, desk->pair, desk->joined, desk->wide);
        dot_rows(desk->grads + place * BLOCK * units, desk->joined, units, desk->pair, desk->shifts + place * BLOCK);
        for (int64_t i = 0; i < BLOCK; i++) {
            const bool there = i < rows.last - rows.first;
            const float log_sum = there ? job->log_sums[(rows.first + i) * job->log_stride + head] : 0;
            desk->log_sums[place * BLOCK + i] = log_sum * (float)M_LOG2E;
        }
    }
}

/* S and g vᵀ of one head become P and dS; returns dS as a left factor. */
static Left weigh_rows(Desk *desk, int64_t place, int64_t count) {
    const int64_t below = place * BLOCK / desk->pair * BLOCK;
    const BackWeighing job = {
        .scores = desk->scores,
        .log_sums = desk->log_sums + place * BLOCK,
        .shifts = desk->shifts + place * BLOCK,
        .grad_weights = desk->grad_weights,
        .count = count,
        .panel = desk->group * BLOCK / desk->pair * BLOCK,
        .factor = desk->job->scale * (float)M_LOG2E,
        .weights = desk->weights + below,
        .grad_scores = desk->grad_scores + below,
        .left = desk->pair == 2 ? desk->left_grad_scores : NULL,
    };
    return weigh_back(&job);
}

/* P and dS of one head for some keys, and what they add to dq. */
static void look_at(Desk *desk, int64_t place, int64_t query, Range keys) {
    const int64_t units = desk->wide / desk->pair, count = keys.last - keys.first;
    const Extent extent = {BLOCK, count, units};
    const Sums scores = {desk->scores, count, BLOCK, false}, grad_weights = {desk->grad_weights, count, BLOCK, false};
    const Left queries = {desk->queries + place * BLOCK * units, units};
    const Left grads = {desk->grads + place * BLOCK * units, units};
    desk->multiply(extent, queries, (Right){desk->turned_keys + keys.first * units, BLOCK * units}, scores);
    desk->multiply(extent, grads, (Right){desk->turned_values + keys.first * units, BLOCK * units}, grad_weights);
    hide(desk->job, query, keys, desk->scores);
    Left grad_scores = weigh_rows(desk, place, count);
    Right joined_keys = {desk->joined_keys + keys.first / desk->pair * BLOCK, desk->keys / desk->pair * BLOCK};
    desk->multiply((Extent){BLOCK, desk->wide, count / desk->pair}, grad_scores, joined_keys,
                   (Sums){desk->grad_queries + place * BLOCK * desk->wide, desk->wide, BLOCK, true});
}

/* dkᵀ += qᵀ dS and dvᵀ += gᵀ P for the whole stack. */
static void add_up(Desk *desk, Range keys) {
    const int64_t stack = desk->group * BLOCK / desk->pair, panel = desk->wide * BLOCK, at = keys.first * desk->wide;
    const Extent extent = {desk->wide, keys.last - keys.first, stack};
    desk->multiply(extent, (Left){desk->turned_queries, stack}, (Right){desk->grad_scores, stack * BLOCK},
                   (Sums){desk->sums.keys + at, BLOCK, panel, true});
    desk->multiply(extent, (Left){desk->turned_grads, stack}, (Right){desk->weights, stack * BLOCK},
                   (Sums){desk->sums.values + at, BLOCK, panel, true});
}

static void go_back(Desk *desk, const Walk *walk, Range queries) {
    const Attention *job = desk->job;
    const int64_t start = job->starts[walk->example];
    const Range keys = seen_by(job, queries), rows = {start + queries.first, start + queries.last};
    pack_keys(desk, walk, keys);
    pack_stack(desk, walk, rows);
    memset(desk->grad_queries, 0, (size_t)(desk->group * BLOCK * desk->wide) * sizeof(float));
    for (int64_t key = keys.first; key < keys.last; key += BACKWARD_KEYS) {
        Range some = {key, least(keys.last, key + BACKWARD_KEYS)};
        for (int64_t place = 0; place < desk->group; place++) look_at(desk, place, queries.first, some);
        add_up(desk, some);
    }
    for (int64_t place = 0; place < desk->group; place++) {
        Rows to = rows_of(job, job->grad_q, walk->head * desk->group + place, rows);
        keep_rows(desk->grad_queries + place * BLOCK * desk->wide, desk->wide, desk->scales, &to);
    }
}

/* The sums of some blocks of keys, transposed, into memory. */
static void keep_gradients(Desk *desk, const Walk *walk, Gradients sums, Range blocks) {
    const Attention *job = desk->job;
    const int64_t start = job->starts[walk->example];
    for (int64_t key = blocks.first * BLOCK; key < blocks.last * BLOCK; key += BLOCK) {
        Range rows = {start + key, start + least(queries_of(walk), key + BLOCK)};
        Rows keys = rows_of(job, job->grad_k, walk->head, rows), values = rows_of(job, job->grad_v, walk->head, rows);
        float *turned = desk->grad_queries;
        turn((Left){(unit *)sums.keys + key * desk->wide, BLOCK}, desk->wide, BLOCK, (unit *)turned, desk->wide);
        keep_rows(turned, desk->wide, desk->scales, &keys);
        turn((Left){(unit *)sums.values + key * desk->wide, BLOCK}, desk->wide, BLOCK, (unit *)turned, desk->wide);
        keep_rows(turned, desk->wide, desk->ones, &values);
    }
}

static void go_back_through_head(Desk *desk, const Walk *walk, Range own, int64_t thread) {
    const size_t bytes = (size_t)(padded(queries_of(walk)) * desk->wide) * sizeof(float);
    desk->packed = 0;
    desk->sums = gradients_at(desk->job, thread, own.first == 0);
    memset(desk->sums.keys, 0, bytes);
    memset(desk->sums.values, 0, bytes);
    for (int64_t block = own.first; block < own.last; block++)
        go_back(desk, walk, (Range){block * BLOCK, least(queries_of(walk), (block + 1) * BLOCK)});
    const Range all = {0, blocks_of(walk)};
    if (own.first == 0 && own.last == all.last) keep_gradients(desk, walk, desk->sums, all);
}

static Desk thread_desk(const Attention *job, int64_t thread) {
    uintptr_t room = (uintptr_t)job->room + (uintptr_t)(thread * desk_bytes(job));
    return desk_at(job, &room);
}

static void go_back_through_share(const Attention *job, int64_t thread) {
    Desk desk = thread_desk(job, thread);
    begin_products(job->way);
    for (Walk walk = begin_walk(job); !at_end(&walk); next_head(&walk)) {
        Range own = own_blocks(&walk, thread);
        if (own.first < own.last) go_back_through_head(&desk, &walk, own, thread);
    }
    end_products(job->way);
}

static void add_gradients(Gradients from, Gradients to, int64_t first, int64_t last) {
    for (int64_t i = first; i < last; i++) {
        to.keys[i] += from.keys[i];
        to.values[i] += from.values[i];
    }
}

/* Threads `among` left sums of one head: this thread puts its share of the keys together. */
static void join_gradients(Desk *desk, const Walk *walk, Range among, int64_t thread) {
    const int64_t blocks = blocks_of(walk), parts = among.last - among.first, part = thread - among.first;
    const Range own = {blocks * part / parts, blocks * (part + 1) / parts};
    const Gradients total = gradients_at(desk->job, among.first, true);
    for (int64_t other = among.first + 1; other < among.last; other++) {
        Range others = own_blocks(walk, other);
        if (others.first == others.last) continue;
        Gradients left = gradients_at(desk->job, other, false);
        add_gradients(left, total, own.first * BLOCK * desk->wide, own.last * BLOCK * desk->wide);
    }
    keep_gradients(desk, walk, total, own);
}

static void join_share(const Attention *job, int64_t thread) {
    Desk desk = thread_desk(job, thread);
    for (Walk walk = begin_walk(job); !at_end(&walk); next_head(&walk)) {
        Range among = threads_of(&walk);
        if (among.last - among.first > 1 && among.first <= thread && thread < among.last)
            join_gradients(&desk, &walk, among, thread);
    }
}

void attention_backward(const Attention *job) {
#pragma omp parallel num_threads(job->threads)
    {
#pragma omp for schedule(static, 1)
        for (int64_t thread = 0; thread < job->threads; thread++) go_back_through_share(job, thread);
#pragma omp for schedule(static, 1)
        for (int64_t thread = 0; thread < job->threads; thread++) join_share(job, thread);
    }
}

/* How attention is divided among threads, and what a query sees.
 *
 * Blocks of 32 queries lie in one order: by example, by head of keys, by place. Each thread has a stretch of them that
 * costs as much as any other's, so that a head's keys are packed once, but for where a stretch ends within a head. */
#include <math.h>

#include "attention.h"

static int64_t size_of(const Attention *job, int64_t example) {
    return job->starts[example + 1] - job->starts[example];
}

/* The keys, in whole blocks, that are looked at for some queries. */
Range seen_by(const Attention *job, Range queries) {
    int64_t farthest = job->window ? most(0, job->before + queries.first - job->window + 1) : 0;
    return (Range){farthest / BLOCK * BLOCK, padded(job->before + queries.last)};
}

static int64_t cost_of(const Attention *job, int64_t queries, int64_t block) {
    Range keys = seen_by(job, (Range){block * BLOCK, least(queries, (block + 1) * BLOCK)});
    return keys.last - keys.first;
}

static int64_t cost_of_head(const Attention *job, int64_t queries) {
    int64_t cost = 0;
    for (int64_t block = 0; block * BLOCK < queries; block++) cost += cost_of(job, queries, block);
    return cost;
}

Walk begin_walk(const Attention *job) {
    Walk walk = {.job = job};
    for (int64_t i = 0; i < job->examples; i++) walk.total += job->key_value * cost_of_head(job, size_of(job, i));
    return walk;
}

bool at_end(const Walk *walk) { return walk->example >= walk->job->examples; }

int64_t queries_of(const Walk *walk) { return size_of(walk->job, walk->example); }

int64_t blocks_of(const Walk *walk) { return (queries_of(walk) + BLOCK - 1) / BLOCK; }

void next_head(Walk *walk) {
    walk->cost += cost_of_head(walk->job, queries_of(walk));
    if (++walk->head < walk->job->key_value) return;
    walk->head = 0;
    walk->example++;
}

/* A block belongs to the thread into whose share of the whole cost its middle falls. */
static int64_t owner_of(const Walk *walk, int64_t before, int64_t cost) {
    return (2 * (walk->cost + before) + cost) * walk->job->threads / (2 * walk->total);
}

/* Blocks of queries of this head that a thread has. */
Range own_blocks(const Walk *walk, int64_t thread) {
    const int64_t blocks = blocks_of(walk);
    int64_t before = 0;
    Range own = {blocks, blocks};
    for (int64_t block = 0; block < blocks; block++) {
        int64_t cost = cost_of(walk->job, queries_of(walk), block), owner = owner_of(walk, before, cost);
        if (owner == thread) own.first = least(own.first, block);
        if (owner > thread) own.last = least(own.last, block);
        before += cost;
    }
    own.first = least(own.first, own.last);
    return own;
}

/* The threads that have blocks of this head, and those between. */
Range threads_of(const Walk *walk) {
    const int64_t queries = queries_of(walk), blocks = blocks_of(walk);
    if (!blocks) return (Range){0, 0};
    const int64_t first = cost_of(walk->job, queries, 0), last = cost_of(walk->job, queries, blocks - 1);
    const int64_t before = cost_of_head(walk->job, queries) - last;
    return (Range){owner_of(walk, 0, first), owner_of(walk, before, last) + 1};
}

/* Keys of the longest example, in whole blocks. */
int64_t longest(const Attention *job) {
    int64_t most_keys = 0;
    for (int64_t i = 0; i < job->examples; i++) most_keys = most(most_keys, size_of(job, i));
    return padded(most_keys + job->before);
}

/* One head of some rows of a matrix. */
Rows rows_of(const Attention *job, Matrix matrix, int64_t head, Range rows) {
    const int64_t bytes = job->narrow ? 2 : 4;
    char *start = (char *)matrix.start + (rows.first * matrix.stride + head * job->width) * bytes;
    return (Rows){start, matrix.stride * bytes, rows.last - rows.first, job->width, job->narrow};
}

/* −∞ in 32 rows of 32 scores wherever query i, which stands at `nearest` + i, does not see key j. */
static void hide_in_block(float *scores, int64_t stride, int nearest, int farthest) {
    for (int i = 0; i < BLOCK; i++)
        for (int j = 0; j < BLOCK; j++) {
            float *score = scores + i * stride + j;
            *score = j > nearest + i || j < farthest + i ? -INFINITY : *score;
        }
}

/* −∞ wherever one of 32 queries from `query` on does not see one of the keys. */
void hide(const Attention *job, int64_t query, Range keys, float *scores) {
    const int64_t count = keys.last - keys.first;
    for (int64_t first = 0; first < count; first += BLOCK) {
        const int64_t nearest = job->before + query - keys.first - first;
        const int64_t farthest = job->window ? nearest + 1 - job->window : -BLOCK;
        if (nearest >= BLOCK - 1 && farthest + BLOCK <= 1) continue;
        hide_in_block(scores + first, count, (int)most(-BLOCK, least(nearest, BLOCK)),
                      (int)most(-BLOCK, least(farthest, BLOCK)));
    }
}

/* Room for `count` numbers of 32 bits, from a stretch that is used up; each begins in a cache line of its own. */
void *take(uintptr_t *room, int64_t count) {
    void *start = (void *)*room;
    *room += (uintptr_t)(count * 4 + 63) / 64 * 64;
    return start;
}

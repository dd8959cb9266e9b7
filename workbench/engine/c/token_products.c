/* The products of a layer: a weight with its bias, and beside it each text's own updates. */
#include "token_work.h"

/* Those of a text within a product, [PARTS], or null. */
static const Update *updates_of(const Text *text, Entry entry) {
    return text->updates ? text->updates + (entry.layer * PRODUCTS + entry.product) * PARTS : NULL;
}

static int64_t ranks_of(const Worker *worker, Entry entry) {
    int64_t ranks = 0;
    for (int64_t t = 0; t < worker->count; t++) {
        const Update *updates = updates_of(worker->texts[t], entry);
        for (int64_t part = 0; updates && part < PARTS; part++) ranks += updates[part].rank;
    }
    return ranks;
}

/* inner = A x of all updates, text by text. */
void go_down(const Worker *worker, Entry entry) {
    int64_t ranks = ranks_of(worker, entry), start = 0;
    if (!ranks) return;
    Share some = share(worker, ranks);
    for (int64_t t = 0; t < worker->count; t++) {
        const Update *updates = updates_of(worker->texts[t], entry);
        Vectors x = {entry.x + t * entry.width, 1, entry.width};
        for (int64_t part = 0; updates && part < PARTS; part++) {
            int64_t rank = updates[part].rank;
            Weight down = {.kind = FP32, .rows = rank, .columns = entry.width, .stride = entry.width};
            Share rows = within(some, start, rank);
            down.codes = updates[part].down;
            if (rows.last > rows.first)
                rows_times(&down, x, rows.first - start, rows.last - start,
                           (Results){worker->model->inner + rows.first, rank});
            start += rank;
        }
    }
    meet(worker);
}

static void add_update(const Update *update, double strength, const float *inner, Share some, float *out) {
    Share rows = within(some, update->row, update->rows);
    for (int64_t i = rows.first; i < rows.last; i++) {
        const float *up = update->up + (i - update->row) * update->rank;
        float sum = 0;
        for (int64_t j = 0; j < update->rank; j++) sum += up[j] * inner[j];
        out[i - some.first] += (float)(update->scale * strength) * sum;
    }
}

static void add_updates(const Worker *worker, Entry entry, Share some, Results out) {
    const float *inner = worker->model->inner;
    for (int64_t t = 0; t < worker->count; t++) {
        const Text *text = worker->texts[t];
        const Update *updates = updates_of(text, entry);
        for (int64_t part = 0; updates && part < PARTS; part++) {
            add_update(updates + part, text->strength, inner, some, out.numbers + t * out.stride);
            inner += updates[part].rank;
        }
    }
}

void go_up(const Worker *worker, Entry entry, Share some, Results out) {
    const Product *product = worker->model->layers[entry.layer].products + entry.product;
    Vectors x = {entry.x, worker->count, entry.width};
    int64_t row = 0;
    for (int64_t part = 0; part < PARTS; part++) {
        const Weight *weight = product->weights + part;
        Share rows = within(some, row, weight->rows);
        if (rows.last > rows.first)
            rows_times(weight, x, rows.first - row, rows.last - row,
                       (Results){out.numbers + rows.first - some.first, out.stride});
        row += weight->rows;
    }
    for (int64_t t = 0; product->bias && t < worker->count; t++)
        for (int64_t i = some.first; i < some.last; i++)
            out.numbers[t * out.stride + i - some.first] += number(product->bias, i, worker->model->held);
    add_updates(worker, entry, some, out);
}

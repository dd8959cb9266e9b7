/* One token through a whole decoder in one call: at one token, calls would cost more than the numbers.
 *
 * All that passes through is fp32, whatever the weights are. Each number is summed by one thread in one order, so
 * results are the same for any number of threads. The threads stay together from the first layer to the logits. */

#include "token.h"

#include <math.h>
#include <omp.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>

#include "numbers.h"
#include "rows.h"

enum { PATIENCE = 4000 };

/* Where threads wait for each other. To wait in the kernel would cost more than what is waited for. */
typedef struct {
    _Atomic int64_t there, turn;
} Gate;

typedef struct {
    const Model *model;
    const Text *text;
    Gate *gate;
    int64_t thread, threads;
    /* Of this thread alone: the normed token, then the scores of a head. */
    float *normed, *scores;
} Worker;

typedef struct {
    int64_t first, last;
} Share;

static void meet(const Worker *worker) {
    Gate *gate = worker->gate;
    int64_t turn = atomic_load_explicit(&gate->turn, memory_order_relaxed);
    if (atomic_fetch_add(&gate->there, 1) + 1 == worker->threads) {
        atomic_store_explicit(&gate->there, 0, memory_order_relaxed);
        atomic_store(&gate->turn, turn + 1);
        return;
    }
    for (int64_t tries = 0; atomic_load(&gate->turn) == turn; tries++)
        if (tries > PATIENCE) sched_yield();
}

/* The part of `count` that is this thread's. */
static Share share(const Worker *worker, int64_t count) {
    return (Share){count * worker->thread / worker->threads, count * (worker->thread + 1) / worker->threads};
}

static Share within(Share outer, int64_t first, int64_t count) {
    int64_t from = outer.first > first ? outer.first : first;
    int64_t to = outer.last < first + count ? outer.last : first + count;
    return (Share){from, to > from ? to : from};
}

static float number(const void *numbers, int64_t place, int64_t held) {
    return held == BF16 ? from_bf16(((const bf16 *)numbers)[place]) : ((const float *)numbers)[place];
}

/* out = x · weight / √(mean(x²) + epsilon) (Zhang and Sennrich 2019, arXiv:1910.07467, eq. 4); may be done in place. */
static void norm(const float *x, const float *weight, double epsilon, int64_t width, float *out) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < width; i++) sum += x[i] * x[i];
    float inverse = 1 / sqrtf(sum / (float)width + (float)epsilon);
    for (int64_t i = 0; i < width; i++) out[i] = x[i] * inverse * weight[i];
}

static const Update *updates_of(const Worker *worker, int64_t layer, int64_t product) {
    return worker->text->updates ? worker->text->updates + (layer * PRODUCTS + product) * PARTS : NULL;
}

/* inner = A x of all updates of a product, for the threads to share. */
static void go_down(const Worker *worker, const Update *updates, const float *x, int64_t columns) {
    if (!updates) return;
    int64_t start = 0;
    for (int64_t part = 0; part < PARTS; part++) {
        Share some = share(worker, updates[part].rank);
        for (int64_t i = some.first; i < some.last; i++)
            worker->model->inner[start + i] = dot_fp32(updates[part].down + i * columns, x, columns);
        start += updates[part].rank;
    }
    meet(worker);
}

/* out[0 … some) = some rows of W x + bias + Σ scale · B inner. */
static void go_up(const Worker *worker, const Product *product, const Update *updates, const float *x, Share some,
                  float *out) {
    int64_t row = 0;
    for (int64_t part = 0; part < PARTS; part++) {
        const Weight *weight = product->weights + part;
        Share rows = within(some, row, weight->rows);
        if (rows.last > rows.first)
            rows_times(weight, x, rows.first - row, rows.last - row, out + rows.first - some.first);
        row += weight->rows;
    }
    if (product->bias)
        for (int64_t i = some.first; i < some.last; i++)
            out[i - some.first] += number(product->bias, i, worker->model->held);
    const float *inner = worker->model->inner;
    for (int64_t part = 0; updates && part < PARTS; part++) {
        const Update *update = updates + part;
        Share rows = within(some, update->row, update->rows);
        for (int64_t i = rows.first; i < rows.last; i++) {
            float sum = 0;
            for (int64_t j = 0; j < update->rank; j++) sum += update->up[(i - update->row) * update->rank + j] * inner[j];
            out[i - some.first] += (float)update->scale * sum;
        }
        inner += update->rank;
    }
}

/* (x_i, x_{i+n}) becomes (x_i c_i − x_{i+n} s_i, x_{i+n} c_i + x_i s_i), as in Passes.rotate. */
static void rotate(const Worker *worker, const Layer *layer, float *head) {
    if (layer->rope < 0) return;
    const Text *text = worker->text;
    int64_t pairs = text->pairs[layer->rope];
    const float *cosine = text->cosines[layer->rope] + text->place * pairs;
    const float *sine = text->sines[layer->rope] + text->place * pairs;
    for (int64_t i = 0; i < pairs; i++) {
        float left = head[i], right = head[i + pairs];
        head[i] = left * cosine[i] - right * sine[i];
        head[i + pairs] = right * cosine[i] + left * sine[i];
    }
}

static void *row_of(void *numbers, int64_t row, const Worker *worker) {
    const Model *model = worker->model;
    return (char *)numbers + row * model->key_value * model->width * (model->held == BF16 ? 2 : 4);
}

static void keep(const float *head, int64_t width, int64_t held, void *row, int64_t start) {
    for (int64_t i = 0; i < width; i++) {
        if (held == BF16)
            ((bf16 *)row)[start + i] = to_bf16(head[i]);
        else
            ((float *)row)[start + i] = head[i];
    }
}

/* Queries and keys are normed and turned; keys and values are kept in the text's memory. */
static void place_heads(const Worker *worker, int64_t number) {
    const Model *model = worker->model;
    const Layer *layer = model->layers + number;
    int64_t width = model->width, row = number * worker->text->room + worker->text->place;
    void *keys = row_of(worker->text->keys, row, worker), *values = row_of(worker->text->values, row, worker);
    Share some = share(worker, model->query + 2 * model->key_value);
    for (int64_t i = some.first; i < some.last; i++) {
        float *head = model->qkv + i * width;
        int64_t key = i - model->query;
        const float *weight = key < 0 ? layer->query_norm : layer->key_norm;
        if (key < model->key_value) {
            if (weight) norm(head, weight, model->epsilon, width, head);
            rotate(worker, layer, head);
        }
        if (key >= model->key_value)
            keep(head, width, model->held, values, (key - model->key_value) * width);
        else if (key >= 0)
            keep(head, width, model->held, keys, key * width);
    }
}

/* softmax(scale · q kᵀ) v for some heads (Vaswani et al. 2017, arXiv:1706.03762, eq. 1). */
static void attend(const Worker *worker, int64_t layer) {
    const Model *model = worker->model;
    const Text *text = worker->text;
    int64_t width = model->width, stride = model->key_value * width, window = model->layers[layer].window;
    int64_t first = window && text->place >= window ? text->place + 1 - window : 0, seen = text->place + 1 - first;
    const void *keys = row_of(text->keys, layer * text->room + first, worker);
    const void *values = row_of(text->values, layer * text->room + first, worker);
    Share some = share(worker, model->query);
    for (int64_t head = some.first; head < some.last; head++) {
        int64_t start = head / (model->query / model->key_value) * width;
        float greatest = -INFINITY, sum = 0, *scores = worker->scores, *out = model->mixed + head * width;
        Weight known = {.kind = model->held, .rows = seen, .columns = width, .stride = stride};
        known.codes = (const char *)keys + start * (model->held == BF16 ? 2 : 4);
        rows_times(&known, model->qkv + head * width, 0, seen, scores);
        for (int64_t i = 0; i < seen; i++) {
            scores[i] *= (float)model->scale;
            greatest = scores[i] > greatest ? scores[i] : greatest;
        }
        for (int64_t i = 0; i < seen; i++) sum += scores[i] = exponential(scores[i] - greatest);
        memset(out, 0, (size_t)width * sizeof(float));
        for (int64_t i = 0; i < seen; i++) add_row(values, start + i * stride, model->held, scores[i] / sum, width, out);
    }
}

static float activated(float gate, int64_t activation) {
    if (activation == 0) return gate / (1 + exponential(-gate));
    return 0.5f * gate * (1 + tanhf(0.7978845608f * (gate + 0.044715f * gate * gate * gate)));
}

/* total += product(x), this thread's rows. */
static void add_product(const Worker *worker, int64_t number, int64_t which, const float *x) {
    const Model *model = worker->model;
    const Product *product = model->layers[number].products + which;
    const Update *updates = updates_of(worker, number, which);
    go_down(worker, updates, x, product->weights[0].columns);
    Share some = share(worker, model->hidden);
    float *added = worker->scores;
    go_up(worker, product, updates, x, some, added);
    for (int64_t i = some.first; i < some.last; i++) model->total[i] += added[i - some.first];
    meet(worker);
}

/* gated = f(gate) · up, this thread's numbers. */
static void gate(const Worker *worker, int64_t number) {
    const Model *model = worker->model;
    const Product *product = model->layers[number].products + GATE_UP;
    const Update *updates = updates_of(worker, number, GATE_UP);
    go_down(worker, updates, worker->normed, model->hidden);
    Share gates = share(worker, model->intermediate), ups = gates;
    ups.first += model->intermediate, ups.last += model->intermediate;
    float *let_up = worker->scores, *gated = model->gated + gates.first;
    go_up(worker, product, updates, worker->normed, gates, gated);
    go_up(worker, product, updates, worker->normed, ups, let_up);
    for (int64_t i = 0; i < gates.last - gates.first; i++) gated[i] = activated(gated[i], model->activation) * let_up[i];
    meet(worker);
}

static void pass_layer(const Worker *worker, int64_t number) {
    const Model *model = worker->model;
    const Layer *layer = model->layers + number;
    const Update *updates = updates_of(worker, number, QKV);
    norm(model->total, layer->attention_norm, model->epsilon, model->hidden, worker->normed);
    go_down(worker, updates, worker->normed, model->hidden);
    Share some = share(worker, (model->query + 2 * model->key_value) * model->width);
    go_up(worker, layer->products + QKV, updates, worker->normed, some, model->qkv + some.first);
    meet(worker);
    place_heads(worker, number);
    meet(worker);
    attend(worker, number);
    meet(worker);
    add_product(worker, number, OUT, model->mixed);
    norm(model->total, layer->mlp_norm, model->epsilon, model->hidden, worker->normed);
    gate(worker, number);
    add_product(worker, number, DOWN, model->gated);
}

static void pass_token(const Worker *worker) {
    const Model *model = worker->model;
    Share some = share(worker, model->hidden);
    for (int64_t i = some.first; i < some.last; i++)
        model->total[i] = number(model->embedding, worker->text->token * model->hidden + i, model->held);
    meet(worker);
    for (int64_t layer = 0; layer < model->depth; layer++) pass_layer(worker, layer);
    norm(model->total, model->norm, model->epsilon, model->hidden, worker->normed);
    some = share(worker, model->head.rows);
    rows_times(&model->head, worker->normed, some.first, some.last, worker->text->logits + some.first);
}

/* logits = what follows the text's token at its place, after all before it, whose keys and values are there. */
void read_token(const Model *model, const Text *text, int64_t threads) {
    Gate gate = {0, 0};
#pragma omp parallel num_threads((int)threads)
    {
        float *own = model->own + omp_get_thread_num() * model->own_size;
        pass_token(&(Worker){model, text, &gate, omp_get_thread_num(), omp_get_num_threads(), own, own + model->hidden});
    }
}

/* The heads of some texts' tokens: turned by their places, kept, and attention over all that each text has kept. */
#include "token_work.h"

/* (x_i, x_{i+n}) becomes (x_i c_i − x_{i+n} s_i, x_{i+n} c_i + x_i s_i), as in Passes.rotate. */
static void rotate(const Text *text, const Layer *layer, float *head) {
    if (layer->rope < 0) return;
    int64_t pairs = text->pairs[layer->rope];
    const float *cosine = text->cosines[layer->rope] + text->place * pairs;
    const float *sine = text->sines[layer->rope] + text->place * pairs;
    for (int64_t i = 0; i < pairs; i++) {
        float left = head[i], right = head[i + pairs];
        head[i] = left * cosine[i] - right * sine[i];
        head[i + pairs] = right * cosine[i] + left * sine[i];
    }
}

static void *row_of(void *numbers, int64_t row, const Model *model) {
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

/* Head i of a token: those of queries, then those of keys, then those of values. */
static void place_head(const Model *model, const Text *text, int64_t number, int64_t i, float *head) {
    const Layer *layer = model->layers + number;
    int64_t width = model->width, row = number * text->room + text->place, key = i - model->query;
    const float *weight = key < 0 ? layer->query_norm : layer->key_norm;
    if (key < model->key_value) {
        if (weight) norm_numbers(head, weight, model->epsilon, width, head);
        rotate(text, layer, head);
    }
    if (key >= model->key_value)
        keep(head, width, model->held, row_of(text->values, row, model), (key - model->key_value) * width);
    else if (key >= 0)
        keep(head, width, model->held, row_of(text->keys, row, model), key * width);
}

void place_heads(const Worker *worker, int64_t layer) {
    const Model *model = worker->model;
    int64_t heads = model->query + 2 * model->key_value;
    Share some = share(worker, heads * worker->count);
    for (int64_t i = some.first; i < some.last; i++)
        place_head(model, worker->texts[i / heads], layer, i % heads, model->qkv + i * model->width);
}

/* out += share · row, a row of fp32 or bf16 numbers that begins at `start`. */
static void add_row(const void *numbers, int64_t start, int64_t held, float share, int64_t width, float *out) {
    if (held == BF16) {
        const bf16 *row = (const bf16 *)numbers + start;
        for (int64_t i = 0; i < width; i++) out[i] += share * from_bf16(row[i]);
    } else {
        const float *row = (const float *)numbers + start;
        for (int64_t i = 0; i < width; i++) out[i] += share * row[i];
    }
}

static void attend_head(const Worker *worker, int64_t layer, int64_t which, int64_t head) {
    const Model *model = worker->model;
    const Text *text = worker->texts[which];
    int64_t width = model->width, stride = model->key_value * width, window = model->layers[layer].window;
    int64_t first = window && text->place >= window ? text->place + 1 - window : 0, seen = text->place + 1 - first;
    int64_t start = head / (model->query / model->key_value) * width;
    const void *keys = row_of(text->keys, layer * text->room + first, model);
    const void *values = row_of(text->values, layer * text->room + first, model);
    const float *query = model->qkv + (which * (model->query + 2 * model->key_value) + head) * width;
    float greatest = -INFINITY, sum = 0, *scores = worker->scratch;
    float *out = model->mixed + (which * model->query + head) * width;
    Weight known = {.kind = model->held, .rows = seen, .columns = width, .stride = stride};
    known.codes = (const char *)keys + start * (model->held == BF16 ? 2 : 4);
    rows_times(&known, (Vectors){query, 1, width}, 0, seen, (Results){scores, seen});
    for (int64_t i = 0; i < seen; i++) {
        scores[i] *= (float)model->scale;
        greatest = scores[i] > greatest ? scores[i] : greatest;
    }
    for (int64_t i = 0; i < seen; i++) sum += scores[i] = exponential(scores[i] - greatest);
    memset(out, 0, (size_t)width * sizeof(float));
    for (int64_t i = 0; i < seen; i++) add_row(values, start + i * stride, model->held, scores[i] / sum, width, out);
}

/* A thread has the same heads of all texts, since some texts are longer than others. */
void attend(const Worker *worker, int64_t layer) {
    Share some = share(worker, worker->model->query * worker->count);
    for (int64_t i = some.first; i < some.last; i++)
        attend_head(worker, layer, i % worker->count, i / worker->count);
}

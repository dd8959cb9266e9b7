/* A token of each of some texts through a whole decoder in one call: calls would cost more than the numbers.
 *
 * Weights are read once for all texts. The threads stay together from the first layer to the logits. */

#include <omp.h>

#include "token_work.h"

/* normed = norm(total) of all texts, by each thread for itself. */
static void norm_totals(const Worker *worker, const float *weight) {
    const Model *model = worker->model;
    for (int64_t t = 0; t < worker->count; t++)
        norm_numbers(model->total + t * model->hidden, weight, model->epsilon, model->hidden,
                     worker->normed + t * model->hidden);
}

static float activated(float gate, int64_t activation) {
    if (activation == 0) return gate / (1 + exponential(-gate));
    return 0.5f * gate * (1 + tanhf(0.7978845608f * (gate + 0.044715f * gate * gate * gate)));
}

/* total += product(x), this thread's rows. */
static void add_product(const Worker *worker, Entry entry) {
    const Model *model = worker->model;
    go_down(worker, entry);
    Share some = share(worker, model->hidden);
    int64_t width = some.last - some.first;
    go_up(worker, entry, some, (Results){worker->scratch, width});
    for (int64_t t = 0; t < worker->count; t++)
        for (int64_t i = 0; i < width; i++)
            model->total[t * model->hidden + some.first + i] += worker->scratch[t * width + i];
    meet(worker);
}

/* gated = f(gate) · up, this thread's numbers. */
static void gate(const Worker *worker, Entry entry) {
    const Model *model = worker->model;
    go_down(worker, entry);
    Share gates = share(worker, model->intermediate), ups = gates;
    ups.first += model->intermediate, ups.last += model->intermediate;
    int64_t width = gates.last - gates.first;
    go_up(worker, entry, gates, (Results){model->gated + gates.first, model->intermediate});
    go_up(worker, entry, ups, (Results){worker->scratch, width});
    for (int64_t t = 0; t < worker->count; t++) {
        float *gated = model->gated + t * model->intermediate + gates.first;
        const float *let_up = worker->scratch + t * width;
        for (int64_t i = 0; i < width; i++) gated[i] = activated(gated[i], model->activation) * let_up[i];
    }
    meet(worker);
}

static void pass_layer(const Worker *worker, int64_t number) {
    const Model *model = worker->model;
    const Layer *layer = model->layers + number;
    int64_t fused = (model->query + 2 * model->key_value) * model->width;
    norm_totals(worker, layer->attention_norm);
    Entry entry = {number, QKV, model->hidden, worker->normed};
    go_down(worker, entry);
    Share some = share(worker, fused);
    go_up(worker, entry, some, (Results){model->qkv + some.first, fused});
    meet(worker);
    place_heads(worker, number);
    meet(worker);
    attend(worker, number);
    meet(worker);
    add_product(worker, (Entry){number, OUT, model->query * model->width, model->mixed});
    norm_totals(worker, layer->mlp_norm);
    gate(worker, (Entry){number, GATE_UP, model->hidden, worker->normed});
    add_product(worker, (Entry){number, DOWN, model->intermediate, model->gated});
}

static void pass_tokens(const Worker *worker, float *logits) {
    const Model *model = worker->model;
    int64_t hidden = model->hidden, vocabulary = model->head.rows;
    Share some = share(worker, hidden);
    for (int64_t t = 0; t < worker->count; t++)
        for (int64_t i = some.first; i < some.last; i++)
            model->total[t * hidden + i] = number(model->embedding, worker->texts[t]->token * hidden + i, model->held);
    meet(worker);
    for (int64_t layer = 0; layer < model->depth; layer++) pass_layer(worker, layer);
    norm_totals(worker, model->norm);
    some = share(worker, vocabulary);
    rows_times(&model->head, (Vectors){worker->normed, worker->count, hidden}, some.first, some.last,
               (Results){logits + some.first, vocabulary});
}

/* logits [count, vocabulary] = what follows each text's token at its place, after all that it has kept. */
void read_tokens(const Model *model, const Text *const *texts, int64_t count, float *logits, int64_t threads) {
    Gate gate = {0, 0};
#pragma omp parallel num_threads((int)threads)
    {
        float *own = model->own + omp_get_thread_num() * model->own_size;
        Worker worker = {model, texts, count, &gate, omp_get_thread_num(), omp_get_num_threads(),
                         own, own + count * model->hidden};
        pass_tokens(&worker, logits);
    }
}

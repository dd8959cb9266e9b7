/* How the threads that pass tokens through a decoder wait for each other, and the norm that all of them take. */

#include "token_work.h"

#include <sched.h>

enum { PATIENCE = 4000 };

void meet(const Worker *worker) {
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

void norm_numbers(const float *x, const float *weight, double epsilon, int64_t width, float *out) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < width; i++) sum += x[i] * x[i];
    float inverse = 1 / sqrtf(sum / (float)width + (float)epsilon);
    for (int64_t i = 0; i < width; i++) out[i] = x[i] * inverse * weight[i];
}

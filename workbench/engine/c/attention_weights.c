/* Scores become weights, and the gradients of weights become those of scores: 2^x is most of the work beside products.
 *
 * Whole units are left where scores were, or copied into panels; pairs are rounded and packed in the same go. */
#include <math.h>
#include <string.h>

#include "attention.h"

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#if defined(__AVX512BF16__)
/* Two rows of 16 numbers, one number of each in turn. */
static const uint16_t by_turns[32] = {0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
                                      8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};

/* 2^x = 2^⌊x⌋ · 2^r by a polynomial of degree 5 in r, within 1e-7. */
static inline __m512 two_to_lanes(__m512 x) {
    __m512 r = _mm512_reduce_ps(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
    __m512 p = _mm512_set1_ps(1.867130138e-3f);
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(9.017030137e-3f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(5.579991328e-2f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(2.401644501e-1f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(6.931513118e-1f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1));
    return _mm512_scalef_ps(p, x);
}

/* Four rows at a time: one alone would end before its numbers have passed through all steps. */
static void weigh_pairs(const Weighing *job, int64_t row) {
    const __m512 factor = _mm512_set1_ps(job->factor);
    const float *scores = job->scores + row * job->count;
    unit *weights = job->weights + row * job->count / 2;
    __m512 top[4], sum[4];
    for (int i = 0; i < 4; i++) {
        top[i] = _mm512_set1_ps(job->top[row + i]);
        sum[i] = _mm512_setzero_ps();
    }
    for (int64_t j = 0; j < job->count; j += 32)
        for (int i = 0; i < 4; i++) {
            const float *at = scores + i * job->count + j;
            __m512 left = two_to_lanes(_mm512_fmsub_ps(_mm512_loadu_ps(at), factor, top[i]));
            __m512 right = two_to_lanes(_mm512_fmsub_ps(_mm512_loadu_ps(at + 16), factor, top[i]));
            sum[i] = _mm512_add_ps(sum[i], _mm512_add_ps(left, right));
            _mm512_storeu_si512(weights + (i * job->count + j) / 2, (__m512i)_mm512_cvtne2ps_pbh(right, left));
        }
    for (int i = 0; i < 4; i++) job->sum[row + i] = _mm512_reduce_add_ps(sum[i]);
}

/* Rows u and u + 1 of one head. */
static void weigh_back_pairs(const BackWeighing *job, int64_t row) {
    const __m512 factor = _mm512_set1_ps(job->factor);
    const __m512i order = _mm512_loadu_si512(by_turns);
    const float *scores = job->scores + row * job->count, *grads = job->grad_weights + row * job->count;
    half *left = (half *)job->left + row * job->count;
    __m512 log_sum[2], shift[2], p[2], d[2];
    for (int i = 0; i < 2; i++) {
        log_sum[i] = _mm512_set1_ps(job->log_sums[row + i]);
        shift[i] = _mm512_set1_ps(job->shifts[row + i]);
    }
    for (int64_t j = 0; j < job->count; j += 16) {
        for (int i = 0; i < 2; i++) {
            __m512 score = _mm512_loadu_ps(scores + i * job->count + j);
            p[i] = two_to_lanes(_mm512_fmsub_ps(score, factor, log_sum[i]));
            d[i] = _mm512_mul_ps(p[i], _mm512_sub_ps(_mm512_loadu_ps(grads + i * job->count + j), shift[i]));
        }
        const int64_t place = j / BLOCK * job->panel + row / 2 * BLOCK + j % BLOCK;
        __m512i weights = (__m512i)_mm512_cvtne2ps_pbh(p[1], p[0]), both = (__m512i)_mm512_cvtne2ps_pbh(d[1], d[0]);
        _mm512_storeu_si512(job->weights + place, _mm512_permutexvar_epi16(order, weights));
        _mm512_storeu_si512(job->grad_scores + place, _mm512_permutexvar_epi16(order, both));
        _mm256_storeu_si256((__m256i *)(left + j), _mm512_castsi512_si256(both));
        _mm256_storeu_si256((__m256i *)(left + job->count + j), _mm512_extracti64x4_epi64(both, 1));
    }
}
#endif

static void weigh_whole(const Weighing *job, int64_t row) {
    const float factor = job->factor, top = job->top[row];
    float *scores = job->scores + row * job->count, sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < job->count; i++) {
        scores[i] = two_to(scores[i] * factor - top);
        sum += scores[i];
    }
    job->sum[row] = sum;
}

/* 2^(S · factor − top) of 32 rows as a left factor, and the sum of each row. */
Left weigh(const Weighing *job) {
#if defined(__AVX512BF16__)
    if (job->weights) {
        for (int64_t row = 0; row < BLOCK; row += 4) weigh_pairs(job, row);
        return (Left){job->weights, job->count / 2};
    }
#endif
    for (int64_t row = 0; row < BLOCK; row++) weigh_whole(job, row);
    return (Left){(const unit *)job->scores, job->count};
}

static void weigh_back_whole(const BackWeighing *job, int64_t row) {
    const float factor = job->factor, log_sum = job->log_sums[row], shift = job->shifts[row];
    for (int64_t first = 0; first < job->count; first += BLOCK) {
        const int64_t place = first / BLOCK * job->panel + row * BLOCK;
        const float *scores = job->scores + row * job->count + first;
        float *grads = job->grad_weights + row * job->count + first, *weights = (float *)job->weights + place;
#pragma omp simd
        for (int64_t j = 0; j < BLOCK; j++) {
            weights[j] = two_to(scores[j] * factor - log_sum);
            grads[j] = weights[j] * (grads[j] - shift);
        }
        memcpy(job->grad_scores + place, grads, BLOCK * sizeof(float));
    }
}

/* P = 2^(S · factor − L) and dS = P ∘ (gradient of P − D) of one head; returns dS as a left factor. */
Left weigh_back(const BackWeighing *job) {
#if defined(__AVX512BF16__)
    if (job->left) {
        for (int64_t row = 0; row < BLOCK; row += 2) weigh_back_pairs(job, row);
        return (Left){job->left, job->count / 2};
    }
#endif
    for (int64_t row = 0; row < BLOCK; row++) weigh_back_whole(job, row);
    return (Left){(const unit *)job->grad_weights, job->count};
}

/* The greatest number in each of 32 rows. */
void find_greatest(const float *numbers, int64_t count, float *greatest) {
#if defined(__AVX512F__)
    for (int64_t row = 0; row < BLOCK; row += 4) {
        __m512 most[4];
        for (int i = 0; i < 4; i++) most[i] = _mm512_set1_ps(-INFINITY);
        for (int64_t j = 0; j < count; j += 16)
            for (int i = 0; i < 4; i++)
                most[i] = _mm512_max_ps(_mm512_loadu_ps(numbers + (row + i) * count + j), most[i]);
        for (int i = 0; i < 4; i++) greatest[row + i] = _mm512_reduce_max_ps(most[i]);
    }
#else
    for (int64_t row = 0; row < BLOCK; row++) {
        float most = -INFINITY;
#pragma omp simd reduction(max : most)
        for (int64_t j = 0; j < count; j++) most = numbers[row * count + j] > most ? numbers[row * count + j] : most;
        greatest[row] = most;
    }
#endif
}

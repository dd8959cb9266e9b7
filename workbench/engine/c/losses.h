/* The loss of each token and its gradient, read and written a part of a row at a time, while it is in a near cache. */

/* max x, but −∞ where x is NaN. */
static inline float NAMED(greatest)(const NUMBER *restrict x, int64_t width) {
    float best[LANES];
    for (int l = 0; l < LANES; l++) best[l] = -INFINITY;
    int64_t j = 0;
    for (; j + LANES <= width; j += LANES)
        for (int l = 0; l < LANES; l++) best[l] = READ(x[j + l]) > best[l] ? READ(x[j + l]) : best[l];
    for (; j < width; j++) best[0] = READ(x[j]) > best[0] ? READ(x[j]) : best[0];
    for (int l = 1; l < LANES; l++) best[0] = best[l] > best[0] ? best[l] : best[0];
    return best[0];
}

/* Σ e^(x − shift) */
static inline float NAMED(sum_exponentials)(const NUMBER *restrict x, float shift, int64_t width) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t j = 0; j < width; j++) sum += exponential(READ(x[j]) - shift);
    return sum;
}

/* log Σ e^x, kept as the greatest so far and a sum relative to it (Milakov and Gimelshein 2018, arXiv:1805.02867). */
static inline float NAMED(log_sum)(const NUMBER *restrict x, int64_t width) {
    float shift = -INFINITY, sum = 0;
    for (int64_t j = 0; j < width; j += PART) {
        int64_t count = width - j < PART ? width - j : PART;
        float best = NAMED(greatest)(x + j, count);
        if (best > shift) {
            sum *= exponential(shift - best);
            shift = best;
        }
        sum += NAMED(sum_exponentials)(x + j, isinf(shift) ? 0 : shift, count);
    }
    return shift + logf(sum);
}

/* x = factor · (e^(x − log_sum) − 1 at the label) */
static inline void NAMED(grad_row)(NUMBER *restrict x, int64_t label, float log_sum, float factor, int64_t width) {
    const float at_label = factor * (exponential(READ(x[label]) - log_sum) - 1);
    for (int64_t j = 0; j < width; j++) x[j] = WRITE(factor * exponential(READ(x[j]) - log_sum));
    x[label] = WRITE(at_label);
}

void NAMED(cross_entropy)(Grouped logits, const int64_t *labels, float factor, float *losses, Extent extent) {
    EACH_TOKEN(i, extent) {
        NUMBER *row = ROW(logits, i, 0);
        float log_sum = NAMED(log_sum)(row, extent.width);
        losses[i] = log_sum - READ(row[labels[i]]);
        NAMED(grad_row)(row, labels[i], log_sum, factor, extent.width);
    }
}

void NAMED(losses)(Grouped logits, const int64_t *labels, float *losses, Extent extent) {
    EACH_TOKEN(i, extent) {
        const NUMBER *row = ROW(logits, i, 0);
        losses[i] = NAMED(log_sum)(row, extent.width) - READ(row[labels[i]]);
    }
}

/* The loss of each token, and its gradient. */

/* max x, passing over NaN */
static inline float NAMED(most_in)(const NUMBER *x, int64_t width) {
    lanes best = all(-INFINITY);
    EACH_STEP(j, width) best = most(TAKE(x + j, width - j, -INFINITY), best);
    return most_of(best);
}

/* Σ e^(x − shift) */
static inline float NAMED(sum_exponentials)(const NUMBER *x, float shift, int64_t width) {
    lanes sum = {0};
    EACH_STEP(j, width) sum += exponentials(TAKE(x + j, width - j, -INFINITY) - shift);
    return sum_of(sum);
}

/* log Σ e^x = c + log Σ e^(x − c) for any c near enough to the greatest x. The greatest of the first few is nearly
 * always, and spares a pass over the row. */
static inline float NAMED(log_sum)(const NUMBER *x, int64_t width) {
    float shift = NAMED(most_in)(x, width < FIRST_FEW ? width : FIRST_FEW);
    if (isinf(shift)) shift = 0;
    float sum = NAMED(sum_exponentials)(x, shift, width);
    if (!(sum >= 1 && sum < INFINITY)) {
        shift = NAMED(most_in)(x, width);
        if (isinf(shift)) shift = 0;
        sum = NAMED(sum_exponentials)(x, shift, width);
    }
    return shift + logf(sum);
}

/* x = factor · (e^(x − log_sum) − 1 at the label) */
static inline void NAMED(grad_row)(NUMBER *x, int64_t label, float log_sum, float factor, int64_t width) {
    const lanes at_label = factor * (exponentials(all(READ(x[label]) - log_sum)) - 1);
    EACH_STEP(j, width) GIVE(factor * exponentials(TAKE(x + j, width - j, 0) - log_sum), x + j, width - j);
    GIVE(at_label, x + label, 1);
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

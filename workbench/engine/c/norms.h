/* Norms by the root of the mean square (Zhang and Sennrich 2019, arXiv:1910.07467, eq. 4). */

/* Σ x² */
static inline float NAMED(sum_squares)(const NUMBER *restrict x, int64_t width) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t j = 0; j < width; j++) sum += READ(x[j]) * READ(x[j]);
    return sum;
}

/* out = x · r · weight; gives r = 1 / √(mean(x²) + epsilon). */
static inline float NAMED(norm_row)(const NUMBER *restrict x, Norm norm, NUMBER *restrict out, int64_t width) {
    const float root = 1 / sqrtf(NAMED(sum_squares)(x, width) / (float)width + norm.epsilon);
    const float *restrict weight = norm.weight;
    for (int64_t j = 0; j < width; j++) out[j] = WRITE(READ(x[j]) * root * weight[j]);
    return root;
}

/* grad += r · (g − x · r² · mean(g · x)) with g = grad_out · weight. */
static inline void NAMED(return_row)(const NUMBER *restrict grad_out, const NUMBER *restrict x,
                                     const float *restrict weight, float root, NUMBER *restrict grad, int64_t width) {
    float along = 0;
#pragma omp simd reduction(+ : along)
    for (int64_t j = 0; j < width; j++) along += READ(grad_out[j]) * weight[j] * READ(x[j]);
    const float share = root * root * along / (float)width;
    for (int64_t j = 0; j < width; j++) {
        float weighted = READ(grad_out[j]) * weight[j];
        grad[j] = WRITE(READ(grad[j]) + root * (weighted - READ(x[j]) * share));
    }
}

void NAMED(rms_norm)(Grouped x, Norm norm, Grouped out, Floats inverse, Extent extent) {
    EACH_TOKEN(i, extent)
        for (int64_t g = 0; g < extent.groups; g++)
            inverse.start[i * inverse.token + g] = NAMED(norm_row)(ROW(x, i, g), norm, ROW(out, i, g), extent.width);
}

/* total += x, rounded, and then its norm. */
void NAMED(add_rms_norm)(Grouped x, Grouped total, Norm norm, Grouped out, Floats inverse, Extent extent) {
    EACH_TOKEN(i, extent) {
        const NUMBER *restrict added = ROW(x, i, 0);
        NUMBER *restrict sum = ROW(total, i, 0);
        for (int64_t j = 0; j < extent.width; j++) sum[j] = WRITE(READ(sum[j]) + READ(added[j]));
        inverse.start[i * inverse.token] = NAMED(norm_row)(sum, norm, ROW(out, i, 0), extent.width);
    }
}

void NAMED(rms_norm_backward)(Grouped grad_out, Grouped x, Norm norm, Floats inverse, Grouped grad, Extent extent) {
    EACH_TOKEN(i, extent)
        for (int64_t g = 0; g < extent.groups; g++) {
            float root = inverse.start[i * inverse.token + g];
            NAMED(return_row)(ROW(grad_out, i, g), ROW(x, i, g), norm.weight, root, ROW(grad, i, g), extent.width);
        }
}

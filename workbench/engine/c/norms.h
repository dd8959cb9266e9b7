/* Norms by the root of the mean square (Zhang and Sennrich 2019, arXiv:1910.07467, eq. 4). */

/* r = 1 / √(mean(x²) + epsilon) */
static inline float NAMED(root_of)(const NUMBER *x, float epsilon, int64_t width) {
    lanes sum = {0};
    EACH_STEP(j, width) {
        lanes numbers = TAKE(x + j, width - j, 0);
        sum += numbers * numbers;
    }
    return 1 / sqrtf(sum_of(sum) / (float)width + epsilon);
}

/* out = x · r · weight */
static inline void NAMED(scale_row)(const NUMBER *x, float root, const float *weight, NUMBER *out, int64_t width) {
    EACH_STEP(j, width) {
        lanes scaled = TAKE(x + j, width - j, 0) * root * take_fp32(weight + j, width - j, 0);
        GIVE(scaled, out + j, width - j);
    }
}

/* total += x, rounded */
static inline void NAMED(add_row)(const NUMBER *x, NUMBER *total, int64_t width) {
    EACH_STEP(j, width) GIVE(TAKE(total + j, width - j, 0) + TAKE(x + j, width - j, 0), total + j, width - j);
}

/* Σ grad_out · weight · x */
static inline float NAMED(along)(const NUMBER *grad_out, const float *weight, const NUMBER *x, int64_t width) {
    lanes sum = {0};
    EACH_STEP(j, width) {
        int64_t left = width - j;
        sum += TAKE(grad_out + j, left, 0) * take_fp32(weight + j, left, 0) * TAKE(x + j, left, 0);
    }
    return sum_of(sum);
}

void NAMED(rms_norm)(Grouped x, Norm norm, Grouped out, Floats inverse, Extent extent) {
    EACH_TOKEN(i, extent)
        for (int64_t g = 0; g < extent.groups; g++) {
            float root = NAMED(root_of)(ROW(x, i, g), norm.epsilon, extent.width);
            NAMED(scale_row)(ROW(x, i, g), root, norm.weight, ROW(out, i, g), extent.width);
            inverse.start[i * inverse.token + g] = root;
        }
}

/* total += x, rounded, and then its norm. */
void NAMED(add_rms_norm)(Grouped x, Grouped total, Norm norm, Grouped out, Floats inverse, Extent extent) {
    EACH_TOKEN(i, extent) {
        NAMED(add_row)(ROW(x, i, 0), ROW(total, i, 0), extent.width);
        float root = NAMED(root_of)(ROW(total, i, 0), norm.epsilon, extent.width);
        NAMED(scale_row)(ROW(total, i, 0), root, norm.weight, ROW(out, i, 0), extent.width);
        inverse.start[i * inverse.token] = root;
    }
}

/* grad += r · (g − x · r² · mean(g · x)) with g = grad_out · weight. */
void NAMED(rms_norm_backward)(Grouped grad_out, Grouped x, Norm norm, Floats inverse, Grouped grad, Extent extent) {
    const int64_t width = extent.width;
    EACH_TOKEN(i, extent)
        for (int64_t g = 0; g < extent.groups; g++) {
            const NUMBER *given = ROW(grad_out, i, g), *numbers = ROW(x, i, g);
            NUMBER *result = ROW(grad, i, g);
            const float root = inverse.start[i * inverse.token + g];
            const float share = root * root * NAMED(along)(given, norm.weight, numbers, width) / (float)width;
            EACH_STEP(j, width) {
                int64_t left = width - j;
                lanes weighted = TAKE(given + j, left, 0) * take_fp32(norm.weight + j, left, 0);
                lanes change = root * (weighted - TAKE(numbers + j, left, 0) * share);
                GIVE(TAKE(result + j, left, 0) + change, result + j, left);
            }
        }
}

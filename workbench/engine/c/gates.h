/* Rotation of pairs, gated units and dropout: each number of the result follows from two of what is given. */

/* (x_j, x_{j+n}) becomes (x_j c_j − x_{j+n} s_j, x_{j+n} c_j + x_j s_j), n pairs a group. */
void NAMED(rotate)(Grouped x, Floats cosine, Floats sine, int64_t pairs, Extent extent) {
    EACH_TOKEN(i, extent) {
        const float *restrict c = cosine.start + i * cosine.token, *restrict s = sine.start + i * sine.token;
        for (int64_t g = 0; g < extent.groups; g++) {
            NUMBER *restrict first = ROW(x, i, g), *restrict second = first + pairs;
            for (int64_t j = 0; j < pairs; j++) {
                float a = READ(first[j]), b = READ(second[j]);
                first[j] = WRITE(a * c[j] - b * s[j]);
                second[j] = WRITE(b * c[j] + a * s[j]);
            }
        }
    }
}

/* out = gate · σ(u) · up */
static inline void NAMED(gate_row)(const NUMBER *restrict gates, int activation, NUMBER *restrict out, int64_t width) {
    const NUMBER *restrict ups = gates + width;
    for (int64_t j = 0; j < width; j++) {
        float gate = READ(gates[j]);
        out[j] = WRITE(gate * sigmoid(inner(gate, activation)) * READ(ups[j]));
    }
}

/* ∂gate = g · up · f' and ∂up = g · f, with f = gate · σ(u), so f' = σ + gate · σ (1 − σ) · u'. */
static inline void NAMED(ungate_row)(NUMBER *restrict gates, int activation, const NUMBER *restrict grads,
                                     int64_t width) {
    NUMBER *restrict ups = gates + width;
    for (int64_t j = 0; j < width; j++) {
        float gate = READ(gates[j]), up = READ(ups[j]), grad = READ(grads[j]);
        float sigma = sigmoid(inner(gate, activation)), f = gate * sigma;
        gates[j] = WRITE(grad * up * (sigma + f * (1 - sigma) * slope(gate, activation)));
        ups[j] = WRITE(grad * f);
    }
}

/* The activation is named as a constant in each call, so that no loop has to ask for it. */
void NAMED(glu)(Grouped gate_up, int activation, Grouped out, Extent extent) {
    EACH_TOKEN(i, extent) {
        if (activation == SILU)
            NAMED(gate_row)(ROW(gate_up, i, 0), SILU, ROW(out, i, 0), extent.width);
        else
            NAMED(gate_row)(ROW(gate_up, i, 0), GELU_TANH, ROW(out, i, 0), extent.width);
    }
}

void NAMED(glu_backward)(Grouped gate_up, int activation, Grouped grad_out, Extent extent) {
    EACH_TOKEN(i, extent) {
        if (activation == SILU)
            NAMED(ungate_row)(ROW(gate_up, i, 0), SILU, ROW(grad_out, i, 0), extent.width);
        else
            NAMED(ungate_row)(ROW(gate_up, i, 0), GELU_TANH, ROW(grad_out, i, 0), extent.width);
    }
}

/* out = factor · x where a number is kept, else 0. */
void NAMED(drop)(Grouped x, Draw draw, Grouped out, Extent extent) {
    EACH_TOKEN(i, extent) {
        const NUMBER *restrict from = ROW(x, i, 0);
        NUMBER *restrict to = ROW(out, i, 0);
        const uint32_t key = key_of(draw, i);
        for (int64_t j = 0; j < extent.width; j++)
            to[j] = WRITE(keeps(draw, key, j) ? READ(from[j]) * draw.factor : 0);
    }
}

/* grad += factor · grad_out where a number was kept. */
void NAMED(drop_backward)(Grouped grad_out, Draw draw, Grouped grad, Extent extent) {
    EACH_TOKEN(i, extent) {
        const NUMBER *restrict from = ROW(grad_out, i, 0);
        NUMBER *restrict to = ROW(grad, i, 0);
        const uint32_t key = key_of(draw, i);
        for (int64_t j = 0; j < extent.width; j++)
            to[j] = WRITE(keeps(draw, key, j) ? READ(to[j]) + READ(from[j]) * draw.factor : READ(to[j]));
    }
}

/* Rotation of pairs, gated units and dropout: each number of the result follows from two of what is given. */

/* (x_j, x_{j+n}) becomes (x_j c_j − x_{j+n} s_j, x_{j+n} c_j + x_j s_j), n pairs a group. */
void NAMED(rotate)(Grouped x, Floats cosine, Floats sine, int64_t pairs, Extent extent) {
    EACH_TOKEN(i, extent)
        for (int64_t g = 0; g < extent.groups; g++) {
            /* Groups are so short that the processor does not see by itself what follows: a third of the time. */
            expect(ROW(x, i + 1, g), extent.width * (int64_t)sizeof(NUMBER));
            NUMBER *first = ROW(x, i, g), *second = first + pairs;
            EACH_STEP(j, pairs) {
                int64_t left = pairs - j;
                lanes c = take_fp32(cosine.start + i * cosine.token + j, left, 0);
                lanes s = take_fp32(sine.start + i * sine.token + j, left, 0);
                lanes a = TAKE(first + j, left, 0), b = TAKE(second + j, left, 0);
                GIVE(a * c - b * s, first + j, left);
                GIVE(b * c + a * s, second + j, left);
            }
        }
}

/* out = gate · σ(u) · up */
static inline void NAMED(gate_row)(const NUMBER *gates, int activation, NUMBER *out, int64_t width) {
    EACH_STEP(j, width) {
        lanes gate = TAKE(gates + j, width - j, 0), up = TAKE(gates + width + j, width - j, 0);
        GIVE(gate * sigmoid(inner(gate, activation)) * up, out + j, width - j);
    }
}

/* ∂gate = g · up · f' and ∂up = g · f, with f = gate · σ(u), so f' = σ + gate · σ (1 − σ) · u'. */
static inline void NAMED(ungate_row)(NUMBER *gates, int activation, const NUMBER *grads, int64_t width) {
    NUMBER *ups = gates + width;
    EACH_STEP(j, width) {
        int64_t left = width - j;
        lanes gate = TAKE(gates + j, left, 0), up = TAKE(ups + j, left, 0), grad = TAKE(grads + j, left, 0);
        lanes sigma = sigmoid(inner(gate, activation)), f = gate * sigma;
        GIVE(grad * up * (sigma + f * (1 - sigma) * slope(gate, activation)), gates + j, left);
        GIVE(grad * f, ups + j, left);
    }
}

/* The activation is a constant in each call, so that no loop has to ask for it. */
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
        const Keys keys = keys_of(draw, i);
        EACH_STEP(j, extent.width) {
            lanes numbers = TAKE(ROW(x, i, 0) + j, extent.width - j, 0);
            GIVE(kept(numbers, draw, keys, j), ROW(out, i, 0) + j, extent.width - j);
        }
    }
}

/* grad += factor · grad_out where a number was kept. */
void NAMED(drop_backward)(Grouped grad_out, Draw draw, Grouped grad, Extent extent) {
    EACH_TOKEN(i, extent) {
        const Keys keys = keys_of(draw, i);
        NUMBER *row = ROW(grad, i, 0);
        EACH_STEP(j, extent.width) {
            lanes numbers = TAKE(ROW(grad_out, i, 0) + j, extent.width - j, 0);
            lanes sum = TAKE(row + j, extent.width - j, 0) + kept(numbers, draw, keys, j);
            GIVE(sum, row + j, extent.width - j);
        }
    }
}

/* A weight in any form times few tokens. */
#include "numbers.h"
#include "rows.h"

enum { TOGETHER = 32 };

/* out [tokens, rows] = x [tokens, columns] · weightᵀ, x in fp32; a few rows at a time, while they are near. */
void times(const Weight *weight, const float *x, int64_t tokens, void *out, int64_t stride, int64_t is_bf16,
           int64_t threads) {
#pragma omp parallel for schedule(static) num_threads((int)threads)
    for (int64_t row = 0; row < weight->rows; row += TOGETHER) {
        int64_t last = row + TOGETHER < weight->rows ? row + TOGETHER : weight->rows;
        float sums[tokens * TOGETHER + 1];
        rows_times(weight, (Vectors){x, tokens, weight->columns}, row, last, (Results){sums, TOGETHER});
        for (int64_t token = 0; token < tokens; token++)
            for (int64_t i = row; i < last; i++) {
                if (is_bf16)
                    ((bf16 *)out)[token * stride + i] = to_bf16(sums[token * TOGETHER + i - row]);
                else
                    ((float *)out)[token * stride + i] = sums[token * TOGETHER + i - row];
            }
    }
}

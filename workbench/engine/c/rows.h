/* Rows of a weight times a few vectors of fp32, whatever the weight is held in.
 *
 * Each product is summed in one order, whatever is computed beside it, and so is the same to the last bit. */
#pragma once

#include "token_tables.h"

/* So many, `stride` numbers apart. */
typedef struct {
    const float *numbers;
    int64_t count, stride;
} Vectors;

/* A row of results for each vector, `stride` numbers apart. */
typedef struct {
    float *numbers;
    int64_t stride;
} Results;

/* out[v][0 … last − first) = rows first … last of W x, of each vector. */
__attribute__((visibility("hidden"))) void rows_times(const Weight *weight, Vectors x, int64_t first, int64_t last,
                                                      Results out);

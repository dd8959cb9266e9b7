/* A matrix [rows, columns] in 4 bits, as `Coded` in Python: a number is the level of its code times its scale. */
#pragma once

#include <stdint.h>

typedef struct {
    int64_t rows, columns, block;
    /* Two numbers a byte, the first in the upper half. */
    const uint8_t *codes;
    /* fp32, or uint8 where there are nested levels; one a block. */
    const void *scales;
    /* [16] */
    const float *levels;
    /* [256], or null. What a uint8 scale stands for is nested_levels[scale] · nested_scales[its block] + offset. */
    const float *nested_levels;
    const float *nested_scales;
    int64_t nested_block;
    float offset;
} Bits4;

/* Numbers to be coded: fp32 or bf16, side by side, in blocks of up to 4096. */
typedef struct {
    const void *numbers;
    int64_t count, block, is_bf16;
    /* What lies halfway between the levels in their order [15], and their codes in that order [16]. */
    const float *bounds;
    const uint8_t *order;
} Bits4Source;

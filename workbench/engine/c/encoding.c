/* Numbers made codes of 4 bits, the same as bitsandbytes makes them. */
#include <stdbool.h>

#include "coded.h"
#include "numbers.h"

enum { LONGEST_BLOCK = 4096, BOUNDS = 15 };

/* As small as the largest number of a block may be, where it is divided by. */
static const float SMALLEST = 1e-38f;

/* Numbers [count] of one block, and their codes before they stand two in a byte. */
typedef struct {
    int64_t count;
    float numbers[LONGEST_BLOCK];
    uint8_t codes[LONGEST_BLOCK + 1];
} Block;

static void read_block(const Bits4Source *source, int64_t start, Block *block) {
    const bf16 *halves = (const bf16 *)source->numbers + start;
    if (source->is_bf16)
        for (int64_t i = 0; i < block->count; i++) block->numbers[i] = from_bf16(halves[i]);
    else
        memcpy(block->numbers, (const float *)source->numbers + start, (size_t)block->count * sizeof(float));
}

/* Sizes are ordered as their bits are, and NaN is above all of them. */
static float largest(const Block *block) {
    uint32_t most = 0;
    for (int64_t i = 0; i < block->count; i++) {
        uint32_t size = bits_of(block->numbers[i]) & 0x7fffffff;
        most = size > most ? size : most;
    }
    return float_of(most);
}

/* The number of bounds below it: with levels in order, that of the nearest level. NaN is above all. */
static void find_places(Block *block, const float *bounds) {
    for (int64_t i = 0; i < block->count; i++) {
        float number = block->numbers[i];
        int32_t place = 0;
        for (int64_t bound = 0; bound < BOUNDS; bound++) place += !(bounds[bound] >= number);
        block->codes[i] = (uint8_t)place;
    }
}

static void encode_block(const Bits4Source *source, int64_t start, Block *block, uint8_t *codes, float *scale) {
    read_block(source, start, block);
    bool whole = block->count == source->block;
    float most = largest(block), divisor = most < SMALLEST ? SMALLEST : most, factor = 1 / divisor;
    *scale = whole ? most : divisor;
    if (whole)
        for (int64_t i = 0; i < block->count; i++) block->numbers[i] *= factor;
    else
        for (int64_t i = 0; i < block->count; i++) block->numbers[i] /= divisor;
    /* A last code without a second is written beside that of zero. */
    if (block->count % 2) block->numbers[block->count++] = 0;
    find_places(block, source->bounds);
    for (int64_t i = 0; i < block->count; i += 2)
        codes[i / 2] = (uint8_t)(source->order[block->codes[i]] << 4 | source->order[block->codes[i + 1]]);
}

/* scale = max |numbers| of each block; code = the level nearest to number / scale. */
void encode_bits4(const Bits4Source *source, uint8_t *codes, float *scales, int64_t threads) {
    int64_t blocks = (source->count + source->block - 1) / source->block;
#pragma omp parallel for schedule(static) num_threads((int)threads)
    for (int64_t i = 0; i < blocks; i++) {
        int64_t start = i * source->block, left = source->count - start;
        Block block;
        block.count = left < source->block ? left : source->block;
        encode_block(source, start, &block, codes + start / 2, scales + i);
    }
}

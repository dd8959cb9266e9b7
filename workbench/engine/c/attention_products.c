/* Small products of packed matrices, sums (+)= left · right: in fp32, of pairs of bf16, and by matrix tiles. */
#include "attention.h"

#if defined(__AVX512BF16__)
#include <immintrin.h>
#endif
#if defined(__AMX_BF16__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#if defined(__AVX512F__)
enum { LANES = 16, ROWS = 8 };
#elif defined(__aarch64__)
enum { LANES = 4, ROWS = 8 };
#else
enum { LANES = 8, ROWS = 4 };
#endif
enum { VECTORS = 2 };

typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

/* c_ij (+)= Σ_u a_iu b_uj for ROWS rows and VECTORS · LANES columns, held in registers. */
static inline void multiply_strip(int64_t units, Left left, const unit *right, Sums sums) {
    lanes sum[ROWS][VECTORS];
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < VECTORS; j++)
            sum[i][j] = sums.onto ? *(const lanes *)(sums.start + i * sums.row + j * LANES) : (lanes){0};
    for (int64_t u = 0; u < units; u++)
        for (int i = 0; i < ROWS; i++)
            for (int j = 0; j < VECTORS; j++)
                sum[i][j] +=
                    ((const float *)left.start)[i * left.stride + u] * *(const lanes *)(right + u * BLOCK + j * LANES);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < VECTORS; j++) *(lanes *)(sums.start + i * sums.row + j * LANES) = sum[i][j];
}

static void multiply_whole(Extent extent, Left left, Right right, Sums sums) {
    for (int64_t column = 0; column < extent.columns; column += VECTORS * LANES) {
        int64_t panel = column / BLOCK, inside = column % BLOCK;
        for (int64_t row = 0; row < extent.rows; row += ROWS) {
            Left rows = {left.start + row * left.stride, left.stride};
            Sums corner = {sums.start + panel * sums.panel + row * sums.row + inside, sums.row, 0, sums.onto};
            multiply_strip(extent.units, rows, right.start + panel * right.panel + inside, corner);
        }
    }
}

#if defined(__AVX512BF16__)
/* c_ij (+)= Σ_u a_iu · b_uj, each a product of pairs, for 8 rows and 32 columns. */
static inline void multiply_pairs_strip(int64_t units, Left left, const unit *right, Sums sums) {
    __m512 sum[8][2];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 2; j++)
            sum[i][j] = sums.onto ? _mm512_loadu_ps(sums.start + i * sums.row + j * 16) : _mm512_setzero_ps();
    for (int64_t u = 0; u < units; u++) {
        __m512bh first = (__m512bh)_mm512_loadu_si512(right + u * BLOCK);
        __m512bh second = (__m512bh)_mm512_loadu_si512(right + u * BLOCK + 16);
        for (int i = 0; i < 8; i++) {
            __m512bh pair = (__m512bh)_mm512_set1_epi32((int)left.start[i * left.stride + u]);
            sum[i][0] = _mm512_dpbf16_ps(sum[i][0], pair, first);
            sum[i][1] = _mm512_dpbf16_ps(sum[i][1], pair, second);
        }
    }
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 2; j++) _mm512_storeu_ps(sums.start + i * sums.row + j * 16, sum[i][j]);
}

static void multiply_pairs(Extent extent, Left left, Right right, Sums sums) {
    for (int64_t panel = 0; panel < extent.columns / BLOCK; panel++)
        for (int64_t row = 0; row < extent.rows; row += 8) {
            Left rows = {left.start + row * left.stride, left.stride};
            Sums corner = {sums.start + panel * sums.panel + row * sums.row, sums.row, 0, sums.onto};
            multiply_pairs_strip(extent.units, rows, right.start + panel * right.panel, corner);
        }
}
#endif

#if defined(__AMX_BF16__)
/* Tiles 0 to 3 are 32 × 32 sums, 4 and 5 are 32 rows of the left factor, 6 and 7 are 32 columns of the right. */
static inline void multiply_tile_block(int64_t units, Left left, const unit *right, Sums sums) {
    const int64_t row = sums.row * 4, left_row = left.stride * 4, right_row = BLOCK * 4;
    float *upper = sums.start, *lower = sums.start + 16 * sums.row;
    if (sums.onto) {
        _tile_loadd(0, upper, row);
        _tile_loadd(1, upper + 16, row);
        _tile_loadd(2, lower, row);
        _tile_loadd(3, lower + 16, row);
    } else {
        _tile_zero(0);
        _tile_zero(1);
        _tile_zero(2);
        _tile_zero(3);
    }
    for (int64_t u = 0; u < units; u += 16) {
        _tile_loadd(4, left.start + u, left_row);
        _tile_loadd(6, right + u * BLOCK, right_row);
        _tile_loadd(7, right + u * BLOCK + 16, right_row);
        _tile_loadd(5, left.start + 16 * left.stride + u, left_row);
        _tile_dpbf16ps(0, 4, 6);
        _tile_dpbf16ps(1, 4, 7);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
    }
    _tile_stored(0, upper, row);
    _tile_stored(1, upper + 16, row);
    _tile_stored(2, lower, row);
    _tile_stored(3, lower + 16, row);
}

static void multiply_tiles(Extent extent, Left left, Right right, Sums sums) {
    for (int64_t panel = 0; panel < extent.columns / BLOCK; panel++)
        for (int64_t row = 0; row < extent.rows; row += BLOCK) {
            Left rows = {left.start + row * left.stride, left.stride};
            Sums corner = {sums.start + panel * sums.panel + row * sums.row, sums.row, 0, sums.onto};
            multiply_tile_block(extent.units, rows, right.start + panel * right.panel, corner);
        }
}

/* Linux keeps the tiles' registers only for a process that has asked for them. */
static bool may_use_tiles(void) {
    enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
    return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}
#endif

/* The best way that this machine has. Intel's processors multiply pairs at half the pace of whole numbers. */
int attention_way(void) {
#if defined(__AMX_BF16__)
    if (may_use_tiles()) return TILES;
#endif
#if defined(__AVX512BF16__)
    return __builtin_cpu_is("intel") ? WHOLE : PAIRS;
#else
    return WHOLE;
#endif
}

Multiply *multiply_by(int way) {
#if defined(__AMX_BF16__)
    if (way == TILES) return multiply_tiles;
#endif
#if defined(__AVX512BF16__)
    if (way == PAIRS) return multiply_pairs;
#endif
    (void)way;
    return multiply_whole;
}

#if defined(__AMX_BF16__)
/* Eight tiles of 16 rows of 64 bytes. */
static const struct {
    uint8_t palette, first_row, unused[14];
    uint16_t bytes_a_row[16];
    uint8_t rows[16];
} tile_sizes = {
    .palette = 1,
    .bytes_a_row = {64, 64, 64, 64, 64, 64, 64, 64},
    .rows = {16, 16, 16, 16, 16, 16, 16, 16},
};
#endif

/* Each thread says how large its tiles are, and lets go of them, since other libraries use them in their own way. */
void begin_products(int way) {
#if defined(__AMX_BF16__)
    if (way == TILES) _tile_loadconfig(&tile_sizes);
#endif
    (void)way;
}

void end_products(int way) {
#if defined(__AMX_BF16__)
    if (way == TILES) _tile_release();
#endif
    (void)way;
}

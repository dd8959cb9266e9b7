/* A token of each of some texts on its way through a decoder: tables of pointers, most of which are made once. */
#pragma once

#include <stdint.h>

/* A weight [rows, columns]: fp32 or bf16, its rows `stride` numbers apart, or codes of 8 or 4 bits. */
enum { FP32 = 0, BF16 = 1, INT8 = 2, BITS4 = 3 };

typedef struct {
    int64_t kind, rows, columns, stride;
    const void *codes;
    /* One fp32 a row of INT8, one a block of BITS4. */
    const float *scales;
    /* The 16 numbers that codes of 4 bits stand for. */
    const float *levels;
    int64_t block;
} Weight;

/* scale · B (A x), added to `rows` numbers from `row` on; down is A [rank, columns], up is B [rows, rank], fp32. */
typedef struct {
    const float *down, *up;
    int64_t rank, row, rows;
    double scale;
} Update;

/* Up to three weights above each other, and their bias [rows] in the type that keys are held in. */
typedef struct {
    Weight weights[3];
    const void *bias;
} Product;

enum { QKV = 0, OUT = 1, GATE_UP = 2, DOWN = 3, PRODUCTS = 4, PARTS = 3 };

typedef struct {
    Product products[PRODUCTS];
    const float *attention_norm, *mlp_norm, *query_norm, *key_norm;
    /* The rotation of its queries and keys, -1 for none; how far it sees, 0 for all. */
    int64_t rope, window;
} Layer;

typedef struct {
    const Layer *layers;
    int64_t depth, hidden, intermediate, query, key_value, width;
    /* FP32 or BF16: embedding, biases, keys and values. */
    int64_t held;
    /* 0 for SiLU, 1 for GELU by tanh. */
    int64_t activation;
    double scale, epsilon;
    const void *embedding;
    const float *norm;
    Weight head;
    /* What passes through, fp32, a row for each text; each thread has a part of `own` for itself, of own_size numbers. */
    float *total, *qkv, *mixed, *gated, *inner, *own;
    int64_t own_size;
} Model;

typedef struct {
    /* [layers, room, key_value · width] */
    void *keys, *values;
    int64_t room;
    /* Of each rotation [room, pairs]. */
    const float *const *cosines, *const *sines;
    const int64_t *pairs;
    /* [layers][PRODUCTS][PARTS], those of rank 0 do nothing; null for none at all. */
    const Update *updates;
    /* What all updates are multiplied by. */
    double strength;
    int64_t place, token;
} Text;

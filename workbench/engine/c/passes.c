/* Passes over a matrix, a token at a time: each for bf16 and for fp32, computed in fp32 and rounded where written. */
#include "passes.h"

#define NUMBER bf16
#define READ from_bf16
#define WRITE to_bf16
#define NAMED(name) name##_bf16
#include "norms.h"
#include "gates.h"
#include "losses.h"
#undef NUMBER
#undef READ
#undef WRITE
#undef NAMED

#define NUMBER float
#define READ(number) (number)
#define WRITE(number) (number)
#define NAMED(name) name##_fp32
#include "norms.h"
#include "gates.h"
#include "losses.h"

/* Passes over a matrix, a token at a time: each for bf16 and for fp32, computed in fp32 and rounded where written. */
#include "passes.h"

#define NUMBER bf16
#define READ from_bf16
#define TAKE take_bf16
#define GIVE give_bf16
#define NAMED(name) name##_bf16
#include "gates.h"
#include "losses.h"
#include "norms.h"
#undef NUMBER
#undef READ
#undef TAKE
#undef GIVE
#undef NAMED

#define NUMBER float
#define READ(number) (number)
#define TAKE take_fp32
#define GIVE give_fp32
#define NAMED(name) name##_fp32
#include "gates.h"
#include "losses.h"
#include "norms.h"

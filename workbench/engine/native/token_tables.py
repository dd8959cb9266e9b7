"""The tables of pointers that `c/token_tables.h` declares, field by field."""

from ctypes import POINTER, Structure, c_double, c_int64, c_void_p

from workbench.engine.shape import FUSED

PARTS = 3
"""The most maps that one product fuses."""


class Weight(Structure):
    _fields_ = (
        *((name, c_int64) for name in ("kind", "rows", "columns", "stride")),
        *((name, c_void_p) for name in ("codes", "scales", "levels")),
        ("block", c_int64),
    )


class Update(Structure):
    _fields_ = (
        *((name, c_void_p) for name in ("down", "up")),
        *((name, c_int64) for name in ("rank", "row", "rows")),
        ("scale", c_double),
    )


class Product(Structure):
    _fields_ = (("weights", Weight * PARTS), ("bias", c_void_p))


class Layer(Structure):
    _fields_ = (
        ("products", Product * len(FUSED)),
        *((name, c_void_p) for name in ("attention_norm", "mlp_norm", "query_norm", "key_norm")),
        *((name, c_int64) for name in ("rope", "window")),
    )


class Model(Structure):
    _fields_ = (
        ("layers", POINTER(Layer)),
        *((name, c_int64) for name in ("depth", "hidden", "intermediate", "query", "key_value", "width")),
        *((name, c_int64) for name in ("held", "activation")),
        *((name, c_double) for name in ("scale", "epsilon")),
        *((name, c_void_p) for name in ("embedding", "norm")),
        ("head", Weight),
        *((name, c_void_p) for name in ("total", "qkv", "mixed", "gated", "inner", "own")),
        ("own_size", c_int64),
    )


class Text(Structure):
    _fields_ = (
        *((name, c_void_p) for name in ("keys", "values")),
        ("room", c_int64),
        *((name, POINTER(c_void_p)) for name in ("cosines", "sines")),
        ("pairs", POINTER(c_int64)),
        ("updates", c_void_p),
        ("strength", c_double),
        *((name, c_int64) for name in ("place", "token")),
    )

"""Writes NumPy arrays and scalars by data type, shape and canonical bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import xxhash

from dagbook.versions.content import Writer, register, text_bytes

_BLOCK = 1 << 18  # bytes: a block and its mask stay in the cache of the processor


@register(np.ndarray, np.memmap)
def _array(writer: Writer, value: np.ndarray[Any, Any]) -> bytes:
    return b"array" + array_bytes(writer, value)


@register(np.ma.MaskedArray)
def _masked(writer: Writer, value: Any) -> bytes:
    mask = np.ma.getmaskarray(value)
    filled = np.where(mask, np.zeros((), value.dtype), value.data)
    head = b"masked" + writer.write(value.fill_value)
    return head + array_bytes(writer, filled) + array_bytes(writer, mask)


def array_bytes(writer: Writer, value: np.ndarray[Any, Any]) -> bytes:
    """Data type, shape and the digest of the elements in C order, NaN unified."""
    dtype = value.dtype
    head = text_bytes(dtype_name(dtype)) + b"%d" % value.ndim
    head += b"".join(b",%d" % length for length in value.shape) + b";"
    if dtype.hasobject:
        return head + writer.nested(b"O", value, lambda: map(writer.write, value.ravel().tolist()))
    if dtype.names is not None:  # padding between fields is not content
        return head + b"".join(array_bytes(writer, value[name]) for name in dtype.names)
    if dtype.char in "gG":  # a long double is padded with bytes that are not content
        value = np.stack([value.real, value.imag], -1) if dtype.kind == "c" else value
        parts = np.frexp(value)
        return head + b"".join(array_bytes(writer, part) for part in _halves(*parts))
    hasher = xxhash.xxh3_128()
    update(hasher, value)
    return head + hasher.digest()


def _halves(mantissa: Any, exponent: Any) -> tuple[Any, Any, Any]:
    """A long double as two doubles and an exponent, without loss."""
    high = mantissa.astype(np.float64)
    with np.errstate(invalid="ignore"):
        low = (mantissa - high).astype(np.float64)
    return high, low, exponent


def update(hasher: Any, value: np.ndarray[Any, Any]) -> None:
    """Feed the elements of an array to a hash, block by block, in C order."""
    if value.ndim > 1 and not value.flags.c_contiguous:
        for part in value:
            update(hasher, part)
        return
    flat = value.reshape(-1)
    unify = flat.dtype.kind in "fc"
    if not unify and flat.flags.c_contiguous:
        hasher.update(flat.view(np.uint8) if flat.size else b"")
        return
    step = max(1, _BLOCK // max(1, flat.itemsize))
    for start in range(0, flat.size, step):
        block = np.ascontiguousarray(flat[start : start + step])
        if unify:
            block = _unified(block)
        hasher.update(block.view(np.uint8))


def _unified(block: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The block with every NaN in its one canonical form."""
    if block.dtype.kind == "c":
        parts = block.view(block.real.dtype)
        return _unified(parts)
    # The smallest of a block is NaN where any is: one fast pass without a mask.
    if not np.isnan(np.minimum.reduce(block)):
        return block
    return np.where(np.isnan(block), np.array(np.nan, block.dtype), block)


def dtype_name(dtype: np.dtype[Any]) -> str:
    """A data type with byte order and fields."""
    return dtype.str if dtype.names is None else str(dtype.descr)


def _scalar(writer: Writer, value: Any) -> bytes:
    return b"scalar" + array_bytes(writer, np.asarray(value))


for _kind in np.sctypeDict.values():
    register(_kind)(_scalar)


@register(np.dtype)
def _dtype(writer: Writer, value: Any) -> bytes:
    return b"dtype" + text_bytes(dtype_name(value))

"""The settings of libraries for arrays with names and for models, one row each."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from dagbook.versions.libraries import Library, Settings, Shown, in_values, module_of

# ---------------------------------------------------------------- scikit-learn and xarray


def _sklearn() -> Settings | None:
    module = module_of("sklearn")
    found: Settings | None = module.get_config() if hasattr(module, "get_config") else None
    return found


def _sklearn_came() -> Settings:
    came: Settings = module_of("sklearn")._config._global_config
    return came


def _set_sklearn(values: Settings) -> None:
    module_of("sklearn").set_config(**values)


def _sklearn_shown(name: str, _value: Any) -> Shown | None:
    return "texts" if name in ("display", "print_changed_only") else "values"


def _xarray() -> Settings | None:
    options = getattr(module_of("xarray.core.options"), "OPTIONS", None)
    return {**options} if hasattr(module_of("xarray"), "set_options") and options else None


@cache
def _xarray_came() -> Settings:
    # It keeps no copy of what it comes with: the module that says it is run once more.
    spec: Any = importlib.util.find_spec("xarray.core.options")
    again = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(again)
    return dict(again.OPTIONS)


def _xarray_shown(name: str, _value: Any) -> Shown | None:
    if name.startswith(("warn_", "file_cache_")):
        return None
    if name.startswith(("cmap_", "facetgrid_")):
        return "figures"
    return "texts" if name.startswith("display_") else "values"


def _set_xarray(values: Settings) -> None:
    module_of("xarray").set_options(**values)


# ---------------------------------------------------------------- PyTorch and JAX

_TORCH_TEXTS = {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80}


def _torch() -> Settings | None:
    module = module_of("torch")
    if not hasattr(module, "get_default_device"):
        return None
    texts = vars(module._tensor_str.PRINT_OPTS) if hasattr(module, "_tensor_str") else {}
    return {
        "dtype": module.get_default_dtype(),
        "device": str(module.get_default_device()),
        "deterministic": (
            module.are_deterministic_algorithms_enabled(),
            module.is_deterministic_algorithms_warn_only_enabled(),
        ),
        "matmul precision": module.get_float32_matmul_precision(),
        "grad": module.is_grad_enabled(),
        **{f"cudnn.{name}": getattr(module.backends.cudnn, name) for name in _CUDNN},
        **texts,
    }


# How many threads work is aside: it is another thing on every machine.
_CUDNN = ("deterministic", "benchmark")


def _torch_came() -> Settings:
    return {
        "dtype": module_of("torch").float32,
        "device": "cpu",
        "deterministic": (False, False),
        "matmul precision": "highest",
        "grad": True,
        "cudnn.deterministic": False,
        "cudnn.benchmark": False,
        **_TORCH_TEXTS,
    }


def _torch_shown(name: str, _value: Any) -> Shown | None:
    return "texts" if name in _TORCH_TEXTS or name == "sci_mode" else "values"


def _set_torch(values: Settings) -> None:
    module = module_of("torch")
    set_by: Mapping[str, Callable[[Any], object]] = {
        "dtype": module.set_default_dtype,
        "device": module.set_default_device,
        "deterministic": lambda how: module.use_deterministic_algorithms(how[0], warn_only=how[1]),
        "matmul precision": module.set_float32_matmul_precision,
        "grad": module.set_grad_enabled,
    }
    for name, value in values.items():
        if name in set_by:
            set_by[name](value)
        elif name.startswith("cudnn."):
            setattr(module.backends.cudnn, name.removeprefix("cudnn."), value)
        else:
            setattr(module._tensor_str.PRINT_OPTS, name, value)


_JAX_CAME: Settings = {
    **dict.fromkeys(("jax_debug_infs", "jax_debug_nans", "jax_disable_jit"), False),
    **dict.fromkeys(("jax_enable_custom_prng", "jax_enable_x64"), False),
    **dict.fromkeys(("jax_default_device", "jax_default_matmul_precision"), None),
    "jax_default_prng_impl": "threefry2x32",
    "jax_numpy_dtype_promotion": "standard",
    "jax_numpy_rank_promotion": "allow",
    "jax_random_seed_offset": 0,
    "jax_softmax_custom_jvp": False,
    "jax_threefry_partitionable": True,
}


def _jax() -> Settings | None:
    config = getattr(module_of("jax"), "config", None)
    if config is None:
        return None
    held = {name: getattr(config, name, came) for name, came in _JAX_CAME.items()}
    return {name: getattr(value, "value", value) for name, value in held.items()}


def _set_jax(values: Settings) -> None:
    for name, value in values.items():
        module_of("jax").config.update(name, value)


# ---------------------------------------------------------------- the table

OF_MODELS: tuple[Library, ...] = (
    Library("xarray.set_options", _xarray, _xarray_came, _xarray_shown, _set_xarray),
    Library("jax.config", _jax, lambda: _JAX_CAME, in_values, _set_jax),
    Library("sklearn.set_config", _sklearn, _sklearn_came, _sklearn_shown, _set_sklearn, "thread"),
    Library("torch", _torch, _torch_came, _torch_shown, _set_torch, "thread"),
)

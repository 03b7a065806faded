"""How a peer is talked to: one JSON object a line in, one a line out."""

import ctypes
import json
import os
import platform
import sys
import time


# As in src/clock.ts.
clock = time.process_time if os.environ.get("MECHID_BENCH_CLOCK") == "cpu" else time.perf_counter


def kernel_of_openblas(path):
    """Which of its kernels an OpenBLAS chose, if it says so under one of the names that builds give the function."""
    library = ctypes.CDLL(path)
    for prefix in ("", "scipy_"):
        for suffix in ("", "64_"):
            name = getattr(library, f"{prefix}openblas_get_corename{suffix}", None)
            if name is not None:
                name.restype = ctypes.c_char_p
                return f" ({name().decode()})"
    return ""


def blas_in_use():
    """The libraries under matrix products, with the kernels that they chose, as far as it can be told."""
    found = []
    try:
        with open("/proc/self/maps") as maps:
            paths = sorted({line.split()[-1] for line in maps if ".so" in line})
    except OSError:
        paths = []
    names = {"openblas": "OpenBLAS", "libmkl_rt": "MKL", "libblis": "BLIS", "libatlas": "ATLAS"}
    for path in paths:
        file = path.rsplit("/", 1)[-1]
        name = next((name for part, name in names.items() if part in file), None)
        if name is not None:
            found.append(name + (kernel_of_openblas(path) if name == "OpenBLAS" else ""))
    if "jax" in sys.modules:
        found.append(f"XLA of jaxlib {sys.modules['jaxlib'].__version__}")
    if "torch" in sys.modules:
        lines = [line.strip(" -") for line in sys.modules["torch"].__config__.show().split("\n")]
        told = {
            "Math Kernel Library": lambda line: "MKL" + line.split("Version")[1].split("-")[0],
            "MKL-DNN": lambda line: "oneDNN " + line.split("MKL-DNN")[1].split()[0],
            "CPU capability": lambda line: "PyTorch's own loops for " + line.split(":")[1].strip(),
        }
        for line in lines:
            found += [words(line) for part, words in told.items() if part in line and "Build settings" not in line]
    return ", ".join(dict.fromkeys(found)) or "an unknown BLAS"


def about():
    modules = [sys.modules[name] for name in ("numpy", "scipy", "sklearn", "torch", "jax") if name in sys.modules]
    return {
        "python": platform.python_version(),
        "versions": {module.__name__: module.__version__ for module in modules},
        "blas": blas_in_use(),
    }


def serve(cases):
    """Answers until the input ends.

    `cases` maps a name to a function of the request that makes the case ready: an object whose `run()` is timed and
    whose `inspect(result, request)` tells of the last result. One that only begins its work in `run` ends it in `wait()`.
    """
    ready = result = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "about":
            answer = about()
        elif request["do"] == "prepare":
            ready = cases[request["case"]](request)
            answer = {}
        elif request["do"] == "run":
            started = clock()
            for _ in range(request["calls"]):
                result = ready.run()
            if hasattr(ready, "wait"):
                ready.wait()
            answer = {"seconds": (clock() - started) / request["calls"]}
        else:
            answer = ready.inspect(result, request)
        print(json.dumps(answer), flush=True)

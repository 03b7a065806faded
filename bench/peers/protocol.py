"""How a peer is talked to: one JSON object a line in, one a line out."""

import json
import platform
import sys
import time


def blas_in_use():
    """The library under NumPy's matrix products, as far as it can be told."""
    try:
        from threadpoolctl import threadpool_info

        found = [f"{each['internal_api']} {each['version']}" for each in threadpool_info() if each["user_api"] == "blas"]
        if found:
            return found[0]
    except ImportError:
        pass
    try:
        with open("/proc/self/maps") as maps:
            loaded = maps.read()
    except OSError:
        return "an unknown BLAS"
    names = {"openblas": "openblas", "libmkl": "mkl", "libblis": "blis", "libatlas": "atlas", "libblas": "the reference BLAS"}
    return next((name for part, name in names.items() if part in loaded), "an unknown BLAS")


def about():
    modules = [sys.modules[name] for name in ("numpy", "scipy", "sklearn", "torch") if name in sys.modules]
    return {
        "python": platform.python_version(),
        "versions": {module.__name__: module.__version__ for module in modules},
        "blas": blas_in_use(),
    }


def serve(cases):
    """Answers until the input ends.

    `cases` maps a name to a function of the request that makes the case ready: an object whose `run()` is timed and
    whose `inspect(result, request)` tells of the last result.
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
            started = time.perf_counter()
            for _ in range(request["calls"]):
                result = ready.run()
            answer = {"seconds": (time.perf_counter() - started) / request["calls"]}
        else:
            answer = ready.inspect(result, request)
        print(json.dumps(answer), flush=True)

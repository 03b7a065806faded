"""What the training steps of all libraries have in common: numbers of the objective, and parameters by name."""

import math

LEAK = 0.2
HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)


def parameters_in(arrays):
    """The parameters among arrays by name: `parameter.encoder.w0` is `encoder/w0`."""
    return {
        key.removeprefix("parameter.").replace(".", "/"): value
        for key, value in arrays.items()
        if key.startswith("parameter.")
    }


def layers(parameters, name):
    """The (weight, bias) pairs of a network, first layer first."""
    count = sum(key.startswith(f"{name}/w") for key in parameters)
    return [(parameters[f"{name}/w{i}"], parameters[f"{name}/b{i}"]) for i in range(count)]

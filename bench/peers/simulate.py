"""The published problems in NumPy: latents, the neural mixing, standardization and noise.

Rows are computed in blocks that fit the second cache, which is about 1.8 times as fast as whole arrays.
"""

import numpy as np
from protocol import serve

BLOCK = 16_384
LATENT_NOISE = 0.01
LEAK = 0.2


class Simulation:
    def __init__(self, request):
        with np.load(request["file"]) as arrays:
            # Transposed once, so that a block of rows is multiplied from the right.
            self.weights = [np.ascontiguousarray(arrays[f"weights{layer}"].T) for layer in range(len(arrays))]
        self.rows = request["rows"]
        self.observation_noise = request["observationNoise"]
        d = len(self.weights[0])
        self.frequency = (np.arange(d) + 3) / np.pi
        self.phase = np.arange(d)

    def mix(self, z):
        x = z @ self.weights[0]
        for weights in self.weights[1:]:
            np.maximum(x, LEAK * x, out=x)
            x = x @ weights
        return x

    def finish(self, x, rng):
        """Standardizes features in place and adds noise; x has a row a frame.

        Sums are in double precision, all else in single precision, as x is: faster than doubles, and accurate enough.
        """
        blocks = [x[start : start + BLOCK] for start in range(0, len(x), BLOCK)]
        mean = sum(block.astype(np.float64).sum(axis=0) for block in blocks) / len(x)
        squares = np.zeros_like(mean)
        for block in blocks:
            centred = block - mean
            squares += np.einsum("ij,ij->j", centred, centred)
        scale = np.sqrt(squares / len(x))
        shift, factor = mean.astype(np.float32), (1 / scale).astype(np.float32)
        for block in blocks:
            block -= shift
            block *= factor
            noise = rng.standard_normal(block.shape, dtype=np.float32)
            noise *= np.float32(self.observation_noise)
            block += noise
        return mean, scale

    def inspect(self, result, request):
        with np.load(request["file"]) as ours:
            theirs = {name: ours[name] for name in ours.files}
        allowed = 8 / np.sqrt(self.rows)
        mine, other = self.describe(result), self.describe(theirs)
        return {
            "differences": [
                {"what": what, "difference": float(np.abs(mine[what] - other[what]).max()), "allowed": allowed}
                for what in mine
            ]
        }

    def describe(self, result):
        """Unitless statistics, each with a standard error of at most about 1/sqrt(rows)."""
        columns = np.concatenate([result[name].reshape(self.rows, -1) for name in sorted(self.arrays)], axis=1)
        columns = columns.astype(np.float64)
        deviation = columns.std(axis=0)
        # The part of the features that the mixing does not explain, and of the latents that their causes do not.
        mixed = (self.mix(self.lines(result["z"])) - result["mean"]) / result["scale"]
        noise = self.lines(result["x"]) - mixed
        surprise = self.surprise(result)
        return {
            "means": columns.mean(axis=0) / deviation,
            "deviations": np.log(deviation),
            "correlations": np.corrcoef(columns, rowvar=False),
            "the features' means before standardization": result["mean"] / result["scale"],
            "the features' deviations before standardization": np.log(result["scale"]),
            "the deviation of the features' noise": np.log(noise.std(axis=0)),
            "the deviation of the latents' noise": np.log(surprise.std(axis=0)),
        }

    @staticmethod
    def lines(array):
        return array.reshape(-1, array.shape[-1]).astype(np.float64)


class ActionNonDiag(Simulation):
    """Each latent is driven by its own action and the one before, cyclically."""

    arrays = ("a", "x", "z")

    def location(self, a):
        own = np.sin(self.frequency * a + self.phase)
        return own + np.sin(self.frequency * np.roll(a, 1, axis=1) + self.phase)

    def surprise(self, result):
        return result["z"] - self.location(result["a"].astype(np.float64))

    def run(self):
        rng = np.random.Generator(np.random.PCG64(1))
        d, features = len(self.weights[0]), self.weights[-1].shape[1]
        x = np.empty((self.rows, features), np.float32)
        z = np.empty((self.rows, d), np.float32)
        a = np.empty((self.rows, d), np.float32)
        for start in range(0, self.rows, BLOCK):
            stop = min(start + BLOCK, self.rows)
            acted = rng.uniform(-2, 2, (stop - start, d))
            drawn = self.location(acted) + LATENT_NOISE * rng.standard_normal((stop - start, d))
            a[start:stop], z[start:stop], x[start:stop] = acted, drawn, self.mix(drawn)
        mean, scale = self.finish(x, rng)
        return {"x": x, "z": z, "a": a, "mean": mean, "scale": scale}


class TimeNonDiag(Simulation):
    """Each latent reads itself and those before it in the frame before."""

    arrays = ("x", "z")

    def location(self, z):
        drive = np.empty_like(z)
        for i, (frequency, phase) in enumerate(zip(self.frequency, self.phase)):
            drive[:, i] = np.sin(frequency * z[:, : i + 1] + phase).sum(axis=1)
        return z + 0.5 * drive

    def surprise(self, result):
        z = result["z"].astype(np.float64)
        return z[:, 1] - self.location(z[:, 0])

    def run(self):
        rng = np.random.Generator(np.random.PCG64(1))
        d, features = len(self.weights[0]), self.weights[-1].shape[1]
        x = np.empty((self.rows, 2, features), np.float32)
        z = np.empty((self.rows, 2, d), np.float32)
        for start in range(0, self.rows, BLOCK):
            stop = min(start + BLOCK, self.rows)
            first = rng.standard_normal((stop - start, d))
            second = self.location(first) + LATENT_NOISE * rng.standard_normal((stop - start, d))
            for frame, drawn in enumerate((first, second)):
                z[start:stop, frame], x[start:stop, frame] = drawn, self.mix(drawn)
        mean, scale = self.finish(x.reshape(-1, features), rng)
        return {"x": x, "z": z, "mean": mean, "scale": scale}


if __name__ == "__main__":
    serve({"ActionNonDiag": ActionNonDiag, "TimeNonDiag": TimeNonDiag})

"""What commutes with mechanisms, by NumPy: the null space of the plain system of equations from its SVD."""

from itertools import product

import numpy as np
from protocol import serve


class Commutant:
    def __init__(self, request):
        with np.load(request["file"]) as arrays:
            self.map = arrays["map"] / np.linalg.norm(arrays["map"])

    def run(self):
        one = np.eye(len(self.map))
        # Row-major vec: vec(AM) = (I x M^T) vec(A), vec(MA) = (M x I) vec(A).
        operator = np.kron(one, self.map.T) - np.kron(self.map, one)
        _, values, rows = np.linalg.svd(operator)
        floor = 100 * len(operator) * np.finfo(float).eps
        return rows[values <= floor]

    def inspect(self, result, request):
        with np.load(request["file"]) as ours:
            basis = ours["basis"]
        outside = basis - (basis @ result.T) @ result
        return {
            "dimension": abs(len(basis) - len(result)),
            "outside": float(np.linalg.norm(outside, axis=1).max()),
        }


class Fields:
    """X(m(z)) = Dm(z) X(z) for polynomial X, m(z) = S R S^-1 z (1 + growth |S^-1 z|^2), Dm by hand."""

    def __init__(self, request):
        self.degree = request["degree"]
        self.growth = request["growth"]
        askew = np.array(request["askew"])
        turn = np.zeros((4, 4))
        for k, angle in enumerate(request["angles"]):
            c, s = np.cos(angle), np.sin(angle)
            turn[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] = [[c, -s], [s, c]]
        self.straight = np.linalg.inv(askew)
        self.turn = askew @ turn @ self.straight
        self.powers = np.array([p for p in product(range(self.degree + 1), repeat=4) if sum(p) <= self.degree])
        self.points = np.random.default_rng(1).uniform(-1, 1, (request["samples"], 4))

    def monomials(self, z):
        table = z[None] ** np.arange(self.degree + 1)[:, None, None]
        out = np.ones((len(z), len(self.powers)))
        for j in range(4):
            out *= table[self.powers[:, j], :, j].T
        return out

    def run(self):
        z = self.points
        w = z @ self.straight.T
        factor = 1 + self.growth * (w * w).sum(axis=1)
        turned = z @ self.turn.T
        slopes = factor[:, None, None] * self.turn + 2 * self.growth * turned[:, :, None] * (w @ self.straight)[:, None, :]
        images = self.monomials(factor[:, None] * turned)
        system = -slopes[:, :, :, None] * self.monomials(z)[:, None, None, :]
        for i in range(4):
            system[:, i, i] += images
        _, values, rows = np.linalg.svd(system.reshape(4 * len(z), -1), full_matrices=False)
        floor = 100 * len(rows) * np.finfo(float).eps
        return rows[values <= floor * values[0]]

    def inspect(self, result, request):
        with np.load(request["file"]) as arrays:
            points, ours = arrays["points"], arrays["values"]
        theirs = np.einsum("kif,sf->ski", result.reshape(len(result), 4, -1), self.monomials(points))
        columns = [each.transpose(0, 2, 1).reshape(-1, each.shape[1]) for each in (ours, theirs)]
        base, _ = np.linalg.qr(columns[1])
        own = columns[0] / np.linalg.norm(columns[0], axis=0)
        return {
            "dimension": abs(ours.shape[1] - len(result)),
            "outside": float(np.linalg.norm(own - base @ (base.T @ own), axis=0).max()),
        }


if __name__ == "__main__":
    serve({"commutant": Commutant, "fields": Fields})

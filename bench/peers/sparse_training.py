"""Trains the mechanism-sparsity autoencoder in PyTorch under a configuration of ours: the same objective, schedules and first parameters.

A configuration is the one that `preset` of @mechid/estimator answers, as JSON. Known here: soft gates, Adam or Muon, variances that are
learned or at their optimum, a bound on the number of edges or a dense graph. One thread. Each step runs eagerly or by torch.compile, whichever
is faster in a trial of the very step, which does not count.
"""

import argparse
import json
import math

import numpy
import torch

from networks import HALF_LOG_TWO_PI, LEAK, layers, parameters_in
from progress import Progress, scores
from step import adam, blocks
from torch.nn.functional import leaky_relu
from ways import seconds_of

SMALLEST_VARIANCE = 1e-8
QUINTIC = (3.4445, -4.775, 2.0315)


def perceptron(h, network):
    """Weights are [in, out] here, as they are in our files."""
    for i, (weight, bias) in enumerate(network):
        h = torch.addmm(bias, h, weight)
        if i + 1 < len(network):
            h = leaky_relu(h, LEAK)
    return h


class Objective:
    def __init__(self, configuration):
        self.configuration = configuration
        self.dense = configuration["sparsity"]["_tag"] == "Dense"

    def divergence(self, mean, log_variance, predicted, parameters):
        """KL of second frames, or of all rows of static data, from their transitions; all are [B, d]."""
        if self.configuration["transitionVariance"] == "optimal":
            variance = torch.mean(torch.exp(log_variance) + (mean - predicted) ** 2, dim=0)
            return 0.5 * (len(mean) * torch.sum(torch.log(variance + SMALLEST_VARIANCE)) - torch.sum(log_variance))
        return gaussian_divergence(mean, log_variance, predicted, parameters["transition/logVariance"])

    def __call__(self, p, x, a, noise, gate_noise, multiplier):
        """The Lagrangian, to be minimized, and the expected number of edges. x: [B, features] with actions a, or first frames before second."""
        mean, log_variance = perceptron(x, layers(p, "encoder")).chunk(2, dim=1)
        z = mean + torch.exp(0.5 * log_variance) * noise
        squared_error = torch.mean((perceptron(z, layers(p, "decoder")) - x) ** 2)
        if self.configuration["decoderVariance"] == "optimal":
            reconstruction = 0.5 * torch.log(squared_error + SMALLEST_VARIANCE) + HALF_LOG_TWO_PI + 0.5
        else:
            decoder = p["decoder/logVariance"]
            reconstruction = 0.5 * (squared_error * torch.exp(-decoder) + decoder) + HALF_LOG_TWO_PI
        pairs = len(x) // 2
        u = z[:pairs] if a is None else a
        logits = p["gates/latents"] if a is None else p["gates/actions"]
        gates = torch.ones_like(logits) if self.dense else torch.sigmoid(logits + gate_noise)
        predicted = blocks(u, gates, layers(p, "transition"))
        if a is None:
            first = gaussian_divergence(mean[:pairs], log_variance[:pairs], p["first/mean"], p["first/logVariance"])
            kl = first + self.divergence(mean[pairs:], log_variance[pairs:], predicted, p)
        else:
            kl = self.divergence(mean, log_variance, predicted, p)
        loss = reconstruction + kl / x.numel()
        edges = torch.sum(torch.sigmoid(logits))
        return (loss if self.dense else loss + edges * multiplier), edges


def gaussian_divergence(mean, log_variance, prior_mean, prior_log_variance):
    log_ratio = log_variance - prior_log_variance
    distance = (mean - prior_mean) ** 2 * torch.exp(-prior_log_variance)
    return 0.5 * torch.sum(torch.exp(log_ratio) + distance - log_ratio - 1)


def ramp(step, steps, first, last):
    """0 up to step first * steps, 1 from last * steps on, a straight line between."""
    start = first * steps
    end = max(last * steps, start + 1)
    return min(1, max(0, (step - start) / (end - start)))


def rate_factor(step, steps, configuration):
    """Warm-up, then constant, then half a cosine."""
    warmup, final = configuration["warmup"], configuration["finalRate"]
    rise = min(1, (step + 1) / warmup) if warmup > 0 else 1
    start = configuration["decayFrom"] * steps
    if step <= start or steps <= start:
        return rise
    progress = min(1, (step - start) / (steps - start))
    return rise * (final + (1 - final) * 0.5 * (1 + math.cos(math.pi * progress)))


class Muon:
    """Orthogonalized momentum for weight matrices [in, out] (K. Jordan et al. 2024), those of one shape at a time."""

    def __init__(self, matrices, matrix_rate, momentum=0.95):
        self.matrices, self.matrix_rate, self.momentum = list(matrices), matrix_rate, momentum
        self.traces = [torch.zeros_like(matrix) for matrix in self.matrices]
        self.groups = {}
        for i, matrix in enumerate(self.matrices):
            self.groups.setdefault(tuple(matrix.shape), []).append(i)

    @torch.no_grad()
    def step(self, rate):
        gradients = [matrix.grad for matrix in self.matrices]
        torch._foreach_mul_(self.traces, self.momentum)
        torch._foreach_add_(self.traces, gradients)
        for (rows, columns), members in self.groups.items():
            x = torch.stack([gradients[i] + self.momentum * self.traces[i] for i in members])
            if rows > columns:
                x = x.mT
            x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
            for _ in range(5):
                gram = x @ x.mT
                x = QUINTIC[0] * x + (QUINTIC[1] * gram + QUINTIC[2] * gram @ gram) @ x
            if rows > columns:
                x = x.mT
            factor = -rate * self.matrix_rate * math.sqrt(max(1, rows / columns))
            for i, update in zip(members, x):
                self.matrices[i].add_(update, alpha=factor)


class Training:
    def __init__(self, rows, configuration, steps, objective_of):
        self.configuration, self.steps = configuration, steps
        arrays = {key: torch.from_numpy(rows[key]) for key in rows.files}
        self.x, self.a = arrays["x"], arrays.get("a")
        self.held = arrays["heldX"].reshape(-1, self.x.shape[-1]), rows["heldZ"].reshape(-1, rows["heldZ"].shape[-1])
        self.parameters = {name: value.clone() for name, value in parameters_in(arrays).items()}
        dense = configuration["sparsity"]["_tag"] == "Dense"
        trained = {name: p for name, p in self.parameters.items() if not (dense and name.startswith("gates/"))}
        for parameter in trained.values():
            parameter.requires_grad_()
        choice = configuration["optimizer"]
        muon = [name for name, p in trained.items() if choice["_tag"] == "Muon" and p.ndim == 2 and min(p.shape) > 1]
        muon = [name for name in muon if not name.startswith("gates/")]
        self.muon = Muon((trained[name] for name in muon), choice["matrixRate"]) if muon else None
        self.adam = adam([p for name, p in trained.items() if name not in muon], configuration["learningRate"])
        self.trained = trained
        self.objective = objective_of
        self.multiplier = torch.zeros(())
        self.random = torch.Generator().manual_seed(1)
        self.order, self.at, self.done = torch.empty(0, dtype=torch.long), 0, 0

    def batch(self):
        size = self.configuration["batch"]
        if self.at + size > len(self.order):
            self.order, self.at = torch.randperm(len(self.x), generator=self.random), 0
        chosen = self.order[self.at : self.at + size]
        self.at += size
        x = self.x[chosen]
        if self.a is not None:
            return x, self.a[chosen]
        return torch.cat([x[:, 0], x[:, 1]]), None

    def step(self):
        configuration = self.configuration
        x, a = self.batch()
        gates = self.parameters["gates/latents" if a is None else "gates/actions"]
        noise = torch.randn(len(x), len(gates), generator=self.random)
        uniform = torch.rand(gates.shape, generator=self.random).clamp_(1e-7, 1 - 1e-7)
        gate_noise = torch.log(uniform) - torch.log1p(-uniform)
        lagrangian, edges = self.objective(self.parameters, x, a, noise, gate_noise, self.multiplier)
        for parameter in self.trained.values():
            parameter.grad = None
        lagrangian.backward()
        rate = configuration["learningRate"] * rate_factor(self.done, self.steps, configuration)
        self.adam.param_groups[0]["lr"] = rate
        self.adam.step()
        if self.muon is not None:
            self.muon.step(rate)
        sparsity = configuration["sparsity"]
        if sparsity["_tag"] == "Constraint":
            open_gates = gates.numel()
            gone = ramp(self.done, self.steps, sparsity["from"], sparsity["to"])
            violation = edges.detach() - (open_gates + (sparsity["edges"] - open_gates) * gone)
            ascended = torch.relu(self.multiplier + violation * sparsity["dualRate"])
            # A dual restart: the multiplier is 0 again as soon as the constraint holds.
            self.multiplier = torch.where(violation > 0, ascended, torch.zeros(()))
        self.done += 1

    def run(self, count):
        for _ in range(count):
            self.step()

    def evaluate(self):
        x, z = self.held
        with torch.no_grad():
            mean, _ = perceptron(x, layers(self.parameters, "encoder")).chunk(2, dim=1)
        return scores(z, mean.numpy())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", required=True, help=".npz with x, a, heldX, heldZ and the first parameters")
    parser.add_argument("--configuration", required=True, help="the configuration, as JSON")
    parser.add_argument("--seconds", type=float, required=True, help="the most processor time that it trains for")
    parser.add_argument("--every", type=float, required=True, help="seconds between evaluations")
    options = parser.parse_args()
    torch.set_num_threads(1)
    configuration = json.loads(options.configuration)
    rows = numpy.load(options.rows)
    steps = configuration["steps"]
    objective = Objective(configuration)
    ways = {"eager": objective}
    if hasattr(torch, "compile"):
        try:
            compiled = torch.compile(objective)
            Training(rows, configuration, steps, compiled).step()
            ways["compiled"] = compiled
        except Exception:  # Without a C++ compiler, for one.
            pass
    trials = {way: Training(rows, configuration, steps, each).run for way, each in ways.items()}
    seconds = seconds_of(trials, 5)
    way = min(seconds, key=seconds.get)
    print(json.dumps({"way": way, "stepSeconds": seconds[way]}), flush=True)
    training = Training(rows, configuration, steps, ways[way])
    progress = Progress(options.seconds, options.every, training.evaluate)
    for step in range(1, steps + 1):
        training.step()
        if progress.after(step, last=step == steps):
            break


if __name__ == "__main__":
    main()

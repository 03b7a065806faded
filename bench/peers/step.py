"""The mechanism-sparsity training step in PyTorch, eager: encoder, decoder, a transition network for each latent behind
its gates, the Lagrangian of the edge bound, Adam. The same computation as ours, from the same numbers."""

import math
import time

import numpy
import torch
from torch.nn.functional import leaky_relu, linear

from protocol import serve

LEAK = 0.2
HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)


def layers(parameters, name):
    """The (weight, bias) pairs of a network, first layer first."""
    count = sum(key.startswith(f"{name}/w") for key in parameters)
    return [(parameters[f"{name}/w{i}"], parameters[f"{name}/b{i}"]) for i in range(count)]


def perceptron(h, network):
    for i, (weight, bias) in enumerate(network):
        h = linear(h, weight, bias)
        if i + 1 < len(network):
            h = leaky_relu(h, LEAK)
    return h


def blocks(u, gates, network):
    """One network for each latent, batched: inputs [B, k] and gates [d, k] to means [B, d]."""
    d = gates.shape[0]
    # Masking the first weights instead of the inputs is the same, and B / width times less work.
    h = u.expand(d, -1, -1)
    for i, (weight, bias) in enumerate(network):
        h = torch.baddbmm(bias, h, weight * gates.unsqueeze(2) if i == 0 else weight)
        if i + 1 < len(network):
            h = leaky_relu(h, LEAK)
    return h.squeeze(2).t()


def peak():
    """Floating-point operations a second of the fastest matrix product."""
    a, b = torch.rand(1024, 1024), torch.rand(1024, 1024)
    best = math.inf
    for _ in range(20):
        started = time.perf_counter()
        torch.mm(a, b)
        best = min(best, time.perf_counter() - started)
    return 2 * 1024**3 / best


class Step:
    def __init__(self, request):
        torch.set_num_threads(request["threads"])
        arrays = numpy.load(request["file"])
        self.bound = torch.tensor(float(request["bound"]))
        self.dual_rate = request["dualRate"]
        self.parameters = {}
        for key in arrays.files:
            if key.startswith("parameter."):
                name = key.removeprefix("parameter.").replace(".", "/")
                value = torch.from_numpy(arrays[key])
                # torch.nn.functional.linear takes [out, in].
                if name.split("/")[0] in ("encoder", "decoder") and value.ndim == 2:
                    value = value.t().contiguous()
                self.parameters[name] = value.clone().requires_grad_()
        self.networks = {name: layers(self.parameters, name) for name in ("encoder", "decoder", "transition")}
        feeds = {key: torch.from_numpy(arrays[key]) for key in ("x", "a", "posteriorNoise", "gateNoise")}
        self.batches = [{key: value[i] for key, value in feeds.items()} for i in range(feeds["x"].shape[0])]
        self.multiplier = torch.tensor(0.0)
        self.optimizer = torch.optim.Adam(
            # On the processor, one loop over lists of tensors instead of one tensor at a time: up to a tenth faster here.
            self.parameters.values(), lr=request["learningRate"], foreach=True
        )
        self.count = 0

    def run(self):
        batch = self.batches[self.count % len(self.batches)]
        self.count += 1
        x, p = batch["x"], self.parameters
        features = x.shape[1]
        mean, log_variance = perceptron(x, self.networks["encoder"]).chunk(2, dim=1)
        z = mean + torch.exp(0.5 * log_variance) * batch["posteriorNoise"]
        squared_error = torch.mean((perceptron(z, self.networks["decoder"]) - x) ** 2)
        decoder_log_variance = p["decoder/logVariance"]
        reconstruction = (
            0.5 * (squared_error * torch.exp(-decoder_log_variance) + decoder_log_variance) + HALF_LOG_TWO_PI
        )
        logits = p["gates/actions"]
        gates = torch.sigmoid(logits + batch["gateNoise"])
        predicted = blocks(batch["a"], gates, self.networks["transition"])
        prior = p["transition/logVariance"]
        log_ratio = log_variance - prior
        distance = (mean - predicted) ** 2 * torch.exp(-prior)
        divergence = 0.5 * torch.sum(torch.exp(log_ratio) + distance - log_ratio - 1) / x.numel()
        edges = torch.sum(torch.sigmoid(logits))
        loss = reconstruction + divergence
        self.optimizer.zero_grad(set_to_none=True)
        (loss + edges * self.multiplier).backward()
        self.optimizer.step()
        violation = edges.detach() - self.bound
        ascended = torch.relu(self.multiplier + violation * self.dual_rate)
        # A dual restart: the multiplier is 0 again as soon as the constraint holds.
        self.multiplier = torch.where(violation > 0, ascended, torch.zeros(()))
        self.loss = loss.detach()
        return self

    def inspect(self, _, request):
        if request.get("peak"):
            return {"peak": peak()}
        means = {name: float(value.detach().double().abs().mean()) for name, value in self.parameters.items()}
        return {"loss": float(self.loss), "multiplier": float(self.multiplier), "means": means}


if __name__ == "__main__":
    serve({"step": Step})

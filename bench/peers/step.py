"""The mechanism-sparsity training step in PyTorch: encoder, decoder, a transition network for each latent behind its
gates, the Lagrangian of the edge bound, Adam. The same computation as ours, from the same numbers. It runs eagerly or by
torch.compile, whichever is faster in a trial of the very step."""

import numpy
import torch
from torch.nn.functional import leaky_relu, linear

from networks import HALF_LOG_TWO_PI, LEAK, layers, parameters_in
from protocol import serve
from ways import rate, seconds_of


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


def rates():
    """The rates of the libraries that are here, by name."""
    a, b = torch.rand(1024, 1024), torch.rand(1024, 1024)
    found = {"PyTorch": rate(lambda: torch.mm(a, b))}
    if torch.backends.mkldnn.is_available():
        x, w = a.to_mkldnn(), b.to_mkldnn()
        found["oneDNN"] = rate(lambda: torch.nn.functional.linear(x, w))
    m, n = a.numpy(), b.numpy()
    found["NumPy"] = rate(lambda: m @ n)
    return found


def losses(parameters, batch, multiplier):
    """The Lagrangian, to be minimized, the loss in it and the expected number of edges."""
    x, p = batch["x"], parameters
    networks = {name: layers(p, name) for name in ("encoder", "decoder", "transition")}
    mean, log_variance = perceptron(x, networks["encoder"]).chunk(2, dim=1)
    z = mean + torch.exp(0.5 * log_variance) * batch["posteriorNoise"]
    squared_error = torch.mean((perceptron(z, networks["decoder"]) - x) ** 2)
    decoder_log_variance = p["decoder/logVariance"]
    reconstruction = 0.5 * (squared_error * torch.exp(-decoder_log_variance) + decoder_log_variance) + HALF_LOG_TWO_PI
    logits = p["gates/actions"]
    gates = torch.sigmoid(logits + batch["gateNoise"])
    predicted = blocks(batch["a"], gates, networks["transition"])
    prior = p["transition/logVariance"]
    log_ratio = log_variance - prior
    distance = (mean - predicted) ** 2 * torch.exp(-prior)
    divergence = 0.5 * torch.sum(torch.exp(log_ratio) + distance - log_ratio - 1) / x.numel()
    edges = torch.sum(torch.sigmoid(logits))
    loss = reconstruction + divergence
    return loss + edges * multiplier, loss, edges


def adam(parameters, rate):
    """Adam in one pass over each tensor where this version has that, else over lists of tensors."""
    try:
        return torch.optim.Adam(parameters, lr=rate, fused=True)
    except (RuntimeError, TypeError):
        return torch.optim.Adam(parameters, lr=rate, foreach=True)


# One for all steps, so that it is compiled once.
compiled_losses = torch.compile(losses) if hasattr(torch, "compile") else None


class Step:
    def __init__(self, request, losses_of):
        self.losses_of = losses_of
        arrays = numpy.load(request["file"])
        self.bound = torch.tensor(float(request["bound"]))
        self.dual_rate = request["dualRate"]
        self.parameters = {}
        for name, array in parameters_in(arrays).items():
            value = torch.from_numpy(array)
            # torch.nn.functional.linear takes [out, in].
            if name.split("/")[0] in ("encoder", "decoder") and value.ndim == 2:
                value = value.t().contiguous()
            self.parameters[name] = value.clone().requires_grad_()
        feeds = {key: torch.from_numpy(arrays[key]) for key in ("x", "a", "posteriorNoise", "gateNoise")}
        self.batches = [{key: value[i] for key, value in feeds.items()} for i in range(feeds["x"].shape[0])]
        self.multiplier = torch.tensor(0.0)
        self.optimizer = adam(self.parameters.values(), request["learningRate"])
        self.count = 0

    def run(self):
        batch = self.batches[self.count % len(self.batches)]
        self.count += 1
        lagrangian, loss, edges = self.losses_of(self.parameters, batch, self.multiplier)
        self.optimizer.zero_grad(set_to_none=True)
        lagrangian.backward()
        self.optimizer.step()
        violation = edges.detach() - self.bound
        ascended = torch.relu(self.multiplier + violation * self.dual_rate)
        # A dual restart: the multiplier is 0 again as soon as the constraint holds.
        self.multiplier = torch.where(violation > 0, ascended, torch.zeros(()))
        self.loss = loss.detach()
        return self

    def steps(self, count):
        for _ in range(count):
            self.run()


class Faster:
    """The step in the way that is faster here, from its beginning."""

    def __init__(self, request):
        torch.set_num_threads(request["threads"])
        ways = {"eager": losses}
        self.complaint = "" if compiled_losses is not None else "this PyTorch cannot compile"
        if compiled_losses is not None:
            try:
                Step(request, compiled_losses).run()
                ways["compiled"] = compiled_losses
            except Exception as error:  # Without a C++ compiler, for one.
                self.complaint = str(error).strip().split("\n")[0]
        steps = {way: Step(request, losses_of).steps for way, losses_of in ways.items()}
        self.seconds = seconds_of(steps, max(1, request["calls"] // 5))
        self.way = min(self.seconds, key=self.seconds.get)
        self.step = Step(request, ways[self.way])

    def run(self):
        return self.step.run()

    def inspect(self, _, request):
        if request.get("ways"):
            return {"way": self.way, "seconds": self.seconds, "complaint": self.complaint, "rates": rates()}
        step = self.step
        means = {name: float(value.detach().double().abs().mean()) for name, value in step.parameters.items()}
        return {"loss": float(step.loss), "multiplier": float(step.multiplier), "means": means}


if __name__ == "__main__":
    serve({"step": Faster})

"""The mechanism-sparsity training step in JAX: one jitted function from the state and a batch to the next state, whose memory it takes over.
The same computation as step.py, from the same numbers. The networks of the latents are a batched product, or one product each: whichever is
faster in a trial of the very step."""

import os

import numpy

from networks import HALF_LOG_TWO_PI, LEAK, layers, parameters_in
from protocol import serve
from ways import rate, seconds_of

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


def start_jax(threads):
    """Imports JAX with so many threads for XLA, which reads these settings when it starts."""
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["NPROC"] = str(threads)
    if threads == 1:
        flags = os.environ.get("XLA_FLAGS", "")
        os.environ["XLA_FLAGS"] = f"{flags} --xla_cpu_multi_thread_eigen=false".strip()
    import jax

    return jax


def lagrangian_of(jax, one_by_one):
    """The function to be differentiated; it answers the loss and the expected number of edges beside it."""
    jnp = jax.numpy

    def perceptron(h, network):
        for i, (weight, bias) in enumerate(network):
            h = h @ weight + bias
            if i + 1 < len(network):
                h = jax.nn.leaky_relu(h, LEAK)
        return h

    def batched(u, gates, network):
        """One network for each latent: inputs [B, k] and gates [d, k] to means [B, d]."""
        h = jnp.broadcast_to(u, (gates.shape[0], *u.shape))
        for i, (weight, bias) in enumerate(network):
            # Masking the first weights instead of the inputs is the same, and B / width times less work.
            h = h @ (weight * gates[:, :, None] if i == 0 else weight) + bias
            if i + 1 < len(network):
                h = jax.nn.leaky_relu(h, LEAK)
        return h[:, :, 0].T

    def each(u, gates, network):
        """The same, one latent after the other."""
        means = []
        for j in range(gates.shape[0]):
            own = [(weight[j], bias[j]) for weight, bias in network]
            own[0] = (own[0][0] * gates[j][:, None], own[0][1])
            means.append(perceptron(u, own))
        return jnp.concatenate(means, axis=1)

    blocks = each if one_by_one else batched

    def lagrangian(p, batch, multiplier):
        x = batch["x"]
        mean, log_variance = jnp.split(perceptron(x, layers(p, "encoder")), 2, axis=1)
        z = mean + jnp.exp(0.5 * log_variance) * batch["posteriorNoise"]
        squared_error = jnp.mean((perceptron(z, layers(p, "decoder")) - x) ** 2)
        decoder = p["decoder/logVariance"]
        reconstruction = jnp.sum(0.5 * (squared_error * jnp.exp(-decoder) + decoder) + HALF_LOG_TWO_PI)
        logits = p["gates/actions"]
        predicted = blocks(batch["a"], jax.nn.sigmoid(logits + batch["gateNoise"]), layers(p, "transition"))
        prior = p["transition/logVariance"]
        log_ratio = log_variance - prior
        distance = (mean - predicted) ** 2 * jnp.exp(-prior)
        divergence = 0.5 * jnp.sum(jnp.exp(log_ratio) + distance - log_ratio - 1) / x.size
        edges = jnp.sum(jax.nn.sigmoid(logits))
        loss = reconstruction + divergence
        return loss + edges * multiplier, (loss, edges)

    return lagrangian


def step_of(jax, one_by_one, learning_rate, bound, dual_rate):
    """One step: gradients, Adam, and the multiplier, compiled as one."""
    jnp = jax.numpy
    gradient = jax.grad(lagrangian_of(jax, one_by_one), has_aux=True)

    def step(state, batch):
        gradients, (loss, edges) = gradient(state["parameters"], batch, state["multiplier"])
        count = state["count"] + 1
        first, second = 1 - BETA1**count, 1 - BETA2**count
        m = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, state["m"], gradients)
        v = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, state["v"], gradients)
        parameters = jax.tree.map(
            lambda p, m, v: p - learning_rate * (m / first) / (jnp.sqrt(v / second) + EPSILON), state["parameters"], m, v
        )
        violation = edges - bound
        # A dual restart: the multiplier is 0 again as soon as the constraint holds.
        multiplier = jnp.where(violation > 0, jnp.maximum(state["multiplier"] + dual_rate * violation, 0), 0)
        return {"parameters": parameters, "m": m, "v": v, "count": count, "multiplier": multiplier, "loss": loss}

    return jax.jit(step, donate_argnums=0)


class Step:
    def __init__(self, jax, request, one_by_one):
        jnp = jax.numpy
        arrays = numpy.load(request["file"])
        parameters = parameters_in(arrays)

        def fresh(value):
            return {name: jnp.array(value(array)) for name, array in parameters.items()}

        zero = jnp.float32(0)
        self.state = {
            "parameters": fresh(lambda array: array),
            "m": fresh(numpy.zeros_like),
            "v": fresh(numpy.zeros_like),
            "count": zero,
            "multiplier": zero + 0,
            "loss": zero + 0,
        }
        feeds = {key: arrays[key] for key in ("x", "a", "posteriorNoise", "gateNoise")}
        self.batches = [{key: jnp.array(value[i]) for key, value in feeds.items()} for i in range(len(feeds["x"]))]
        self.step = step_of(jax, one_by_one, request["learningRate"], request["bound"], request["dualRate"])
        self.done = 0

    def run(self):
        self.state = self.step(self.state, self.batches[self.done % len(self.batches)])
        self.done += 1
        return self

    def wait(self):
        self.state["loss"].block_until_ready()
        for value in self.state["parameters"].values():
            value.block_until_ready()

    def steps(self, count):
        for _ in range(count):
            self.run()
        self.wait()


class Faster:
    """The step in the way that is faster here, from its beginning."""

    def __init__(self, request):
        self.jax = start_jax(request["threads"])
        ways = {"batched": False, "latent by latent": True}
        calls = max(1, request["calls"] // 5)
        steps = {way: Step(self.jax, request, one_by_one).steps for way, one_by_one in ways.items()}
        self.seconds = seconds_of(steps, calls)
        self.way = min(self.seconds, key=self.seconds.get)
        self.step = Step(self.jax, request, ways[self.way])

    def run(self):
        return self.step.run()

    def wait(self):
        self.step.wait()

    def inspect(self, _, request):
        if request.get("ways"):
            jnp = self.jax.numpy
            a, b = (jnp.array(numpy.random.default_rng(k).random((1024, 1024), numpy.float32)) for k in (1, 2))
            product = self.jax.jit(jnp.matmul)
            m, n = numpy.array(a), numpy.array(b)
            rates = {"XLA": rate(lambda: product(a, b).block_until_ready()), "NumPy": rate(lambda: m @ n)}
            return {"way": self.way, "seconds": self.seconds, "complaint": "", "rates": rates}
        state = self.step.state
        means = {name: float(abs(numpy.array(value, numpy.float64)).mean()) for name, value in state["parameters"].items()}
        return {"loss": float(state["loss"]), "multiplier": float(state["multiplier"]), "means": means}


if __name__ == "__main__":
    serve({"step": Faster})

"""Trains a variational autoencoder with PyTorch and exports its encoder: `python train_encoder.py DATA.npz ENCODER.onnx`.

DATA.npz has observations x [n, features] and actions a [n, k]. The prior of the latents given the actions is a Gaussian
whose mean is a network of the actions and whose variance is not; up to an affine map and noise, codes of such a model are
the latents. `encoder.onnx` beside this file was made by it, from the data of docs/from-python.md.

Needs torch and numpy, for the export onnx and onnxscript.
"""
import sys

import numpy as np
import torch
from torch import nn

LATENTS, HIDDEN, STEPS, BATCH = 5, 64, 20_000, 512


def network(inputs, outputs):
    layers = [nn.Linear(inputs, HIDDEN), nn.SiLU(), nn.Linear(HIDDEN, HIDDEN), nn.SiLU(), nn.Linear(HIDDEN, HIDDEN), nn.SiLU()]
    return nn.Sequential(*layers, nn.Linear(HIDDEN, outputs))


class Encoder(nn.Module):
    """Mean and log-variance of the latents given an observation. It standardizes observations itself."""

    def __init__(self, centre, scale):
        super().__init__()
        self.register_buffer("centre", centre)
        self.register_buffer("scale", scale)
        self.body = network(len(centre), 2 * LATENTS)

    def forward(self, x):
        out = self.body((x - self.centre) / self.scale)
        return out[:, :LATENTS], out[:, LATENTS:]


def train(x, a):
    torch.manual_seed(1)
    encoder = Encoder(x.mean(0), x.std(0))
    decoder, prior = network(LATENTS, x.shape[1]), network(a.shape[1], LATENTS)
    log_scale = nn.Parameter(torch.zeros(LATENTS))
    parameters = [*encoder.parameters(), *decoder.parameters(), *prior.parameters(), log_scale]
    optimizer = torch.optim.Adam(parameters, 2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    targets = (x - encoder.centre) / encoder.scale
    for step in range(STEPS):
        rows = torch.randint(len(x), (BATCH,))
        mu, logvar = encoder(x[rows])
        z = mu + (0.5 * logvar).exp() * torch.randn_like(mu)
        # The decoder's variance at its optimum for the batch.
        fit = 0.5 * x.shape[1] * (targets[rows] - decoder(z)).square().mean().log()
        squares = (logvar.exp() + (mu - prior(a[rows])).square()) * (-2 * log_scale).exp()
        divergence = 0.5 * (squares - 1 - logvar + 2 * log_scale).sum(1).mean()
        optimizer.zero_grad()
        (fit + divergence).backward()
        optimizer.step()
        schedule.step()
        if step % 2000 == 0:
            print(step, f"fit {fit.item():.2f}, divergence {divergence.item():.2f}", flush=True)
    return encoder.eval()


def main(data, path):
    arrays = np.load(data)
    x, a = (torch.tensor(arrays[name], dtype=torch.float32) for name in "xa")
    encoder = train(x, a)
    torch.onnx.export(
        encoder,
        (x[:2],),
        path,
        dynamo=True,
        input_names=["x"],
        output_names=["mu", "logvar"],
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        external_data=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

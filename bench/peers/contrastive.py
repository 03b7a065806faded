"""Trains CEBRA (S. Schneider, J. H. Lee, M. W. Mathis 2023) on the same rows.

Positives are the next frame of a pair, where there are pairs; for single rows with actions, a row whose actions are near
(`delta_normal`, its distribution for continuous labels). Its model `offset1-model-mse` with 128 units and ten outputs, which are
not normalized: the latents fill a space, not a sphere. InfoNCE with Euclidean distances at temperature 1, Adam, 512 rows.
"""

import argparse

import cebra
import numpy
import torch
from cebra.data import BatchIndex, ContinuousDataLoader, TensorDataset
from cebra.models.criterions import FixedEuclideanInfoNCE

from progress import Progress, scores

UNITS, LATENTS, BATCH = 128, 10, 512
# Wide enough that a row with such actions exists: ten actions in [-2, 2] are far from each other.
DELTA = 0.5


class Pairs:
    """Frames of pairs, first ones at even places: each reference is a first frame, its positive the second."""

    def __init__(self, frames):
        self.pairs = len(frames) // 2

    def get_indices(self):
        reference = 2 * torch.randint(0, self.pairs, (BATCH,))
        return BatchIndex(reference=reference, positive=reference + 1, negative=torch.randint(0, 2 * self.pairs, (BATCH,)))


def source_of(x, a):
    """The data set, and what draws indices of references, positives and negatives from it."""
    if a is None:
        frames = x.reshape(-1, x.shape[-1])
        data = TensorDataset(frames, continuous=torch.zeros(len(frames), 1), offset=cebra.data.Offset(0, 1))
        return data, Pairs(frames).get_indices
    data = TensorDataset(x, continuous=a, offset=cebra.data.Offset(0, 1))
    loader = ContinuousDataLoader(dataset=data, num_steps=1, batch_size=BATCH, conditional="delta_normal", delta=DELTA)
    return data, lambda: loader.get_indices(BATCH)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", required=True, help=".npz with x, a, heldX and heldZ")
    parser.add_argument("--seconds", type=float, required=True, help="the most processor time that it trains for")
    parser.add_argument("--every", type=float, required=True, help="seconds between evaluations")
    parser.add_argument("--rate", type=float, default=1e-3, help="the learning rate (default: 0.001)")
    parser.add_argument("--steps", type=int, default=10**9, help="the most steps (default: as the time allows)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    rows = numpy.load(options.rows)
    x = torch.from_numpy(rows["x"])
    data, indices = source_of(x, torch.from_numpy(rows["a"]) if "a" in rows.files else None)
    model = cebra.models.init("offset1-model-mse", x.shape[-1], UNITS, LATENTS)
    criterion = FixedEuclideanInfoNCE(temperature=1.0)
    optimizer = torch.optim.Adam(model.parameters(), lr=options.rate)
    solver = cebra.solver.init("single-session", model=model, criterion=criterion, optimizer=optimizer)
    held = torch.from_numpy(rows["heldX"]).reshape(-1, x.shape[-1])
    z = rows["heldZ"].reshape(len(held), -1)

    def evaluate():
        model.eval()
        with torch.no_grad():
            z_hat = model(held.unsqueeze(2)).reshape(len(held), -1).numpy()
        model.train()
        return scores(z, z_hat)

    model.train()
    progress = Progress(options.seconds, options.every, evaluate)
    for step in range(1, options.steps + 1):
        solver.step(data.load_batch(indices()))
        if progress.after(step, last=step == options.steps):
            break


if __name__ == "__main__":
    main()

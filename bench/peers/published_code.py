"""Trains with the code that [MS] published, as it is, and tells how MCC goes with time.

The code is https://github.com/slachapelle/disentanglement_via_mechanism_sparsity; `--code` names the folder of a clone. Its own `train.py` runs
with its own options, data, networks, evaluation and optimizer: 1,000,000 rows, batches of 1,024, 300,000 steps, the bound falling over the first
150,000 of them to the true number of edges, with dual restarts. What differs: data are loaded in the same process, evaluations come after so many
seconds, do not count, and nothing is drawn.

It needs PyTorch, scikit-learn, matplotlib, pytorch-ignite, and cooper as it was in 2022 (commit eae7c5a of https://github.com/cooper-org/cooper:
its later versions have other names).
"""

import argparse
import builtins
import importlib
import importlib.util
import pathlib
import sys
import tempfile
import types

from progress import Progress

PACKAGE = "disentanglement_via_mechanism_sparsity"
PROBLEMS = {
    "ActionNonDiag": ["--dataset", "toy-nn/action_sparsity_non_trivial", "--freeze_g", "--n_lag", "0"],
    "TimeNonDiag": ["--dataset", "toy-nn/temporal_sparsity_non_trivial", "--freeze_gc", "--n_lag", "1", "--full_seq"],
}
SETTINGS = ["--mode", "vae", "--z_dim", "10", "--gt_z_dim", "10", "--gt_x_dim", "20", "--set_constraint_to_gt"]
SETTINGS += ["--constraint_schedule", "150000", "--dual_restarts"]
# Beyond the last step: the evaluations and pictures of train.py are not ours to time.
NEVER = str(10**9)


class Enough(Exception):
    """The time is over."""


def train_module(folder):
    """Its train.py, whatever the folder is called."""
    import numpy

    if not hasattr(numpy, "product"):
        numpy.product = numpy.prod  # NumPy 2 took it away.
    builtins.clean = None  # A stray word in its train.py, which names nothing.
    package = types.ModuleType(PACKAGE)
    package.__path__ = [str(folder)]
    sys.modules[PACKAGE] = package
    return importlib.import_module(f"{PACKAGE}.train")


def run(options):
    """Trains for `options.seconds` of processor time."""
    import torch

    torch.set_num_threads(1)
    train = train_module(options.code)
    made = {}
    for name in ("build_model", "get_loader"):

        def keep(*arguments, name=name, call=getattr(train, name)):
            made[name] = call(*arguments)
            return made[name]

        setattr(train, name, keep)

    class Trainer(train.Engine):
        """The first engine is the one that trains."""

        def __init__(self, process):
            super().__init__(process)
            if "trainer" not in made:
                made["trainer"] = self
                self.add_event_handler(train.Events.STARTED, begin)
                self.add_event_handler(train.Events.ITERATION_COMPLETED, look)

    def evaluate():
        test = made["get_loader"][2]
        mcc, _, r, *_ = train.evaluate_disentanglement(made["build_model"], test, "cpu", settings)
        return {"mcc": float(mcc), "r": float(r)}

    def begin(_):
        made["progress"] = Progress(options.seconds, options.every, evaluate)

    def look(engine):
        if made["progress"].after(engine.state.iteration):
            raise Enough()

    train.Engine = Trainer
    with tempfile.TemporaryDirectory() as folder:
        never = [f"--{name}_period={NEVER}" for name in ("eval", "plot", "ckpt", "fast_log")]
        words = [*PROBLEMS[options.problem], *SETTINGS, *never, "--no_print", "--no_cuda", "--n_workers", "0"]
        settings = train.init_exp([*words, "--seed", str(options.seed), "--output_dir", f"{folder}/run"])
        try:
            train.main(settings)
        except Enough:
            pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--code", type=pathlib.Path, required=True, help="the folder of a clone of the published code")
    parser.add_argument("--problem", choices=sorted(PROBLEMS), default="ActionNonDiag")
    parser.add_argument("--seconds", type=float, default=600, help="how long it trains, in processor time (default: 600)")
    parser.add_argument("--every", type=float, default=60, help="seconds between evaluations (default: 60)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not (options.code / "train.py").is_file():
        parser.error(f"{options.code} holds no train.py; --code names a clone of the published code")
    missing = [name for name in ("torch", "sklearn", "matplotlib", "ignite", "cooper") if importlib.util.find_spec(name) is None]
    if missing:
        parser.error(f"this Python does not import {', '.join(missing)}")
    run(options)


if __name__ == "__main__":
    main()

"""How MCC goes with a training's time, and the scores of held-out rows."""

import json
import time

import numpy


class Progress:
    """Evaluates a training every so many seconds of its processor time, and says when the time is over.

    Evaluations are no part of that time. `evaluate()` answers scores by name; each evaluation is a line of JSON.
    """

    def __init__(self, seconds, every, evaluate):
        self.limit, self.every, self.evaluate = seconds, every, evaluate
        self.aside, self.next = 0.0, every
        self.began = time.process_time()

    def seconds(self):
        return time.process_time() - self.began - self.aside

    def after(self, step, last=False):
        """To be called after each step; answers whether the training is to end."""
        reached = self.seconds()
        over = last or reached >= self.limit
        if over or reached >= self.next:
            before = time.process_time()
            scores = self.evaluate()
            self.aside += time.process_time() - before
            print(json.dumps({"seconds": round(reached, 2), "step": step, **scores}), flush=True)
            self.next = reached + self.every
        return over


def mcc(z, z_hat):
    """The mean absolute correlation of latents [n, d] with the learned ones that they match best."""
    from scipy.optimize import linear_sum_assignment

    d = z.shape[1]
    correlations = numpy.abs(numpy.corrcoef(z, z_hat, rowvar=False)[:d, d:])
    rows, columns = linear_sum_assignment(correlations, maximize=True)
    return float(correlations[rows, columns].mean())


def multiple_correlation(z, z_hat):
    """R: the root of the share of each latent's variance that a linear map of all learned ones explains, averaged."""
    inputs = numpy.column_stack([z_hat, numpy.ones(len(z_hat))]).astype(numpy.float64)
    fitted = inputs @ numpy.linalg.lstsq(inputs, z, rcond=None)[0]
    share = 1 - ((z - fitted) ** 2).sum(axis=0) / ((z - z.mean(axis=0)) ** 2).sum(axis=0)
    return float(numpy.sqrt(numpy.maximum(share, 0)).mean())


def scores(z, z_hat):
    return {"mcc": mcc(z, z_hat), "r": multiple_correlation(z, z_hat)}

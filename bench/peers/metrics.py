"""MCC and R as one writes them with NumPy, SciPy and scikit-learn."""

import numpy as np
from protocol import serve
from scipy.optimize import linear_sum_assignment


def load(request):
    with np.load(request["file"]) as arrays:
        return arrays["z"], arrays["zHat"]


def matched(correlations):
    magnitudes = np.abs(correlations)
    rows, columns = linear_sum_assignment(magnitudes, maximize=True)
    return magnitudes[rows, columns].mean(), correlations


class Pearson:
    def __init__(self, request):
        self.z, self.z_hat = load(request)

    def run(self):
        d = self.z.shape[1]
        return matched(np.corrcoef(self.z, self.z_hat, rowvar=False)[:d, d:])

    def inspect(self, result, _):
        value, correlations = result
        return {"value": float(value), "parts": correlations.ravel().tolist()}


class Spearman(Pearson):
    def __init__(self, request):
        super().__init__(request)
        from scipy.stats import spearmanr

        self.spearmanr = spearmanr

    def run(self):
        d = self.z.shape[1]
        return matched(self.spearmanr(self.z, self.z_hat).statistic[:d, d:])


class Regression(Pearson):
    def __init__(self, request):
        super().__init__(request)
        from sklearn.linear_model import LinearRegression
        from sklearn.metrics import r2_score

        self.model, self.score = LinearRegression, r2_score

    def run(self):
        predicted = self.model().fit(self.z_hat, self.z).predict(self.z_hat)
        r = np.sqrt(np.maximum(self.score(self.z, predicted, multioutput="raw_values"), 0))
        return r.mean(), r


if __name__ == "__main__":
    serve({"pearson": Pearson, "spearman": Spearman, "regression": Regression})

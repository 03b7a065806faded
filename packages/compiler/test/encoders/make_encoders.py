"""Makes the models of this folder and expected.json: small encoders as people export them, good and bad ones.

    pip install torch onnx onnxscript && python make_encoders.py

Made with torch 2.15.0 on the processor, onnx 1.23.2, onnxscript 0.7.2. Weights are drawn from fixed seeds.
"""
import json
import os
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper

os.chdir(os.path.dirname(os.path.abspath(__file__)))
torch.manual_seed(1)
expected = {}


class Vae(torch.nn.Module):
    """Means and log-variances of a posterior."""

    def __init__(self, features=6, latents=3, hidden=8):
        super().__init__()
        self.body = torch.nn.Sequential(torch.nn.Linear(features, hidden), torch.nn.BatchNorm1d(hidden), torch.nn.LeakyReLU(0.2))
        self.mu = torch.nn.Linear(hidden, latents)
        self.logvar = torch.nn.Linear(hidden, latents)
        self.body[1].running_mean.normal_()

    def forward(self, x):
        h = self.body(x)
        return self.mu(h), self.logvar(h)


class Sampling(Vae):
    def forward(self, x):
        mu, logvar = super().forward(x)
        return mu + torch.randn_like(mu) * (0.5 * logvar).exp()


class Mean(Vae):
    def forward(self, x):
        return super().forward(x)[0]


class Conv(torch.nn.Module):
    """Frames, channels first. Its output has two axes more than codes."""

    def __init__(self):
        super().__init__()
        self.body = torch.nn.Sequential(
            torch.nn.Conv2d(3, 4, 3, stride=2, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(4, 2, 3)
        )

    def forward(self, x):
        return self.body(x)


class Scaled(torch.nn.Module):
    """Takes bytes, channels last."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return self.inner(x.permute(0, 3, 1, 2).float() / 255)


class WithActions(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.x, self.a = torch.nn.Linear(6, 3), torch.nn.Linear(2, 3)

    def forward(self, x, a):
        return torch.tanh(self.x(x)) + self.a(a)


def legacy(name, model, inputs, names=("x",), outputs=("z",), dynamic=True, training=False):
    axes = {one: {0: "batch"} for one in (*names, *outputs)} if dynamic else None
    mode = torch.onnx.TrainingMode.TRAINING if training else torch.onnx.TrainingMode.EVAL
    torch.onnx.export(
        model, inputs, f"{name}.onnx", dynamo=False, input_names=list(names), output_names=list(outputs),
        dynamic_axes=axes, opset_version=17, training=mode, do_constant_folding=not training,
    )


def dynamo(name, model, inputs, external):
    batch = torch.export.Dim("batch")
    torch.onnx.export(
        model, inputs, f"{name}.onnx", dynamo=True, input_names=["x"], output_names=["mu", "logvar"][: 1 if name == "conv" else 2],
        dynamic_shapes=({0: batch},), external_data=external, opset_version=18, verbose=False,
    )


def remember(name, outputs):
    """What PyTorch makes of the rows, flat."""
    expected[name] = {k: np.asarray(v, dtype=np.float64).round(9).reshape(-1).tolist() for k, v in outputs.items()}


def values(*shape):
    """Row by row, sin(1 + i): the tests make the same numbers."""
    return torch.sin(1 + torch.arange(int(np.prod(shape)), dtype=torch.float64)).reshape(shape)


rows = values(5, 6)
with torch.no_grad():
    vae = Vae().eval()
    mu, logvar = vae(rows.float())
    remember("vae", {"mu": mu, "logvar": logvar})
    legacy("legacy", vae, (rows.float(),), outputs=("mu", "logvar"))
    dynamo("dynamo", vae, (rows.float(),), False)
    # PyTorch keeps small weights in the model, whatever it is told.
    wide = Vae(hidden=64).eval()
    dynamo("beside", wide, (rows.float(),), True)
    remember("beside", {"mu": wide(rows.float())[0]})
    mean = Mean().eval()
    mean.load_state_dict(vae.state_dict())
    legacy("fixed", mean, (rows[:4].float(),), dynamic=False)
    legacy("one", mean, (rows[:1].float(),), dynamic=False)
    torch.manual_seed(2)
    double = Mean().eval().double()
    legacy("double", double, (rows,))
    remember("double", {"z": double(rows)})
    half = Mean().eval().half()
    legacy("half", half, (rows.half(),))
    remember("half", {"z": half(rows.half()).float()})
    sampling = Sampling().eval()
    legacy("sampling", sampling, (rows.float(),))
    legacy("training", Mean().train(), (rows.float(),), training=True)
    both = WithActions().eval()
    actions = values(5, 2).float()
    legacy("actions", both, (rows.float(), actions), names=("x", "a"))
    remember("actions", {"z": both(rows.float(), actions)})
    conv = Conv().eval()
    # The tests have frames [n, height, width, channels]; PyTorch has channels first.
    frames = values(2, 9, 8, 3).float()
    dynamo("conv", conv, (frames.permute(0, 3, 1, 2).contiguous(),), False)
    remember("conv", {"mu": conv(frames.permute(0, 3, 1, 2))})
    pixels = (torch.arange(2 * 9 * 8 * 3) % 256).reshape(2, 9, 8, 3).to(torch.uint8)
    scaled = Scaled(conv)
    legacy("bytes", scaled, (pixels,))
    remember("bytes", {"z": scaled(pixels)})


def save(name, nodes, inputs, outputs, initializers=(), domain=None, **about):
    graph = helper.make_graph(nodes, name, inputs, outputs, initializers)
    imports = [helper.make_opsetid("", 17)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    onnx.save(helper.make_model(graph, opset_imports=imports, ir_version=8, **about), f"{name}.onnx")


port = helper.make_tensor_value_info
save("mystery", [helper.make_node("Mystery", ["x"], ["z"], domain="com.example")],
     [port("x", TensorProto.FLOAT, ["n", 6])], [port("z", TensorProto.FLOAT, ["n", 3])], domain="com.example")
save("whole", [helper.make_node("Cast", ["x"], ["z"], to=TensorProto.FLOAT)],
     [port("x", TensorProto.INT64, ["n", 6])], [port("z", TensorProto.FLOAT, ["n", 6])])
save("turned", [helper.make_node("Transpose", ["x"], ["z"])],
     [port("x", TensorProto.FLOAT, ["n", 6])], [port("z", TensorProto.FLOAT, [6, "n"])])
save("logarithm", [helper.make_node("Log", ["x"], ["z"])],
     [port("x", TensorProto.FLOAT, ["n", 6])], [port("z", TensorProto.FLOAT, ["n", 6])])
# It says that it takes any number of rows, and was traced for four.
four = helper.make_tensor("four", TensorProto.INT64, [2], [4, 6])
save("traced", [helper.make_node("Reshape", ["x", "four"], ["z"])],
     [port("x", TensorProto.FLOAT, ["n", 6])], [port("z", TensorProto.FLOAT, ["n", 6])], [four])

json.dump(expected, open("expected.json", "w"))
open("expected.json", "a").write("\n")

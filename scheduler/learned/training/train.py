#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pado authors
# SPDX-License-Identifier: Apache-2.0
"""Trains the predictor of the learned scheduling policy and writes its weights file.

    pip install -r scheduler/learned/training/requirements.txt
    build/release/pado schedule dataset --out build/predictor
    scheduler/learned/training/train.py build/predictor

Reads <prefix>.training.npy and <prefix>.validation.npy: rows of inputs, running mean, newest report of the RBG, age in
slots, RBG width in PRBs, speed in km/h, and the label, the SINR in dB that the user would have reported without noise.
"""
import argparse
import hashlib
import json
import pathlib
import time

import numpy as np
import torch

INPUTS = [
    "report 0", "report 1", "report 2", "report 3", "report 4",
    "two RBGs below", "one RBG below", "one RBG above", "two RBGs above",
    "wideband 0", "wideband 1", "wideband 2", "wideband 3",
    "rms change", "rms change over two", "rms in time", "rms in frequency", "rms step in RBGs",
    "best RBG", "mean of the RBG", "running mean", "log2 spacing",
]  # the order of scheduler/learned/predictor_inputs.cpp, which refuses a file with another
HIDDEN = 24
AGE = {"centre": 6.0, "scale": 2.0, "lowest": 2.0, "highest": 10.0}
LOWEST_LOG_SIGMA, HIGHEST_LOG_SIGMA = float(np.log(0.3)), float(np.log(12.0))


class Columns:
    """A data set's columns by name."""

    def __init__(self, path):
        rows = np.load(path)
        if rows.dtype != np.float32 or rows.ndim != 2 or rows.shape[1] != len(INPUTS) + 6:
            raise SystemExit(f"{path}: not rows of {len(INPUTS) + 6} 32-bit floats, as `pado schedule dataset` makes")
        if not np.isfinite(rows).all():
            raise SystemExit(f"{path}: holds a value that is not finite")
        self.inputs = torch.from_numpy(rows[:, :len(INPUTS)].copy())
        rest = torch.from_numpy(rows[:, len(INPUTS):].copy())
        self.running_mean, self.newest, self.age, self.rbg_prbs, self.speed_kmh, self.label = rest.unbind(1)
        self.scaled_age = (self.age.clamp(AGE["lowest"], AGE["highest"]) - AGE["centre"]) / AGE["scale"]

    def __len__(self):
        return len(self.label)


def network():
    return torch.nn.Sequential(torch.nn.Linear(len(INPUTS), HIDDEN), torch.nn.ReLU(),
                               torch.nn.Linear(HIDDEN, HIDDEN), torch.nn.ReLU(),
                               torch.nn.Linear(HIDDEN, 6))


def forecast(outputs, age):
    """Mean in dB, above the running one, and log sigma: quadratics in the age."""
    powers = torch.stack([torch.ones_like(age), age, age * age], dim=1)
    mean = (outputs[:, :3] * powers).sum(dim=1)
    log_sigma = (outputs[:, 3:] * powers).sum(dim=1)
    return mean, log_sigma.clamp(LOWEST_LOG_SIGMA, HIGHEST_LOG_SIGMA)


def loss(outputs, age, target):
    """Negative log likelihood of a normal distribution, without its constant."""
    mean, log_sigma = forecast(outputs, age)
    return (log_sigma + 0.5 * ((target - mean) / log_sigma.exp()) ** 2).mean()


def fit(net, data, normal, epochs, batch, rate, generator):
    inputs, target = normal(data.inputs), data.label - data.running_mean
    optimiser = torch.optim.Adam(net.parameters(), lr=rate)
    steps = epochs * (len(data) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=rate, total_steps=steps)
    for epoch in range(epochs):
        order = torch.randperm(len(data), generator=generator)
        total = 0.0
        for step in range(len(data) // batch):
            pick = order[step * batch:(step + 1) * batch]
            optimiser.zero_grad()
            value = loss(net(inputs[pick]), data.scaled_age[pick], target[pick])
            value.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += value.item()
        print(f"epoch {epoch + 1:3}/{epochs}: loss {total / (len(data) // batch):.4f}", flush=True)


def rms(values):
    return float(values.square().mean().sqrt())


def report(net, data, normal):
    """What the forecast errs by, beside the newest report, and whether its sigma is honest."""
    with torch.no_grad():
        mean, log_sigma = forecast(net(normal(data.inputs)), data.scaled_age)
    error = data.label - data.running_mean - mean
    raw = data.label - data.newest
    rows = {}
    groups = [(f"age {age}", data.age == age) for age in (4, 6, 8)]
    groups += [(f"RBGs of {width} PRBs", data.rbg_prbs == width) for width in sorted(set(data.rbg_prbs.int().tolist()))]
    groups += [(f"{low}-{high} km/h", (data.speed_kmh >= low) & (data.speed_kmh < high))
               for low, high in ((2, 6), (6, 20), (20, 60), (60, 151))]
    print("held out               samples  RMSE dB  of the report  error / sigma  negative log likelihood")
    for name, mask in [("all", torch.ones_like(data.age, dtype=torch.bool))] + groups:
        if not mask.any():
            continue
        z = error[mask] / log_sigma[mask].exp()
        rows[name] = {"rmse_db": round(rms(error[mask]), 3), "rmse_of_report_db": round(rms(raw[mask]), 3)}
        print(f"{name:20} {int(mask.sum()):9}  {rms(error[mask]):7.2f}  {rms(raw[mask]):13.2f}  {rms(z):13.2f}"
              f"  {float((log_sigma[mask] + 0.5 * z.square()).mean()):.4f}")
    return rows


def rounded(tensor):
    return [[float(f"{x:.7g}") for x in row] if isinstance(row, list) else float(f"{row:.7g}")
            for row in tensor.detach().tolist()]


def weights_file(net, mean, scale, trained_on, validation):
    layers = [net[i] for i in (0, 2, 4)]
    return {
        "format": "pado predictor weights", "version": 1, "trained_on": trained_on, "validation": validation,
        "inputs": INPUTS, "input_mean": rounded(mean), "input_scale": rounded(scale), "age_slots": AGE,
        "layers": [{"weights": rounded(layer.weight), "biases": rounded(layer.bias)} for layer in layers],
    }


def as_text(root):
    """One line a row, so that a change can be read."""
    text = json.dumps(root, indent=1, allow_nan=False)
    return collapse_rows(text) + "\n"


def collapse_rows(text):
    lines, row = [], None
    for line in text.split("\n"):
        stripped = line.strip()
        if row is None and stripped.endswith("[") :
            row = [line]
        elif row is not None and stripped in ("]", "],"):
            lines.append(row[0] + " ".join(part.strip() for part in row[1:]) + stripped)
            row = None
        elif row is not None and (stripped.endswith("[") or stripped.endswith("{")):
            lines.extend(row)
            row = [line] if stripped.endswith("[") else None
            if row is None:
                lines.append(line)
        elif row is not None:
            row.append(line)
        else:
            lines.append(line)
    return "\n".join(lines)


def examples(net, data, normal, count=8):
    """Inputs of the validation set and PyTorch's outputs for them, which a test compares the C++ code with."""
    pick = torch.linspace(0, len(data) - 1, count).long()
    with torch.no_grad():
        outputs = net(normal(data.inputs[pick]))
    return {"inputs": rounded(data.inputs[pick]), "outputs": rounded(outputs)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="prefix that was given to `pado schedule dataset --out`")
    here = pathlib.Path(__file__).resolve().parent
    parser.add_argument("--out", default=str(here.parent / "predictor.json"), help="weights file to write")
    parser.add_argument("--examples", default=str(here.parents[2] / "tests/scheduler/learned/predictor_examples.json"),
                        help="file of inputs and outputs for the C++ test")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=5e-3)
    arguments = parser.parse_args()

    started = time.monotonic()
    torch.set_num_threads(1)
    torch.manual_seed(arguments.seed)
    generator = torch.Generator().manual_seed(arguments.seed)
    training, validation = (Columns(f"{arguments.data}.{part}.npy") for part in ("training", "validation"))
    mean, scale = training.inputs.mean(dim=0), training.inputs.std(dim=0).clamp(min=1e-3)
    normal = lambda inputs: (inputs - mean) / scale
    net = network()
    fit(net, training, normal, arguments.epochs, arguments.batch, arguments.rate, generator)
    rows = report(net, validation, normal)
    digest = hashlib.sha256(pathlib.Path(f"{arguments.data}.training.npy").read_bytes()).hexdigest()[:16]
    trained_on = (f"{len(training)} samples of `pado schedule dataset` (sha256 {digest}...), seed {arguments.seed}, "
                  f"{arguments.epochs} epochs, PyTorch {torch.__version__.split('+')[0]}")
    pathlib.Path(arguments.out).write_text(as_text(weights_file(net, mean, scale, trained_on, rows)))
    pathlib.Path(arguments.examples).write_text(as_text(examples(net, validation, normal)))
    print(f"{arguments.out}: {trained_on}; {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()

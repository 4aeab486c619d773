# SPDX-FileCopyrightText: 2026 The Pado authors
# SPDX-License-Identifier: Apache-2.0
"""Writes samples and annotations as a SigMF pair in the format of docs/recording_format.md."""

import hashlib
import json
import pathlib

import numpy as np


def as_bytes(samples, datatype, full_scale):
    """Samples [antenna][sample] interleaved sample by sample."""
    flat = (samples.T * full_scale).ravel()
    pairs = np.stack([flat.real, flat.imag], axis=1)
    if datatype == "cf32_le":
        return pairs.astype("<f4").tobytes()
    return np.clip(np.round(pairs), -32768, 32767).astype("<i2").tobytes()


def write(name, carrier, samples, annotations, *, description, datatype="ci16_le", full_scale=None, peak=0.7,
          first_slot=0):
    """Writes NAME.sigmf-data and NAME.sigmf-meta; without full_scale the largest sample becomes `peak` of the range.

    `annotations` are pairs of a slot's place in the recording and the members of its annotation.
    """
    if full_scale is None:
        full_scale = peak * (32767 if datatype == "ci16_le" else 1) / np.abs(samples.view(float)).max()
    data = as_bytes(samples, datatype, full_scale)
    meta = {
        "global": {
            "core:datatype": datatype,
            "core:sample_rate": float(carrier.rate_hz),
            "core:version": "1.0.0",
            "core:num_channels": carrier.antennas,
            "core:description": description,
            "core:recorder": f"OFDM modulation, channel and noise: numpy {np.__version__}",
            "core:extensions": [{"name": "pado", "version": "0.1.0", "optional": True}],
            "core:sha512": hashlib.sha512(data).hexdigest(),
            "pado:full_scale": float(full_scale),
            "pado:first_slot": first_slot,
            "pado:slots": samples.shape[1] // carrier.slot_samples,
        },
        "captures": [{"core:sample_start": 0}],
        "annotations": [{"core:sample_start": place * carrier.slot_samples, "core:sample_count": carrier.slot_samples,
                         **members} for place, members in annotations],
    }
    pathlib.Path(f"{name}.sigmf-data").write_bytes(data)
    pathlib.Path(f"{name}.sigmf-meta").write_text(json.dumps(meta, indent=1) + "\n")

#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pado authors
# SPDX-License-Identifier: Apache-2.0
"""Code words of polar codes and transport block sizes by programs that are not ours, as tables.

    make_words.py [FOLDER]

writes polar_words.csv and tbs.csv to FOLDER, or beside this file. Sionna has the codes without parity bits (from 20
bits on) in one block, NeoRadium the others; see README.md for both.
"""

import csv
import pathlib
import sys

import numpy as np
import torch
from neoradium.polar import PolarEncoder, reliabilitySeq
from sionna.phy.fec.polar import Polar5GEncoder
from sionna.phy.nr.utils import calculate_tb_size

# Bits and coded bits: repeated, punctured, shortened, in one block and in two.
BY_SIONNA = [(20, 62), (20, 200), (23, 35), (32, 432), (40, 90), (64, 128), (64, 1000), (100, 129), (140, 216),
             (200, 512), (200, 1024), (300, 380), (400, 600), (500, 1020), (640, 700), (700, 1087),
             (1000, 1080), (1012, 1086)]
BY_NEORADIUM = [(359, 1500), (12, 24), (12, 60), (12, 200), (13, 30), (14, 209), (15, 180), (17, 50), (19, 28), (19, 64), (19, 210),
                (25, 80), (360, 1088), (361, 1200), (801, 1400), (1013, 1200), (1706, 3000), (1705, 8000)]
# Modulation order and code rate times 1024 of TS 38.214, tables 5.1.3.1-1 to -3.
MCS = {
    "qam64": [(2, r) for r in (120, 157, 193, 251, 308, 379, 449, 526, 602, 679)]
    + [(4, r) for r in (340, 378, 434, 490, 553, 616, 658)]
    + [(6, r) for r in (438, 466, 517, 567, 616, 666, 719, 772, 822, 873, 910, 948)],
    "qam256": [(2, r) for r in (120, 193, 308, 449, 602)]
    + [(4, r) for r in (378, 434, 490, 553, 616, 658)]
    + [(6, r) for r in (466, 517, 567, 616, 666, 719, 772, 822, 873)]
    + [(8, r) for r in (682.5, 711, 754, 797, 841, 885, 916.5, 948)],
    "qam64LowSE": [(2, r) for r in (30, 40, 50, 64, 78, 99, 120, 157, 193, 251, 308, 379, 449, 526, 602)]
    + [(4, r) for r in (340, 378, 434, 490, 553, 616)]
    + [(6, r) for r in (438, 466, 517, 567, 616, 666, 719, 772)],
}
# PRBs, symbols, elements of DM-RS in a PRB, layers, overhead.
ALLOCATIONS = [(1, 14, 12, 1, 0), (3, 4, 12, 1, 0), (7, 14, 24, 1, 6), (25, 12, 6, 2, 0), (51, 14, 36, 1, 18),
               (106, 14, 24, 2, 0), (162, 13, 24, 3, 12), (273, 14, 12, 4, 0), (273, 14, 24, 1, 0)]


def to_hex(bits):
    """Most significant bit first, filled up with zeros."""
    padded = np.concatenate([bits, np.zeros(-len(bits) % 4, int)]).astype(int)
    return "".join(f"{int(''.join(map(str, nibble)), 2):x}" for nibble in padded.reshape(-1, 4))


def by_sionna(bits, coded_bits):
    encoder = Polar5GEncoder(len(bits), coded_bits, channel_type="uplink")
    word = encoder(torch.tensor(bits[np.newaxis], dtype=torch.float32, device=encoder.device))
    return word.cpu().numpy()[0].astype(int)


def by_neoradium(bits, coded_bits):
    encoder = PolarEncoder(len(bits), coded_bits, "UCI")
    if encoder.nPC:  # it takes those of lowest index
        chosen = {*encoder.msgBits, *encoder.pcBits}
        encoder.pcBits = [int(index) for index in reliabilitySeq if index in chosen][:encoder.nPC]
        encoder.msgBits = sorted(chosen - set(encoder.pcBits))
    blocks = encoder.rateMatch(encoder.encode(encoder.doSegmentation(bits.astype(np.int8))))
    word = np.concatenate(list(blocks)).astype(int)
    return np.concatenate([word, np.zeros(coded_bits - len(word), int)])


def write_polar_words(path):
    random = np.random.default_rng(38212)
    with open(path, "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["program", "bits", "coded_bits", "payload_hex", "word_hex"])
        for program, encode, sizes in (("Sionna", by_sionna, BY_SIONNA), ("NeoRadium", by_neoradium, BY_NEORADIUM)):
            for count, coded_bits in sizes:
                bits = random.integers(0, 2, count)
                table.writerow([program, count, coded_bits, to_hex(bits), to_hex(encode(bits, coded_bits))])


def write_tbs(path):
    with open(path, "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["mcs_table", "mcs_index", "prb", "symbols", "dmrs_elements", "layers", "overhead", "tbs_bits"])
        for name, rows in MCS.items():
            for index, (order, rate) in enumerate(rows):
                for prb, symbols, dmrs, layers, overhead in ALLOCATIONS:
                    size = calculate_tb_size(order, rate / 1024, num_prbs=prb, num_ofdm_symbols=symbols,
                                             num_dmrs_per_prb=dmrs, num_layers=layers, num_ov=overhead)[0]
                    table.writerow([name, index, prb, symbols, dmrs, layers, overhead, int(size)])


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    write_polar_words(folder / "polar_words.csv")
    write_tbs(folder / "tbs.csv")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pado authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the sionna recordings: PUSCH grids from Sionna, OFDM modulation, channel and noise from radio.py.

    make_recordings.py [FOLDER]   # writes sionna01 to sionna06 there; the folder above this one if left out
"""

import pathlib
import sys

import scene
from radio import Carrier, Path
from scene import Scene, User
from transmitter import Pusch


def dmrs_positions():
    """Every slot another pattern of DM-RS and another allocation; one antenna."""
    whole = {"prb_start": 0, "prb_count": 18}
    patterns = [
        dict(additional_position=0),
        dict(additional_position=3),
        dict(additional_position=2, type_a_position=3, n_scid=1, dmrs_n_id=65535, n_id=1023, rnti=65519),
        dict(symbols=(0, 4), ports=(3,)),
        dict(symbols=(0, 9), additional_position=1, ports=(2,)),
        dict(symbols=(0, 11), additional_position=2, cdm_groups=1, ports=(1,)),
        dict(mapping_type="B", symbols=(0, 14), additional_position=3),
        dict(mapping_type="B", symbols=(3, 8), additional_position=2, n_scid=1, dmrs_n_id=7),
        dict(mapping_type="B", symbols=(10, 4), additional_position=0),
        dict(mapping_type="B", symbols=(12, 1), additional_position=0, cdm_groups=1),
        dict(length=2, additional_position=0),
        dict(length=2, additional_position=1, cdm_groups=1),
        dict(length=2, mapping_type="B", symbols=(4, 10), additional_position=1, ports=(2,)),
        dict(prb_start=17, prb_count=1),
        dict(prb_start=7, prb_count=3, mcs_index=16),
    ]
    sent = [(i, Pusch(slot=(14 + i) % 20, **{**whole, **pattern})) for i, pattern in enumerate(patterns)]
    path = Path("TDLA30", doppler_hz=5, delay_s=0.6e-6, cfo_hz=60)
    return Scene("sionna01_dmrs_positions", "fifteen slots, each with another DM-RS pattern or allocation",
                 Carrier(30000, 18, 256, 1, 3_427_500_000.0), [User(sent, path)], snr_db=30, seed=5)


def two_layers():
    """Long echoes and two layers, in one CDM group and in two."""
    ports = [(0, 1), (0, 2), (3, 1), (1, 0)]
    sent = [(i, Pusch(slot=2 + i, prb_start=1, prb_count=16, ports=p, mcs_index=24)) for i, p in enumerate(ports)]
    path = Path("TDLC300", doppler_hz=50, delay_s=0.3e-6, cfo_hz=-200, gain_db=(0, -4, 3, -1))
    return Scene("sionna02_two_layers_tdlc300", "two layers on ports 0,1, 0,2, 3,1 and 1,0 through TDLC300-50",
                 Carrier(30000, 17, 256, 4), [User(sent, path)], snr_db=36, seed=4)


def harq():
    """Blocks that begin with redundancy versions 2 and 1."""
    def process(rnti, versions, **common):
        return [(i, Pusch(slot=(19 + i) % 20, rnti=rnti, rv=rv, new_data=i == 0, harq_process=3, **common))
                for i, rv in enumerate(versions)]
    users = [User(process(101, (2, 3, 1, 0), prb_start=3, prb_count=9, mcs_index=15), Path(delay_s=0.4e-6, cfo_hz=120)),
             User(process(102, (1, 2, 3, 1), prb_start=12, prb_count=13, mcs_index=11), Path(delay_s=1e-6, cfo_hz=-90))]
    return Scene("sionna03_harq_2310", "HARQ of two UEs: rv 2, 3, 1, 0 and rv 1, 2, 3, 1",
                 Carrier(30000, 26, 384, 1), users, snr_db=8, seed=2)


def five_users():
    """One slot, five users, each with its own timing, CFO and level."""
    def user(i, path, **pusch):
        return User([(0, Pusch(slot=9, rnti=200 + i, payload_seed=i, **pusch))], path)
    users = [
        user(0, Path("TDLA30", 10, 0.1e-6, 60), prb_start=0, prb_count=33, symbols=(0, 10), mcs_index=14),
        user(1, Path("TDLB100", 10, 1.8e-6, 0), prb_start=0, prb_count=33, symbols=(10, 4), mapping_type="B",
             additional_position=0, mcs_index=9),
        user(2, Path("TDLA30", 10, 0.9e-6, 300, (-3, -3)), prb_start=33, prb_count=1, mcs_index=3),
        user(3, Path("TDLA30", 10, 0.5e-6, -250, (4, 1)), prb_start=34, prb_count=50, mcs_index=18, n_id=55,
             dmrs_n_id=9),
        user(4, Path("TDLB100", 30, 1.2e-6, -60), prb_start=84, prb_count=15, mcs_index=11, n_scid=1, n_id=700),
    ]
    return Scene("sionna04_five_users", "five UEs in one slot, side by side and one after another, each with its own "
                 "timing, CFO and channel", Carrier(15000, 101, 1536, 2, 1_842_500_000.0), users, snr_db=30, seed=1)


def doppler_and_cfo():
    """400 Hz of Doppler and 40 % of the CFO that the DM-RS spacing resolves; cf32 at a low level."""
    sent = [(i, Pusch(slot=i, prb_start=2, prb_count=13, additional_position=position, mcs_index=index))
            for i, (position, index) in enumerate([(3, 11), (3, 5), (3, 13)])]
    return Scene("sionna05_doppler_400_cfo", "TDLB100-400 and CFO of 3.7 kHz, four DM-RS symbols, cf32 at -100 dB",
                 Carrier(30000, 16, 256, 2), [User(sent, Path("TDLB100", 400, 0.7e-6, 3700))], snr_db=26, seed=1,
                 datatype="cf32_le", peak=1e-5)


def mcs_table_2():
    """The 256QAM table; rates down to 0.12 repeat bits of the LDPC code."""
    indices = [0, 2, 4, 5, 7, 10, 11, 13, 16, 19, 20, 22, 23, 25, 26, 27]
    sent = [(i, Pusch(slot=i, prb_start=1, prb_count=17, mcs_table=2, mcs_index=index))
            for i, index in enumerate(indices)]
    return Scene("sionna06_mcs_table_2", "sixteen rows of the 256QAM table, QPSK 120/1024 to 256QAM 948/1024",
                 Carrier(30000, 19, 256, 1), [User(sent, Path(delay_s=1.1e-6, cfo_hz=-400))], snr_db=42)


SCENES = [dmrs_positions, two_layers, harq, five_users, doppler_and_cfo, mcs_table_2]


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    for make_scene in SCENES:
        made = make_scene()
        scene.make(made, folder)
        print(made.name)


if __name__ == "__main__":
    main()

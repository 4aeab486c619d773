# SPDX-FileCopyrightText: 2026 The Pado authors
# SPDX-License-Identifier: Apache-2.0
"""Resource grids of a PUSCH from Sionna, and what a receiver has to be told about them."""

import dataclasses
import functools
import importlib.metadata
import unittest.mock

import numpy as np
import torch
from sionna.phy.fec.ldpc import LDPC5GEncoder
from sionna.phy.nr import CarrierConfig, PUSCHConfig, PUSCHDMRSConfig, PUSCHTransmitter, TBConfig

GENERATOR = {"name": "Sionna (PUSCHTransmitter)", "version": importlib.metadata.version("sionna-no-rt")}
MODULATION = {2: "QPSK", 4: "16QAM", 6: "64QAM", 8: "256QAM"}
LONGEST = {1: 3, 2: 5}  # coded bits of an information bit that Sionna's encoder gives
TABLE = {1: "38.214 table 5.1.3.1-1 (64QAM)", 2: "38.214 table 5.1.3.1-2 (256QAM)",
         3: "38.214 table 5.1.3.1-3 (64QAM low SE)"}


@dataclasses.dataclass(frozen=True)
class Pusch:
    """One transmission; names as in docs/recording_format.md. Sionna fills a bandwidth part with one user's blocks."""
    slot: int
    prb_start: int
    prb_count: int
    rnti: int = 0x4601
    symbols: tuple = (0, 14)  # start, count
    mapping_type: str = "A"
    type_a_position: int = 2
    additional_position: int = 1
    length: int = 1
    ports: tuple = (0,)
    cdm_groups: int = 2
    dmrs_n_id: int = 1
    n_scid: int = 0
    n_id: int = 1
    mcs_table: int = 1
    mcs_index: int = 9
    rv: int = 0
    new_data: bool = True
    harq_process: object = None
    payload_seed: int = 0


class CodeBlock(LDPC5GEncoder):
    """Sionna's LDPC encoder with the base graph of the standard, any redundancy version, and repetition at low rates."""

    def __init__(self, k, n, graph, rv, **others):
        super().__init__(k, min(n, k * LONGEST[graph]), bg=f"bg{graph}", **others)
        self.sent, self.rv = n, rv

    def call(self, bits):
        versions = [self.rv] if self.sent == self.n else [self.rv, 0, 1, 2, 3]
        coded = super().call(bits, rv=versions)
        if self.sent == self.n:
            return coded[..., 0, :]
        buffer = torch.zeros((*coded.shape[:-2], self.n_cb_comp), dtype=coded.dtype)
        for version, start in enumerate(self.get_start_positions_comp(versions)):
            buffer[..., (start + np.arange(self.n)) % self.n_cb_comp] = coded[..., version, :]
        return buffer[..., (self.get_start_positions_comp([self.rv])[0] + np.arange(self.sent)) % self.n_cb_comp]


class CountedFromZero(PUSCHConfig):
    """Sionna begins the DM-RS sequence in the first block of the bandwidth part, TS 38.211, 6.4.1.1.1 in common resource
    block 0: the upper end of a bandwidth part that begins there has the right one."""

    @property
    def dmrs_grid(self):
        if self.n_start_bwp == 0:
            return PUSCHConfig.dmrs_grid.fget(self)
        from_zero = self.clone()
        from_zero.n_size_bwp, from_zero.n_start_bwp = self.n_start_bwp + self.n_size_bwp, 0
        return from_zero.dmrs_grid[:, 12 * self.n_start_bwp:]


def sionna_config(carrier, p):
    identities = [p.dmrs_n_id, p.dmrs_n_id]
    identities[1 - p.n_scid] = (p.dmrs_n_id + 77) % 65536  # the other one is not in use
    return CountedFromZero(
        carrier_config=CarrierConfig(n_cell_id=1, subcarrier_spacing=carrier.scs_hz // 1000, slot_number=p.slot,
                                     n_size_grid=min(carrier.prbs, 275), n_start_grid=0),
        pusch_dmrs_config=PUSCHDMRSConfig(config_type=1, type_a_position=p.type_a_position, length=p.length,
                                          additional_position=p.additional_position, dmrs_port_set=list(p.ports),
                                          n_id=tuple(identities), n_scid=p.n_scid,
                                          num_cdm_groups_without_data=p.cdm_groups),
        tb_config=TBConfig(channel_type="PUSCH", n_id=p.n_id, mcs_table=p.mcs_table, mcs_index=p.mcs_index),
        n_size_bwp=p.prb_count, n_start_bwp=p.prb_start, num_layers=len(p.ports), num_antenna_ports=len(p.ports),
        mapping_type=p.mapping_type, symbol_allocation=list(p.symbols), n_rnti=p.rnti, precoding="non-codebook")


def base_graph(tbs_bits, code_rate):
    """TS 38.212, 6.2.2."""
    return 2 if tbs_bits <= 292 or (tbs_bits <= 3824 and code_rate <= 0.67) or code_rate <= 0.25 else 1


class Transmission:
    """A transmitter of Sionna and its payload."""

    def __init__(self, carrier, p):
        self.carrier, self.p = carrier, p
        self.config = sionna_config(carrier, p)
        self.rate = float(self.config.tb.target_coderate)
        self.base_graph = base_graph(self.config.tb_size, self.rate)  # Sionna's own choice is by another rate
        encoder = functools.partial(CodeBlock, graph=self.base_graph, rv=p.rv)
        with unittest.mock.patch("sionna.phy.nr.tb_encoder.LDPC5GEncoder", encoder):
            self.sionna = PUSCHTransmitter(self.config, return_bits=False)
        rng = np.random.default_rng([p.payload_seed, p.rnti, 0 if p.harq_process is not None else p.slot])
        self.payload = rng.integers(0, 256, self.config.tb_size // 8, np.uint8)

    def grid(self):
        """[layer][symbol][subcarrier of the carrier]."""
        bits = torch.tensor(np.unpackbits(self.payload), dtype=torch.float32)[None, None]
        grid = np.zeros((len(self.p.ports), 14, 12 * self.carrier.prbs), complex)
        first, symbol = 12 * self.p.prb_start, self.p.symbols[0]
        sent = self.sionna(bits)[0, 0].numpy()
        grid[:, symbol:symbol + sent.shape[1], first:first + sent.shape[2]] = sent
        return grid

    def annotation(self, ue, snr_db, path):
        p, bits_per_symbol = self.p, int(self.config.tb.num_bits_per_symbol)
        return {
            "core:label": f"PUSCH slot {p.slot} rnti {p.rnti}",
            "pado:generator": GENERATOR,
            "pado:pusch": {
                "scs_hz": self.carrier.scs_hz, "fft_size": self.carrier.fft_size, "cyclic_prefix": "normal",
                "carrier_n_prb": self.carrier.prbs, "phase_compensation_hz": self.carrier.phase_compensation_hz,
                "slot": p.slot, "frame_slots": self.carrier.slots_per_frame, "ue": ue, "rnti": p.rnti,
                "bwp_start": p.prb_start, "bwp_size": p.prb_count, "prb_start": p.prb_start, "prb_count": p.prb_count,
                "resource_allocation": 1, "symbol_start": p.symbols[0], "symbol_count": p.symbols[1],
                "mapping_type": p.mapping_type, "frequency_hopping": False,
                "dmrs": {"type": 1, "typeA_position": p.type_a_position, "additional_position": p.additional_position,
                         "length": p.length, "symbols": [int(s) for s in self.config.dmrs_symbol_indices],
                         "ports": list(p.ports), "cdm_groups_without_data": p.cdm_groups,
                         "power_boost_db": 20 * np.log10(self.config.dmrs.beta), "n_id": p.dmrs_n_id,
                         "n_scid": p.n_scid},
                "n_id": p.n_id, "mcs_table": TABLE[p.mcs_table], "mcs_index": p.mcs_index,
                "modulation": MODULATION[bits_per_symbol], "code_rate_x1024": round(self.rate * 1024, 1),
                "layers": len(p.ports), "rv": p.rv, "new_data": p.new_data, "harq_process": p.harq_process,
                "tbs_bits": 8 * len(self.payload), "x_overhead": 0, "base_graph": self.base_graph, "lbrm": False,
                "transform_precoding": False, "snr_db": snr_db,
                "channel": {"model": path.profile, "max_doppler_hz": path.doppler_hz, "cfo_hz": path.cfo_hz,
                            "delay_s": path.delay_s, "antenna_gain_db": list(path.gain_db)},
                "payload_hex": self.payload.tobytes().hex(),
                "payload_bit_order": "first byte, most significant bit first",
            },
        }

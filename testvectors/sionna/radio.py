# SPDX-FileCopyrightText: 2026 The Pado authors
# SPDX-License-Identifier: Apache-2.0
"""From resource grids to received samples: OFDM modulation (TS 38.211, 5.3 and 5.4), fading, delay, CFO and noise."""

import dataclasses

import numpy as np

SYMBOLS = 14

# The simplified tapped delay lines of TS 38.104, annex G.2: delays in ns, powers in dB.
PROFILES = {
    "flat": ([0], [0]),
    "TDLA30": ([0, 10, 15, 20, 25, 50, 65, 75, 105, 135, 150, 290],
               [-15.5, 0, -5.1, -5.1, -9.6, -8.2, -13.1, -11.5, -11.0, -16.2, -16.6, -26.2]),
    "TDLB100": ([0, 10, 20, 30, 35, 45, 55, 120, 170, 245, 330, 480],
                [0, -2.2, -0.6, -0.6, -0.3, -1.2, -5.9, -2.2, -0.8, -6.3, -7.5, -7.1]),
    "TDLC300": ([0, 65, 70, 190, 195, 200, 240, 325, 520, 1045, 1510, 2595],
                [-6.9, 0, -7.7, -2.5, -2.4, -9.9, -8.0, -6.6, -7.1, -13.0, -14.2, -16.0]),
}


@dataclasses.dataclass(frozen=True)
class Carrier:
    """Width and numerology of a recording; `prbs` are centred on the sampled band."""
    scs_hz: int
    prbs: int
    fft_size: int
    antennas: int = 1
    phase_compensation_hz: float = 0

    @property
    def rate_hz(self):
        return self.scs_hz * self.fft_size

    @property
    def slots_per_subframe(self):
        return self.scs_hz // 15000

    @property
    def slots_per_frame(self):
        return 10 * self.slots_per_subframe

    def prefix(self, symbol):
        """Samples of a symbol's cyclic prefix, longer at the start of each half subframe (TS 38.211, 5.3.1)."""
        per_144 = self.fft_size * 144 // 2048
        return per_144 + (16 * self.rate_hz // 30_720_000 if symbol % (7 * self.slots_per_subframe) == 0 else 0)

    @property
    def slot_samples(self):
        return sum(self.prefix(l) + self.fft_size for l in range(SYMBOLS))


@dataclasses.dataclass(frozen=True)
class Path:
    """How a user reaches the antennas. Gains are means over the fading."""
    profile: str = "flat"
    doppler_hz: float = 0
    delay_s: float = 0
    cfo_hz: float = 0
    gain_db: tuple = ()  # one an antenna; empty: all 0 dB


def modulate(carrier, grid, slot):
    """Samples [layer][sample] of a slot's grid [layer][symbol][subcarrier of the carrier]."""
    pieces = []
    start = 0
    first_symbol = SYMBOLS * (slot % carrier.slots_per_subframe)
    for symbol in range(first_symbol):
        start += carrier.prefix(symbol) + carrier.fft_size
    for symbol in range(SYMBOLS):
        prefix = carrier.prefix(first_symbol + symbol)
        cycles = carrier.phase_compensation_hz * ((start + prefix) / carrier.rate_hz)
        spectrum = np.zeros((grid.shape[0], carrier.fft_size), complex)
        spectrum[:, np.arange(-6 * carrier.prbs, 6 * carrier.prbs)] = grid[:, symbol] * np.exp(-2j * np.pi * cycles)
        samples = np.fft.ifft(spectrum) * np.sqrt(carrier.fft_size)
        pieces += [samples[:, carrier.fft_size - prefix:], samples]
        start += prefix + carrier.fft_size
    return np.concatenate(pieces, axis=1)


def demodulate(carrier, samples, slot):
    """The inverse, [..., symbol, subcarrier]: FFT windows behind the prefix, no timing or CFO taken out."""
    grid = []
    at = 0
    start = slot % carrier.slots_per_subframe * carrier.slot_samples
    for symbol in range(SYMBOLS):
        at += carrier.prefix(SYMBOLS * (slot % carrier.slots_per_subframe) + symbol)
        cycles = carrier.phase_compensation_hz * ((start + at) / carrier.rate_hz)
        spectrum = np.fft.fft(samples[..., at:at + carrier.fft_size]) / np.sqrt(carrier.fft_size)
        grid.append(spectrum[..., np.arange(-6 * carrier.prbs, 6 * carrier.prbs)] * np.exp(2j * np.pi * cycles))
        at += carrier.fft_size
    return np.stack(grid, axis=-2)


def rayleigh(rng, doppler_hz, time_s):
    """A gain of unit mean power with the Jakes spectrum: 32 waves from random directions with random phases."""
    waves = 32
    angle = 2 * np.pi * (np.arange(waves) + rng.random(waves)) / waves
    phase = 2 * np.pi * rng.random(waves)
    if doppler_hz == 0:
        return np.full(len(time_s), np.exp(1j * phase) @ np.ones(waves) / np.sqrt(waves))
    coarse = np.arange(0, time_s[-1] + 2e-5, 1e-5)  # steps a thousandth of a period at most
    gain = np.zeros(len(coarse), complex)
    for a, p in zip(angle, phase):
        gain += np.exp(1j * (2 * np.pi * doppler_hz * np.cos(a) * coarse + p))
    gain /= np.sqrt(waves)
    return np.interp(time_s, coarse, gain.real) + 1j * np.interp(time_s, coarse, gain.imag)


def gains(carrier, path, layers, rng, time_s):
    """Yields delay, antenna, layer and the gain at each time; the same rng gives the same channel at any times."""
    delays_ns, powers_db = PROFILES[path.profile]
    power = 10 ** (np.array(powers_db) / 10)
    amplitude = 10 ** (np.array(path.gain_db or (0,) * carrier.antennas) / 20)
    for delay_ns, share in zip(delays_ns, power / power.sum()):
        for antenna in range(carrier.antennas):
            cycles = rng.random()
            for layer in range(layers):
                if path.profile == "flat":  # layers that the antennas tell apart as well as they can
                    gain = np.exp(2j * np.pi * (cycles + antenna * layer / max(carrier.antennas, layers)))
                else:
                    gain = rayleigh(rng, path.doppler_hz, time_s)
                yield delay_ns * 1e-9 + path.delay_s, antenna, layer, gain * np.sqrt(share) * amplitude[antenna]


def propagate(carrier, path, samples, rng):
    """Received samples [antenna][sample] of a whole recording [layer][sample], without noise."""
    layers, count = samples.shape
    time_s = np.arange(count) / carrier.rate_hz
    frequency = np.fft.fftfreq(count, 1 / carrier.rate_hz)
    spectrum = np.fft.fft(samples)
    received = np.zeros((carrier.antennas, count), complex)
    delayed, delayed_by = None, None
    for delay_s, antenna, layer, gain in gains(carrier, path, layers, rng, time_s):
        if delay_s != delayed_by:
            delayed, delayed_by = np.fft.ifft(spectrum * np.exp(-2j * np.pi * frequency * delay_s)), delay_s
        received[antenna] += gain * delayed[layer]
    return received * np.exp(2j * np.pi * path.cfo_hz * time_s)


def response(carrier, path, layers, rng, slots):
    """The channel that `propagate` applied with this rng's seed: [slot][antenna][layer][symbol][subcarrier]."""
    centre = np.array([carrier.prefix(l) + carrier.fft_size / 2 for l in range(SYMBOLS)])
    length = np.array([carrier.prefix(l) + carrier.fft_size for l in range(SYMBOLS)])
    in_slot = np.concatenate([[0], np.cumsum(length)[:-1]]) + centre
    time_s = ((np.arange(slots) * carrier.slot_samples)[:, None] + in_slot).ravel() / carrier.rate_hz
    frequency = np.arange(-6 * carrier.prbs, 6 * carrier.prbs) * carrier.scs_hz
    channel = np.zeros((carrier.antennas, layers, len(time_s), len(frequency)), np.complex64)
    for delay_s, antenna, layer, gain in gains(carrier, path, layers, rng, time_s):
        channel[antenna, layer] += (np.broadcast_to(gain, len(time_s))[:, None]
                                    * np.exp(-2j * np.pi * frequency * delay_s))
    channel *= np.exp(2j * np.pi * path.cfo_hz * time_s)[:, None]
    shape = (carrier.antennas, layers, slots, SYMBOLS, len(frequency))
    return channel.reshape(shape).transpose(2, 0, 1, 3, 4)


def noise(rng, carrier, count, power):
    """White noise [antenna][sample]; `power` (one an antenna) is also that of a resource element."""
    deviation = np.sqrt(np.array(power)[:, None] / 2)
    shape = (carrier.antennas, count)
    return deviation * (rng.standard_normal(shape) + 1j * rng.standard_normal(shape))

# SPDX-FileCopyrightText: 2026 The Pado authors
# SPDX-License-Identifier: Apache-2.0
"""Several users, each with its own path to the antennas, in one recording."""

import dataclasses

import numpy as np

import radio
import sigmf
from transmitter import Transmission


@dataclasses.dataclass
class User:
    """What one user sends, as pairs of the slot's place in the recording and a transmitter.Pusch, and how it arrives."""
    sent: list
    path: radio.Path = radio.Path()


@dataclasses.dataclass
class Scene:
    name: str
    description: str
    carrier: radio.Carrier
    users: list
    snr_db: float
    seed: int = 1
    datatype: str = "ci16_le"
    peak: float = 0.7
    noise_db: tuple = ()  # per antenna, relative to what snr_db says


def channel_rng(scene, ue):
    return np.random.default_rng([scene.seed, ue])


def layers_on_air(carrier, transmissions, slots, first_slot):
    """[layer][sample] of one user over the whole recording."""
    layers = max(len(t.p.ports) for _, t in transmissions)
    air = np.zeros((layers, slots * carrier.slot_samples), complex)
    for place, t in transmissions:
        at = place * carrier.slot_samples
        samples = radio.modulate(carrier, t.grid(), (first_slot + place) % carrier.slots_per_frame)
        air[:samples.shape[0], at:at + carrier.slot_samples] += samples
    return air


def make(scene, folder):
    """Writes the scene's recording; returns its samples [antenna][sample] and the transmissions of each user."""
    carrier = scene.carrier
    slots = 1 + max(place for user in scene.users for place, _ in user.sent)
    place, first = scene.users[0].sent[0]
    first_slot = (first.slot - place) % carrier.slots_per_frame
    rng = np.random.default_rng([scene.seed, 1000])
    power = 10 ** ((np.array(scene.noise_db or (0,) * carrier.antennas) - scene.snr_db) / 10)
    samples = radio.noise(rng, carrier, slots * carrier.slot_samples, power)
    annotations, sent = [], []
    for ue, user in enumerate(scene.users):
        transmissions = [(place, Transmission(carrier, p)) for place, p in user.sent]
        air = layers_on_air(carrier, transmissions, slots, first_slot)
        samples += radio.propagate(carrier, user.path, air, channel_rng(scene, ue))
        annotations += [(place, t.annotation(ue, scene.snr_db, user.path)) for place, t in transmissions]
        sent.append(transmissions)
    annotations.sort(key=lambda a: a[0])
    sigmf.write(f"{folder}/{scene.name}", carrier, samples, annotations, description=scene.description,
                datatype=scene.datatype, peak=scene.peak, first_slot=first_slot)
    return samples, sent

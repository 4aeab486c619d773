// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/ofdm_modulate.h"
#include "phy/nr/grant.h"
#include "phy/transmit_grid.h"

namespace pado::pusch {

/// The PUSCH of one UE in one slot, TS 38.211, 6.3.1 and 6.4.1.1: one to four layers without precoding, CP-OFDM. Data
/// elements of a layer have unit mean energy, DM-RS power_boost_db more. payload: the transport block without CRC, most
/// significant bit first. Several UEs: add up their grids, or their samples. Throws Error for a grant that
/// nr::validate refuses and for a payload of the wrong size.
TransmitGrid make_grid(const nr::PuschGrant& grant, const nr::Carrier& carrier, std::span<const std::uint8_t> payload);

/// Time samples of a slot, [layer][sample], TS 38.211, 5.3 and 5.4, at scs_hz * fft_size samples a second. The
/// modulator is made for the carrier's FFT; slot: in the frame.
std::vector<cf32> make_samples(OfdmModulator& modulator, const TransmitGrid& grid, const nr::Carrier& carrier,
                               int slot);

}  // namespace pado::pusch

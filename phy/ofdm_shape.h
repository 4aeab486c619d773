// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/ofdm_modulate.h"
#include "phy/nr/grant.h"

namespace pado {

/// How a slot of the carrier is modulated, with the phase compensation of TS 38.211, 5.4. slot: in the frame.
OfdmModulateShape ofdm_modulate_shape(const nr::Carrier& carrier, int slot);

}  // namespace pado

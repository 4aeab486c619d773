// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "kernels/limits.h"
#include "kernels/ofdm_demodulate.h"
#include "kernels/view.h"

namespace pado {

inline constexpr int kMaxDmrsSymbols = 4;  // DM-RS symbols of one slot
inline constexpr int kMaxBranches = 2;     // of the channel in time: its mean and its change over the slot
inline constexpr int kMaxCdmGroups = 3;    // 2 of configuration type 1, 3 of type 2

/// Where a CDM group's pilots lie, TS 38.211, 6.4.1.1.3: pilots of a PRB, and the subcarrier of pilot j. Type 1: every
/// other one. Type 2: a pair in every six.
PADO_HOST_DEVICE constexpr int pilots_per_prb(int type) { return type == 2 ? 4 : 6; }
PADO_HOST_DEVICE constexpr int pilot_subcarrier(int type, int cdm_group, int j) {
  return type == 2 ? 6 * (j / 2) + 2 * cdm_group + j % 2 : 2 * j + cdm_group;
}

/// One layer's DM-RS port, TS 38.211, tables 6.4.1.1.3-1 and -2.
struct DmrsPort {
  int cdm_group = 0;
  bool alternating = false;   // w_f: + + or + -, from pilot to pilot
  bool second_minus = false;  // w_t: + + or + -, over a pair of front-loaded symbols
};

/// The DM-RS of one UE in one slot: a contiguous allocation.
struct DmrsShape {
  int antennas = 0;          // 1..64
  int layers = 0;            // 1..4
  int type = 1;              // configuration type, 1 or 2
  int dmrs_symbols = 0;      // 1..4
  int prbs = 0;              // of the allocation
  int first_subcarrier = 0;  // of the allocation in the grid
  int grid_stride = 0;
  std::array<int, kMaxDmrsSymbols> dmrs_symbol{};          // rows of the grid, ascending
  std::array<bool, kMaxDmrsSymbols> second{};              // the symbol is the second of its pair
  std::array<DmrsPort, kMaxLayers> port{};                 // by layer
  std::array<std::uint8_t, kMaxCdmGroups> co_scheduled{};  // by CDM group, ports of others on these PRBs, see port_code
  float amplitude = 1;                                     // of a pilot over a data element of the same layer
  float scs_hz = 0;
  std::array<float, kSymbolsPerSlot> symbol_time_s{};  // middle of each symbol's useful part, from the slot's start
  int first_symbol = 0, symbols = 0;                   // the allocation: symbols of the time gains
  bool powers_alone = false;                           // of noise and interference: the covariance is diagonal
  int channel_layers = 0;     // of an antenna in `channel`, where users on the same PRBs share it ...
  int first_layer = 0;        // ... the first of this user's ...
  int channel_offset = 0;     // ... and the element of a row where its allocation begins
  int channel_stride = 0;     // elements from a row of `channel` to the next
  int covariance_stride = 0;  // elements from a row of `covariance` to the next
};

/// The bit of a port in a CDM group's set of ports.
constexpr std::uint8_t port_code(bool alternating, bool second_minus) {
  return static_cast<std::uint8_t>(1U << ((alternating ? 1U : 0U) + (second_minus ? 2U : 0U)));
}

/// Wiener filters over frequency for one subcarrier spacing, made at start-up (kernels/wiener_table.h).
template <class Backend>
struct WienerView {
  View<Backend, const float> taps;
  View<Backend, const float> error;    // mean squared error left, of one port's power, per filter
  View<Backend, const float> freedom;  // 1 - mean weight of a pilot in its own estimate, per filter
};

/// What the DM-RS tell about a UE besides the channel; in a backend's memory.
struct ChannelSummary {
  float cfo_hz = 0;           // 0 where a single DM-RS symbol cannot tell
  float timing_offset_s = 0;  // mean delay against the slot's nominal start; positive is late
  float doppler_hz = 0;
  float signal_power = 0;  // per layer and antenna, mean, of a data element
  float noise_power = 0;   // mean over antennas, of a data element
  int branches = 0;        // of the channel in time: 1 or 2
  bool usable = false;     // false: no energy, or a value that is not finite; all outputs are then zero
  std::array<float, kMaxAntennas> noise{};                       // [antenna] noise power of a data element
  std::array<cf32, kMaxBranches * kSymbolsPerSlot> time_gain{};  // [branch][symbol]: h(k, l) = sum of gain * channel
};

/// Channel estimation from the DM-RS (TS 38.211, 6.4.1.1) of one UE, alone on its PRBs or with others on orthogonal
/// ports: least squares, mean delay and CFO removed, noise per antenna, Wiener filter over frequency on the branches in
/// time, noise-plus-interference covariance from the residuals. docs/channel_estimation.md has the formulas.
template <class Backend>
struct ChannelArgs {
  View<Backend, const cf32> grid;  // in  [antenna][symbol][grid_stride]
  View<Backend, const std::uint32_t>
      pilots;  // in  [dmrs symbol][word]: sign bits of a CDM group's pilots, 2 bits each (re, im),
               //     least significant first; rows of pilot_words(type, prbs) words
  WienerView<Backend> wiener;
  View<Backend, cf32> channel;  // out [antenna][channel_layers][branch][channel_stride], this user's layers, per
                                //     data element amplitude; zero outside of the allocation
  View<Backend, cf32>
      covariance;  // out [antenna][antenna of its block][covariance_stride], per PRB, Hermitian, positive
                   //     definite
  View<Backend, ChannelSummary> summary;  // out [1]
};

PADO_HOST_DEVICE constexpr int pilot_words(int type, int prbs) { return (2 * pilots_per_prb(type) * prbs + 31) / 32; }

}  // namespace pado

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <random>

#include "tests/kernels/cases.h"
#include "tests/kernels/on_backend.h"
#include "tests/reference/combine_and_demap.h"
#include "tests/reference/receive_beamforming.h"

namespace pado::tests {

constexpr std::int8_t kUntouchedLlr = 99;

/// What combine_and_demap reads, as a slot would bring it: data of random bits on random channels that change in time
/// and frequency, in noise, and MMSE weights for the middle of each group.
struct DemapSlot {
  DemapShape shape;
  std::vector<cf32> grid, channel, weights;
  std::vector<float> sinr;
  std::vector<ChannelSummary> summary{1};
  std::vector<std::uint32_t> scrambling;
  int llrs = 0;

  [[nodiscard]] cf32& y(int antenna, int symbol, int k) {
    return grid[static_cast<std::size_t>((antenna * kSymbolsPerSlot + symbol) * shape.grid_stride +
                                         shape.first_subcarrier + k)];
  }
  [[nodiscard]] cf32& h(int antenna, int layer, int branch, int k) {
    return channel[static_cast<std::size_t>(
        ((antenna * shape.joint.count + layer) * kMaxBranches + branch) * shape.channel_stride + k)];
  }
  [[nodiscard]] cf32& w(int half, int layer, int antenna, int group) {
    return weights[static_cast<std::size_t>(
        ((half * shape.layers + layer) * shape.antennas + antenna) * shape.group_stride + group)];
  }
  [[nodiscard]] float& sinr_of(int half, int layer, int group) {
    return sinr[static_cast<std::size_t>((half * shape.layers + layer) * shape.group_stride + group)];
  }
  /// layer: of all.
  [[nodiscard]] reference::Complex channel_at(int antenna, int layer, int symbol, int k) {
    reference::Complex sum = 0;
    const ChannelSummary& of_layer = summary[shape.joint.summary[static_cast<std::size_t>(layer)]];
    for (int b = 0; b < of_layer.branches; ++b)
      sum +=
          reference::wide(of_layer.time_gain[b * kSymbolsPerSlot + symbol]) * reference::wide(h(antenna, layer, b, k));
    return sum;
  }
  [[nodiscard]] int half_of(int symbol) const { return symbol < shape.second_half ? 0 : 1; }
};

/// Visits the data elements in the order of their LLRs: (symbol, subcarrier, index of its first LLR).
template <class Visit>
void for_each_data_element(const DemapShape& s, Visit visit) {
  for (int symbol = s.first_symbol; symbol < s.first_symbol + s.symbols; ++symbol) {
    int at = s.first_bit[symbol];
    for (int k = 0; k < s.subcarriers; ++k) {
      if (!carries_data(s.comb[symbol], k)) continue;
      visit(symbol, k, at);
      at += s.layers * s.bits_per_symbol;
    }
  }
}

/// snr: of an element at one antenna, linear.
DemapSlot random_slot(const DemapCase& c, double snr, unsigned seed = 1);
/// The same with another user's layers before and behind its own: one and two, which are not sent in the last symbol.
DemapSlot random_shared_slot(const DemapCase& c, double snr, unsigned seed = 1);

struct Demapped {
  std::vector<std::int8_t> llrs;
  DemapMetrics metrics;
};

/// llrs come with the 64 bytes behind them.
template <class Backend>
Demapped demap(Backend& on, const DemapSlot& x) {
  const auto grid = uploaded(on, x.grid), channel = uploaded(on, x.channel), weights = uploaded(on, x.weights);
  const auto sinr = uploaded(on, x.sinr);
  const auto summary = uploaded(on, x.summary);
  const auto scrambling = uploaded(on, x.scrambling);
  const auto llrs = uploaded(on, std::vector<std::int8_t>(static_cast<std::size_t>(x.llrs) + 64, kUntouchedLlr));
  const Buffer<Backend, DemapMetrics> metrics(1);
  combine_and_demap(on, x.shape,
                    {.grid = grid.view(),
                     .channel = channel.view(),
                     .summary = summary.view(),
                     .weights = weights.view(),
                     .sinr = sinr.view(),
                     .scrambling = scrambling.view(),
                     .llrs = llrs.view(),
                     .metrics = metrics.view()});
  return {download(on, llrs), download(on, metrics)[0]};
}

template <class Backend>
Backend backend_for(const DemapSlot& x) {
  return Backend(Limits{.antennas = x.shape.antennas,
                        .layers = x.shape.layers,
                        .group_layers = x.shape.joint.count,
                        .fft_size = 128,
                        .prbs = x.shape.subcarriers / 12});
}

}  // namespace pado::tests

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <vector>

#include "kernels/estimate_channel.h"
#include "kernels/wiener_table.h"
#include "tests/kernels/on_backend.h"
#include "tests/reference/complex.h"

namespace pado::tests {

/// What a UE's DM-RS meet on their way.
struct Propagation {
  double snr_db = 20;                      // of a data element of one layer, at an antenna of noise 0 dB
  std::vector<double> noise_db = {};       // by antenna, over the common level; 0 where it is empty
  double delay_s = 0, delay_spread_s = 0;  // 0 spread: flat
  double cfo_hz = 0, doppler_hz = 0;
  double interferer_db = -1000;  // over the noise, at each antenna, from one direction
};

/// The DM-RS symbols of a slot of known truth.
struct DmrsSlot {
  DmrsShape shape;
  std::vector<cf32> grid;
  std::vector<std::uint32_t> pilots;
  std::vector<double> noise;  // by antenna, of a resource element

  int sent_layers = 0;  // the shape's, then those of other users on the same PRBs

  struct Ray {
    double delay_s, doppler_hz;
    std::vector<reference::Complex> gain;  // [antenna][sent layer]
  };
  std::vector<Ray> rays;
  double cfo_hz = 0;

  /// What the estimate should tell: the channel of a data element at a subcarrier of the allocation and a symbol.
  [[nodiscard]] reference::Complex channel_at(int antenna, int layer, int symbol, int subcarrier) const;
};

struct DmrsCase {
  int prbs, antennas;
  std::vector<int> ports, symbols;  // TS 38.211, tables 6.4.1.1.3-1 and -2, and rows of the grid
  int scs_hz = 30000;
  double amplitude = 1.41421356;  // of a pilot over a data element
  int type = 1, length = 1;       // configuration type and front-loaded symbols
  std::vector<int> others = {};   // ports of other users on the same PRBs, as strong
};

DmrsSlot random_slot(const DmrsCase& c, const Propagation& through, unsigned seed = 1);

struct Estimated {
  std::vector<cf32> channel, covariance;
  ChannelSummary summary;
};

/// A backend with the filters of one subcarrier spacing.
template <class Backend>
class Estimator {
 public:
  explicit Estimator(int scs_hz, int prbs = 273, int antennas = 4)
      : on_(Limits{.antennas = antennas, .layers = kMaxLayers, .fft_size = 128, .prbs = prbs}) {
    const WienerTable& table = wiener_table(scs_hz);
    taps_ = uploaded(on_, table.taps);
    error_ = uploaded(on_, table.error);
    freedom_ = uploaded(on_, table.freedom);
  }

  Estimated operator()(const DmrsSlot& slot) {
    const DmrsShape& s = slot.shape;
    const auto grid = uploaded(on_, slot.grid);
    const auto pilots = uploaded(on_, slot.pilots);
    const auto rows = static_cast<std::size_t>(s.antennas * s.channel_layers * kMaxBranches);
    const auto channel = uploaded(on_, std::vector<cf32>(rows * static_cast<std::size_t>(s.channel_stride), kOld));
    const int matrix = s.antennas * covariance_columns(s.antennas);
    const auto covariance =
        uploaded(on_, std::vector<cf32>(static_cast<std::size_t>(matrix * s.covariance_stride), kOld));
    const Buffer<Backend, ChannelSummary> summary(1);
    estimate_channel(on_, s,
                     {.grid = grid.view(),
                      .pilots = pilots.view(),
                      .wiener = {.taps = taps_.view(), .error = error_.view(), .freedom = freedom_.view()},
                      .channel = channel.view(),
                      .covariance = covariance.view(),
                      .summary = summary.view()});
    return {download(on_, channel), download(on_, covariance), download(on_, summary)[0]};
  }

 private:
  static constexpr cf32 kOld{4711, 4711};  // of an earlier slot
  Backend on_;
  Buffer<Backend, float> taps_, error_, freedom_;
};

inline reference::Complex channel_of(const DmrsShape& s, const Estimated& e, int antenna, int layer, int branch,
                                     int subcarrier) {
  return reference::wide(e.channel[static_cast<std::size_t>(
      ((antenna * s.channel_layers + s.first_layer + layer) * kMaxBranches + branch) * s.channel_stride +
      s.channel_offset + subcarrier)]);
}

/// The estimate for a data element, from its branches.
inline reference::Complex estimate_at(const DmrsShape& s, const Estimated& e, int antenna, int layer, int symbol,
                                      int subcarrier) {
  reference::Complex sum = 0;
  for (int b = 0; b < e.summary.branches; ++b)
    sum += reference::wide(e.summary.time_gain[b * kSymbolsPerSlot + symbol]) *
           channel_of(s, e, antenna, layer, b, subcarrier);
  return sum;
}

}  // namespace pado::tests

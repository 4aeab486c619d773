// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/diagnose/dmrs_probe.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "kernels/gold_sequence.h"
#include "phy/nr/dmrs.h"

namespace pado::station {
namespace {

constexpr int kNeighbour = 2;  // pilots to the next one with the same sign on every port

std::set<int> cdm_groups_of(const nr::PuschGrant& grant) {
  std::set<int> groups;
  for (const int port : grant.dmrs.ports) groups.insert(nr::dmrs_port(grant.dmrs.type, port).cdm_group);
  return groups;
}

std::complex<double> wide(cf32 x) { return {x.re, x.im}; }

}  // namespace

void Correlation::operator+=(const Correlation& other) {
  sum += other.sum;
  energy += other.energy;
  squares += other.squares;
}

double Correlation::value() const { return energy > 0 ? std::min(std::abs(sum) / energy, 1.0) : 0; }
double Correlation::significance() const { return squares > 0 ? std::norm(sum) / squares : 0; }
double Correlation::deviation() const { return energy > 0 ? std::sqrt(squares) / energy : 1; }

DmrsProbe::DmrsProbe(const nr::Carrier& carrier)
    : carrier_(carrier),
      on_({.antennas = carrier.antennas, .layers = 1, .fft_size = carrier.fft_size, .prbs = 1, .code_blocks = 1}),
      grid_(static_cast<std::size_t>(carrier.antennas) * nr::kSymbolsPerSlot *
            static_cast<std::size_t>(carrier.fft_size)) {}

bool DmrsProbe::demodulate(const SampleWindow& window, const nr::PuschGrant& grant, int offset, double cfo_hz) {
  symbols_ = nr::dmrs_symbols(grant);
  const int slot_in_subframe = grant.slot % nr::slots_per_subframe(carrier_.scs_hz);
  const nr::SlotTiming timing = nr::slot_timing(carrier_.scs_hz, carrier_.fft_size, slot_in_subframe);
  OfdmShape shape{.antennas = carrier_.antennas,
                  .fft_size = carrier_.fft_size,
                  .subcarriers = carrier_.fft_size,
                  .grid_stride = carrier_.fft_size,
                  .samples_per_slot = window.samples};
  shape.symbol_gain.fill({1, 0});
  shape.cfo_cycles_per_sample = static_cast<float>(cfo_hz / (static_cast<double>(carrier_.scs_hz) * carrier_.fft_size));
  shape.symbols = 1;
  for (const int symbol : symbols_) {
    const int start = window.slot_start + offset + timing.symbol_start[symbol];
    if (start < 0 || start + carrier_.fft_size > window.samples) return false;
    shape.symbol_start[symbol] = start;
    shape.first_symbol = symbol;
    ofdm_demodulate(on_, shape, {.samples_ci16 = {}, .samples_cf32 = window.data, .grid = grid_.view()});
  }
  return true;
}

void DmrsProbe::correlate_row(const cf32* row, const std::vector<std::uint32_t>& pilots, const PilotRow& of,
                              Correlation& result) const {
  const auto divided = [&](int m) {  // by the pilot's sign bits; its magnitude is the same everywhere
    const std::uint32_t bits = pilots[static_cast<std::size_t>(m) / 16] >> (2 * (m % 16));
    const std::complex<double> pilot{(bits & 1) != 0 ? -1.0 : 1.0, (bits & 2) != 0 ? -1.0 : 1.0};
    return wide(row[nr::dmrs_subcarrier(of.type, of.cdm_group, m)]) * std::conj(pilot) / std::numbers::sqrt2;
  };
  std::complex<double> before[kNeighbour]{};
  for (int m = 0; m < of.pilots; ++m) {
    const std::complex<double> now = divided(m);
    std::complex<double>& last = before[m % kNeighbour];
    if (m >= kNeighbour) {
      const std::complex<double> product = now * std::conj(last);
      result.sum += product;
      result.energy += (std::norm(now) + std::norm(last)) / 2;
      result.squares += std::norm(product);
    }
    last = now;
  }
}

Correlation DmrsProbe::correlate(const nr::PuschGrant& grant, int shift, int sequence_prb) const {
  Correlation result;
  const int per_prb = nr::dmrs_elements_per_group(grant.dmrs.type), count = per_prb * grant.prb_count;
  const int first = first_bin() + 12 * grant.prb_start + shift;
  if (first < 0 || first + 12 * grant.prb_count > carrier_.fft_size || grant.prb_start + sequence_prb < 0)
    return result;
  std::vector<std::uint32_t> pilots(static_cast<std::size_t>(count) / 16 + 1);
  for (const int symbol : symbols_) {
    fill_gold_sequence(nr::dmrs_seed(grant.slot, symbol, grant.dmrs.n_id, grant.dmrs.n_scid),
                       static_cast<std::uint64_t>(2 * per_prb * (grant.prb_start + sequence_prb)), pilots);
    for (int antenna = 0; antenna < carrier_.antennas; ++antenna) {
      const std::size_t row = static_cast<std::size_t>(antenna * nr::kSymbolsPerSlot + symbol) *
                              static_cast<std::size_t>(carrier_.fft_size);
      for (const int group : cdm_groups_of(grant))
        correlate_row(&grid_.view()[row + first], pilots, {grant.dmrs.type, group, count}, result);
    }
  }
  return result;
}

double DmrsProbe::energy(int first_subcarrier, int end_subcarrier) const {
  const int first = std::clamp(first_bin() + first_subcarrier, 0, carrier_.fft_size);
  const int end = std::clamp(first_bin() + end_subcarrier, first, carrier_.fft_size);
  double sum = 0;
  for (const int symbol : symbols_) {
    for (int antenna = 0; antenna < carrier_.antennas; ++antenna) {
      const std::size_t row = static_cast<std::size_t>(antenna * nr::kSymbolsPerSlot + symbol) *
                              static_cast<std::size_t>(carrier_.fft_size);
      for (int bin = first; bin < end; ++bin) sum += norm(grid_.view()[row + bin]);
    }
  }
  const double elements = static_cast<double>(end - first) * static_cast<double>(symbols_.size()) * carrier_.antennas;
  return elements > 0 ? sum / elements : 0;
}

int DmrsProbe::room_below(const nr::PuschGrant& grant) const { return first_bin() + 12 * grant.prb_start; }

int DmrsProbe::room_above(const nr::PuschGrant& grant) const {
  return carrier_.fft_size - first_bin() - 12 * (grant.prb_start + grant.prb_count);
}

PrefixCorrelation correlate_prefixes(const nr::Carrier& carrier, const SampleWindow& window, int slot) {
  const int n = carrier.fft_size;
  const nr::SlotTiming timing = nr::slot_timing(carrier.scs_hz, n, slot % nr::slots_per_subframe(carrier.scs_hz));
  std::complex<double> sum;
  double energy = 0, squares = 0;
  for (int antenna = 0; antenna < window.antennas; ++antenna) {
    const cf32* x = window.data.data() + static_cast<std::size_t>(antenna) * static_cast<std::size_t>(window.samples);
    for (int symbol = 0; symbol < nr::kSymbolsPerSlot; ++symbol) {
      const int end = window.slot_start + timing.symbol_start[symbol];
      const int begin = end - timing.prefix_samples[symbol];
      if (begin < 0 || end + n > window.samples) continue;
      for (int i = begin; i < end; ++i) {
        const std::complex<double> product = wide(x[i + n]) * std::conj(wide(x[i]));
        sum += product;
        energy += (norm(x[i]) + norm(x[i + n])) / 2.0;
        squares += std::norm(product);
      }
    }
  }
  if (!(energy > 0)) return {};
  return {.subcarriers = std::arg(sum) / (2 * std::numbers::pi),
          .value = std::abs(sum) / energy,
          .deviation = std::sqrt(squares) / energy};
}

}  // namespace pado::station

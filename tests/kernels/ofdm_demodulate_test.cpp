// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/ofdm_demodulate.h"

#include <fftw3.h>

#include <cmath>
#include <limits>
#include <random>

#include "phy/nr/numerology.h"
#include "tests/kernels/cases.h"
#include "tests/kernels/on_backend.h"
#include "tests/reference/ofdm_demodulate.h"

using namespace pado;
using reference::Complex;

namespace {

constexpr cf32 kUntouched{-7777, 7777};

// A slot of noise on a carrier, every symbol with a gain of its own.
struct Slot {
  OfdmShape shape;
  std::vector<ci16> ci16_samples;
  std::vector<cf32> cf32_samples;
  std::vector<std::vector<Complex>> exact;  // [antenna][sample]
  double power = 0;                         // of a sample
};

Slot random_slot(const tests::OfdmCase& c, bool integers, unsigned seed = 1) {
  Slot slot;
  const auto timing = nr::slot_timing(c.scs_hz, c.fft_size, /*slot_in_subframe=*/0);
  slot.shape = {.antennas = c.antennas,
                .fft_size = c.fft_size,
                .subcarriers = 12 * c.prbs,
                .grid_stride = (12 * c.prbs + 15) / 16 * 16 + 16,
                .samples_per_slot = timing.samples,
                .symbol_start = timing.symbol_start};
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::uniform_int_distribution<int> integer(-32768, 32767);
  for (auto& gain : slot.shape.symbol_gain) gain = {uniform(random), uniform(random)};
  slot.power = integers ? 2 * 32768.0 * 32768 / 3 : 2.0 / 3;
  slot.exact.resize(static_cast<std::size_t>(c.antennas));
  for (auto& antenna : slot.exact) {
    for (int n = 0; n < timing.samples; ++n) {
      if (integers) {
        slot.ci16_samples.push_back(
            {static_cast<std::int16_t>(integer(random)), static_cast<std::int16_t>(integer(random))});
        antenna.push_back(reference::wide(slot.ci16_samples.back()));
      } else {
        slot.cf32_samples.push_back({uniform(random), uniform(random)});
        antenna.push_back(reference::wide(slot.cf32_samples.back()));
      }
    }
  }
  return slot;
}

std::size_t at(const OfdmShape& shape, int antenna, int symbol, int subcarrier = 0) {
  return static_cast<std::size_t>((antenna * kSymbolsPerSlot + symbol) * shape.grid_stride + subcarrier);
}

template <class Backend>
std::vector<cf32> demodulate(Backend& on, const Slot& slot) {
  const auto integers = tests::uploaded(on, slot.ci16_samples);
  const auto floats = tests::uploaded(on, slot.cf32_samples);
  const auto grid = tests::uploaded(on, std::vector<cf32>(at(slot.shape, slot.shape.antennas, 0), kUntouched));
  ofdm_demodulate(on, slot.shape,
                  {.samples_ci16 = integers.view(), .samples_cf32 = floats.view(), .grid = grid.view()});
  return tests::download(on, grid);
}

template <class Backend>
Backend backend_for(const OfdmShape& shape) {
  return Backend(Limits{.antennas = shape.antennas, .fft_size = shape.fft_size, .prbs = shape.subcarriers / 12});
}

// Root of the mean square of a symbol's elements: samples of that size, added up at random.
double size_of(const Slot& slot, int symbol) {
  return std::abs(reference::wide(slot.shape.symbol_gain[symbol])) * std::sqrt(slot.power * slot.shape.fft_size);
}

// Elements by the formula: on the edges of the carrier, around its centre and here and there between.
struct Element {
  int antenna, symbol, subcarrier;
  Complex value;
};

std::vector<Element> expected_elements(const Slot& slot) {
  const OfdmShape& shape = slot.shape;
  std::vector<Element> elements;
  for (int antenna = 0; antenna < shape.antennas; ++antenna) {
    for (int symbol = shape.first_symbol; symbol < shape.first_symbol + shape.symbols; ++symbol) {
      const int centre = shape.subcarriers / 2, somewhere = (37 * symbol + 5) % shape.subcarriers;
      const int edge = symbol % 2 == 0 ? 0 : shape.subcarriers - 1;
      for (const int k : {edge, centre - symbol % 2, somewhere}) {
        const std::span<const Complex> x = slot.exact[static_cast<std::size_t>(antenna)];
        elements.push_back({antenna, symbol, k, reference::ofdm_demodulate(shape, x, symbol, k)});
      }
    }
  }
  return elements;
}

double worst_error(const Slot& slot, const std::vector<Element>& expected, const std::vector<cf32>& grid) {
  double worst = 0;
  for (const Element& e : expected) {
    const Complex got = reference::wide(grid[at(slot.shape, e.antenna, e.symbol, e.subcarrier)]);
    const double error = std::abs(got - e.value) / size_of(slot, e.symbol);
    if (!(error <= worst)) worst = error;  // a NaN shows as well
  }
  return worst;
}

bool row_untouched(const OfdmShape& shape, const std::vector<cf32>& grid, int antenna, int symbol) {
  for (int k = 0; k < shape.grid_stride; ++k)
    if (!(grid[at(shape, antenna, symbol, k)] == kUntouched)) return false;
  return true;
}

// One useful symbol through FFTW in double precision, bins in FFTW's order.
std::vector<Complex> fftw_double(const Complex* samples, int size) {
  std::vector<Complex> in(samples, samples + size), out(in.size());
  auto* plan = fftw_plan_dft_1d(size, reinterpret_cast<fftw_complex*>(in.data()),
                                reinterpret_cast<fftw_complex*>(out.data()), FFTW_FORWARD, FFTW_ESTIMATE);
  fftw_execute(plan);
  fftw_destroy_plan(plan);
  return out;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("OFDM: every carrier gives the printed sum, from integers and from floats", "[kernels][ofdm]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const auto& c : tests::kOfdmCases) {
    for (const bool integers : {true, false}) {
      INFO(c.fft_size << " points, " << c.prbs << " PRB, " << (integers ? "ci16" : "cf32"));
      const Slot slot = random_slot(c, integers);
      TestType on = backend_for<TestType>(slot.shape);
      const auto expected = expected_elements(slot);
      tests::for_each_way_to_run<TestType>([&] { CHECK(worst_error(slot, expected, demodulate(on, slot)) < 1e-6); });
    }
  }
}

TEMPLATE_LIST_TEST_CASE("OFDM: every element of a whole slot agrees with FFTW in double precision", "[kernels][ofdm]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const auto& c : tests::kOfdmCases) {
    const Slot slot = random_slot(c, /*integers=*/true, /*seed=*/2);
    const OfdmShape& shape = slot.shape;
    TestType on = backend_for<TestType>(shape);
    const auto grid = demodulate(on, slot);
    double worst = 0;
    for (int antenna = 0; antenna < shape.antennas; ++antenna) {
      for (int symbol = 0; symbol < kSymbolsPerSlot; ++symbol) {
        const auto bins = fftw_double(&slot.exact[antenna][shape.symbol_start[symbol]], shape.fft_size);
        for (int k = 0; k < shape.subcarriers; ++k) {
          const int bin = (k - shape.subcarriers / 2 + shape.fft_size) % shape.fft_size;
          const Complex expected = reference::wide(shape.symbol_gain[symbol]) * bins[bin];
          const double error = std::abs(reference::wide(grid[at(shape, antenna, symbol, k)]) - expected);
          if (!(error <= worst * size_of(slot, symbol))) worst = error / size_of(slot, symbol);
        }
      }
    }
    INFO(c.fft_size << " points, " << c.prbs << " PRB");
    CHECK(worst < 1e-6);
  }
}

TEMPLATE_LIST_TEST_CASE("OFDM: a carrier frequency offset is removed, its phase counted from the slot's start",
                        "[kernels][ofdm]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const double cfo_hz : {-3000.0, 0.5, 7000.0}) {
    for (const bool integers : {true, false}) {
      Slot slot = random_slot({30000, 1536, 51, 2}, integers);
      slot.shape.cfo_cycles_per_sample = static_cast<float>(cfo_hz / (30000.0 * 1536));
      TestType on = backend_for<TestType>(slot.shape);
      INFO(cfo_hz << " Hz");
      CHECK(worst_error(slot, expected_elements(slot), demodulate(on, slot)) < 1.5e-6);
    }
  }
}

TEMPLATE_LIST_TEST_CASE("OFDM: symbols that were not asked for keep their rows", "[kernels][ofdm]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const auto& [first, count] : {std::pair{0, 1}, {3, 5}, {13, 1}, {2, 12}}) {
    Slot slot = random_slot({15000, 256, 11, 2}, /*integers=*/true);
    slot.shape.first_symbol = first;
    slot.shape.symbols = count;
    TestType on = backend_for<TestType>(slot.shape);
    const auto grid = demodulate(on, slot);
    CHECK(worst_error(slot, expected_elements(slot), grid) < 1e-6);
    for (int antenna = 0; antenna < 2; ++antenna)
      for (int symbol = 0; symbol < kSymbolsPerSlot; ++symbol)
        CHECK(row_untouched(slot.shape, grid, antenna, symbol) == (symbol < first || symbol >= first + count));
  }
}

TEMPLATE_LIST_TEST_CASE("OFDM: a sample that is not finite spoils its own symbol and antenna, no other",
                        "[kernels][ofdm]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN(), kInfinity = std::numeric_limits<float>::infinity();
  for (const float bad : {kNaN, kInfinity}) {
    Slot slot = random_slot({30000, 512, 25, 2}, /*integers=*/false);
    TestType on = backend_for<TestType>(slot.shape);
    const auto clean = demodulate(on, slot);
    slot.cf32_samples[static_cast<std::size_t>(slot.shape.samples_per_slot + slot.shape.symbol_start[4] + 17)].im = bad;
    const auto grid = demodulate(on, slot);
    for (int antenna = 0; antenna < 2; ++antenna) {
      for (int symbol = 0; symbol < kSymbolsPerSlot; ++symbol) {
        int same = 0, finite = 0;
        for (int k = 0; k < slot.shape.subcarriers; ++k) {
          const cf32 x = grid[at(slot.shape, antenna, symbol, k)];
          same += x == clean[at(slot.shape, antenna, symbol, k)] ? 1 : 0;
          finite += std::isfinite(x.re) && std::isfinite(x.im) ? 1 : 0;
        }
        const bool spoilt = antenna == 1 && symbol == 4;
        CHECK(same == (spoilt ? 0 : slot.shape.subcarriers));
        CHECK(finite == (spoilt ? 0 : slot.shape.subcarriers));
      }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("OFDM: prefixes and silence add nothing", "[kernels][ofdm]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  Slot slot = random_slot({15000, 768, 52, 1}, /*integers=*/true);
  for (const int start : slot.shape.symbol_start)  // leaves the prefixes alone
    std::fill_n(slot.ci16_samples.begin() + start, slot.shape.fft_size, ci16{});
  TestType on = backend_for<TestType>(slot.shape);
  const auto grid = demodulate(on, slot);
  for (int symbol = 0; symbol < kSymbolsPerSlot; ++symbol) {
    float largest = 0;
    for (int k = 0; k < slot.shape.subcarriers; ++k)
      largest = std::max(largest, norm(grid[at(slot.shape, 0, symbol, k)]));
    CHECK(largest == 0);
  }
}

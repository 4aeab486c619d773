// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/combine_and_demap.h"

#include <complex>
#include <limits>
#include <set>
// liquid.h takes its complex type from <complex>, which has to come before it.
#include <liquid/liquid.h>

#include "tests/kernels/demap_slot.h"

using namespace pado;
using reference::Complex;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// The printed formulas for one element, and the descrambling: LLRs in steps, not rounded yet.
struct Expected {
  std::vector<double> steps;
  double squared_error = 0;  // summed over all
};

Expected expected_of(tests::DemapSlot& x) {
  const DemapShape& s = x.shape;
  const auto points = reference::constellation(s.bits_per_symbol);
  Expected expected;
  tests::for_each_data_element(s, [&](int symbol, int k, int) {
    const int half = x.half_of(symbol), group = k / kGroupSubcarriers;
    for (int l = 0; l < s.layers; ++l) {
      Complex z = 0;
      std::vector<Complex> gain(static_cast<std::size_t>(s.joint.count));
      for (int a = 0; a < s.antennas; ++a) {
        const Complex w = reference::wide(x.w(half, l, a, group));
        z += w * reference::wide(x.y(a, symbol, k));
        for (int of = 0; of < s.joint.count; ++of)
          gain[static_cast<std::size_t>(of)] += w * x.channel_at(a, of, symbol, k);
      }
      const int own = s.joint.first_own + l;
      double leaked = 0;
      for (int of = 0; of < s.joint.count; ++of)
        if (of != own && (s.present[static_cast<std::size_t>(symbol)] >> of & 1) != 0)
          leaked += std::norm(gain[static_cast<std::size_t>(of)]);
      const auto soft = reference::soft_bits(
          reference::combined(z, gain[static_cast<std::size_t>(own)], leaked, x.sinr_of(half, l, group)), points);
      for (const double llr : soft.llr) {
        const std::size_t bit = expected.steps.size();
        const bool flip = ((x.scrambling[bit / 32] >> (bit % 32)) & 1) != 0;
        expected.steps.push_back((flip ? -1 : 1) * kLlrStepsPerNat * llr);
      }
      expected.squared_error += soft.squared_error;
    }
  });
  return expected;
}

struct Tally {
  std::size_t wrong = 0, off_by_one = 0;
};

// A value must be rounded exactly, unless it lies so near the middle of two steps that single precision decides.
Tally compare(const std::vector<std::int8_t>& got, const std::vector<double>& steps) {
  Tally tally;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double clamped = std::clamp(steps[i], -127.0, 127.0);
    const double off = std::abs(got[i] - clamped);
    if (!(off <= 0.5 + 0.01)) {
      ++tally.wrong;
    } else if (got[i] != std::nearbyint(clamped)) {
      ++tally.off_by_one;
    }
  }
  return tally;
}

void check_slot(tests::DemapSlot& x, const Expected& expected, const tests::Demapped& got) {
  const Tally tally = compare(got.llrs, expected.steps);
  CHECK(tally.wrong == 0);
  CHECK(static_cast<double>(tally.off_by_one) <= 0.001 * static_cast<double>(expected.steps.size()));
  for (std::size_t i = expected.steps.size(); i < got.llrs.size(); ++i) CHECK(got.llrs[i] == tests::kUntouchedLlr);
  const auto symbols = static_cast<double>(expected.steps.size()) / x.shape.bits_per_symbol;
  CHECK(got.metrics.evm_squared == Approx(expected.squared_error / symbols).epsilon(1e-4));
  const auto end = got.llrs.begin() + static_cast<std::ptrdiff_t>(expected.steps.size());
  const auto saturated = std::count_if(got.llrs.begin(), end, [](std::int8_t llr) { return std::abs(llr) == 127; });
  CHECK(got.metrics.saturated ==
        Approx(static_cast<double>(saturated) / static_cast<double>(expected.steps.size())).margin(1e-6));
  double sinr = 0;
  const int groups = x.shape.subcarriers / kGroupSubcarriers;
  for (int half = 0; half < kHalves; ++half)
    for (int l = 0; l < x.shape.layers; ++l)
      for (int group = 0; group < groups; ++group) sinr += x.sinr_of(half, l, group);
  CHECK(got.metrics.sinr == Approx(sinr / (kHalves * x.shape.layers * groups)).epsilon(1e-4));
}

// All points of liquid-dsp's modem, by the names that versions 1.3 to 1.7 share.
std::vector<std::complex<float>> liquid_points(modulation_scheme scheme, int count) {
  std::vector<std::complex<float>> points(static_cast<std::size_t>(count));
  const auto mapper = modem_create(scheme);
  for (unsigned i = 0; i < points.size(); ++i) modem_modulate(mapper, i, &points[i]);
  modem_destroy(mapper);
  return points;
}

constexpr double kThresholdSnr[] = {0, 0, 1, 0, 8, 0, 40, 0, 200};  // by bits: where LLRs matter most

}  // namespace

TEMPLATE_LIST_TEST_CASE("demap: every size gives the printed max-log LLRs", "[kernels][demap]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const auto& c : tests::kDemapCases) {
    INFO(c.prbs << " PRB, " << c.antennas << " antennas, " << c.layers << " layers, " << c.bits_per_symbol << " bits");
    auto x = tests::random_slot(c, kThresholdSnr[c.bits_per_symbol]);
    const Expected expected = expected_of(x);
    TestType on = tests::backend_for<TestType>(x);
    tests::for_each_way_to_run<TestType>([&] { check_slot(x, expected, tests::demap(on, x)); });
  }
}

TEMPLATE_LIST_TEST_CASE("demap: what other users on the same PRBs leak is noise", "[kernels][demap]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const auto& c :
       {tests::DemapCase{5, 4, 1, 6, 0, 14}, {3, 8, 2, 4, 0, 13}, {11, 8, 4, 2, 1, 12}, {25, 4, 1, 8, 0, 14}}) {
    INFO(c.prbs << " PRB, " << c.antennas << " antennas, " << c.layers << " layers, " << c.bits_per_symbol << " bits");
    auto x = tests::random_shared_slot(c, kThresholdSnr[c.bits_per_symbol]);
    const Expected expected = expected_of(x);
    TestType on = tests::backend_for<TestType>(x);
    tests::for_each_way_to_run<TestType>([&] { check_slot(x, expected, tests::demap(on, x)); });
  }
}

TEMPLATE_LIST_TEST_CASE("demap: right from far below to far above threshold, saturating at 127", "[kernels][demap]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const int bits : {2, 4, 6, 8}) {
    for (const double snr : {0.001, 1.0, 1e3, 1e5}) {
      INFO(bits << " bits, SNR " << snr);
      auto x = tests::random_slot({5, 2, 1, bits, 0, 14}, snr, /*seed=*/2);
      TestType on = tests::backend_for<TestType>(x);
      const auto got = tests::demap(on, x);
      const Tally tally = compare(got.llrs, expected_of(x).steps);
      CHECK(tally.wrong == 0);
      const auto end = got.llrs.begin() + x.llrs;
      const auto [low, high] = std::minmax_element(got.llrs.begin(), end);
      CHECK(*low >= -127);
      if (snr > 1e4) CHECK((*low == -127 && *high == 127));
    }
  }
}

TEMPLATE_LIST_TEST_CASE("demap: an allocation within one half uses that half's weights", "[kernels][demap]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const int second_half : {4, 10}) {  // all symbols behind it, all before
    auto x = tests::random_slot({3, 2, 2, 4, 4, 6}, 30, /*seed=*/3);
    x.shape.second_half = second_half;
    TestType on = tests::backend_for<TestType>(x);
    check_slot(x, expected_of(x), tests::demap(on, x));
  }
}

TEMPLATE_LIST_TEST_CASE("demap: the scrambling sequence flips signs and nothing else", "[kernels][demap]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const auto& c : {tests::DemapCase{3, 1, 1, 2, 0, 14}, {11, 2, 2, 6, 0, 14}}) {
    auto x = tests::random_slot(c, 10);
    TestType on = tests::backend_for<TestType>(x);
    const auto scrambled = tests::demap(on, x).llrs;
    const auto sequence = x.scrambling;
    std::fill(x.scrambling.begin(), x.scrambling.end(), 0);
    const auto plain = tests::demap(on, x).llrs;
    int wrong = 0;
    for (int i = 0; i < x.llrs; ++i) {
      const bool flip = ((sequence[i / 32] >> (i % 32)) & 1) != 0;
      wrong += scrambled[i] == (flip ? -plain[i] : plain[i]) ? 0 : 1;
    }
    CHECK(wrong == 0);
  }
}

TEMPLATE_LIST_TEST_CASE("demap: an element that is not finite is erased, its neighbours and the EVM are as without",
                        "[kernels][demap]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const auto& c : {tests::DemapCase{3, 1, 1, 2, 0, 14}, {5, 2, 2, 8, 0, 14}, {11, 4, 1, 4, 0, 14}}) {
    auto x = tests::random_slot(c, kThresholdSnr[c.bits_per_symbol]);
    TestType on = tests::backend_for<TestType>(x);
    const auto clean = tests::demap(on, x);
    x.y(0, 5, 13).re = kNaN;
    tests::for_each_way_to_run<TestType>([&] {
      const auto got = tests::demap(on, x);
      tests::for_each_data_element(x.shape, [&](int symbol, int k, int at) {
        int same = 0, zero = 0;
        const int bits = c.layers * c.bits_per_symbol;
        for (int i = at; i < at + bits; ++i) {
          same += got.llrs[i] == clean.llrs[i] ? 1 : 0;
          zero += got.llrs[i] == 0 ? 1 : 0;
        }
        if (symbol == 5 && k == 13) {
          CHECK(zero == bits);
        } else if (same != bits) {
          FAIL_CHECK("symbol " << symbol << " subcarrier " << k << " changed");
        }
      });
      CHECK(got.metrics.evm_squared == Approx(clean.metrics.evm_squared).epsilon(0.02));
      CHECK(got.metrics.sinr == clean.metrics.sinr);
    });
  }
}

TEMPLATE_LIST_TEST_CASE("demap: an unusable group is erased and no other", "[kernels][demap]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  auto x = tests::random_slot({5, 2, 2, 4, 0, 14}, 10);
  TestType on = tests::backend_for<TestType>(x);
  const auto clean = tests::demap(on, x).llrs;
  for (int l = 0; l < 2; ++l) {
    x.sinr_of(/*half=*/1, l, /*group=*/7) = 0;
    for (int a = 0; a < 2; ++a) x.w(1, l, a, 7) = {};
  }
  const auto got = tests::demap(on, x).llrs;
  int wrong = 0;
  tests::for_each_data_element(x.shape, [&](int symbol, int k, int at) {
    const bool erased = x.half_of(symbol) == 1 && k / kGroupSubcarriers == 7;
    for (int i = at; i < at + 8; ++i) wrong += got[i] == (erased ? 0 : clean[i]) ? 0 : 1;
  });
  CHECK(wrong == 0);
}

TEMPLATE_LIST_TEST_CASE("demap: without an estimate all LLRs are zero, and the metrics finite", "[kernels][demap]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  auto x = tests::random_slot({5, 4, 2, 6, 0, 14}, 10);
  x.summary[0] = {};
  std::fill(x.channel.begin(), x.channel.end(), cf32{});
  std::fill(x.weights.begin(), x.weights.end(), cf32{});
  std::fill(x.sinr.begin(), x.sinr.end(), 0.0F);
  TestType on = tests::backend_for<TestType>(x);
  auto got = tests::demap(on, x);
  got.llrs.resize(static_cast<std::size_t>(x.llrs));
  CHECK(std::all_of(got.llrs.begin(), got.llrs.end(), [](std::int8_t v) { return v == 0; }));
  CHECK(std::isfinite(got.metrics.evm_squared));
  CHECK(got.metrics.sinr == 0);
}

TEMPLATE_LIST_TEST_CASE("demap: the constellations are liquid-dsp's, each point a Gray label of its own",
                        "[kernels][demap]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const auto& [bits, scheme] :
       {std::pair{2, LIQUID_MODEM_QPSK}, {4, LIQUID_MODEM_QAM16}, {6, LIQUID_MODEM_QAM64}, {8, LIQUID_MODEM_QAM256}}) {
    // One point a subcarrier, over a channel of 1 with next to no noise.
    auto x = tests::random_slot({22, 1, 1, bits, 0, 1}, 1e6);
    std::fill(x.scrambling.begin(), x.scrambling.end(), 0);
    const int count = 1 << bits;
    const auto points = liquid_points(scheme, count);
    for (int i = 0; i < x.shape.subcarriers; ++i) {
      const auto point = points[static_cast<std::size_t>(i % count)];
      x.y(0, 0, i) = {point.real(), point.imag()};
      x.h(0, 0, 0, i) = {1, 0};
      x.w(0, 0, 0, i / kGroupSubcarriers) = {1, 0};
    }
    x.summary[0].branches = 1;
    x.summary[0].time_gain[0] = {1, 0};
    TestType on = tests::backend_for<TestType>(x);
    const auto got = tests::demap(on, x);
    CHECK(got.metrics.evm_squared < 1e-10);
    std::vector<int> label(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
      for (int bit = 0; bit < bits; ++bit) label[i] |= got.llrs[i * bits + bit] < 0 ? 1 << bit : 0;
    CHECK(std::set<int>(label.begin(), label.end()).size() == static_cast<std::size_t>(count));
    const double step = 2 / std::sqrt(2.0 / 3 * (count - 1));  // between neighbours, for unit mean energy
    int neighbours = 0, not_gray = 0;
    for (int i = 0; i < count; ++i) {
      for (int j = 0; j < i; ++j) {
        if (std::abs(points[i] - points[j]) > 1.01 * step) continue;
        ++neighbours;
        not_gray += __builtin_popcount(static_cast<unsigned>(label[i] ^ label[j])) == 1 ? 0 : 1;
      }
    }
    const int side = 1 << (bits / 2);
    CHECK(neighbours == 2 * side * (side - 1));
    CHECK(not_gray == 0);
  }
}

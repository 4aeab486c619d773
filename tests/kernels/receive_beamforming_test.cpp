// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/receive_beamforming.h"

#include <cmath>
#include <limits>
#include <random>

#include "kernels/padding.h"
#include "tests/kernels/cases.h"
#include "tests/kernels/on_backend.h"
#include "tests/reference/receive_beamforming.h"

using namespace pado;
using reference::Complex;
using reference::Matrix;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// An allocation with a random channel and, per PRB, noise with an interferer of random direction.
struct Allocation {
  WeightsShape shape;
  std::vector<cf32> channel, covariance;
  std::vector<ChannelSummary> summary{1};
  /// layer: of all.
  [[nodiscard]] cf32& h(int antenna, int layer, int branch, int subcarrier) {
    return channel[static_cast<std::size_t>(
        ((antenna * shape.joint.count + layer) * kMaxBranches + branch) * shape.channel_stride + subcarrier)];
  }
  /// Of two antennas of one block.
  [[nodiscard]] cf32& r(int row, int column, int prb) {
    const int of_block = row * covariance_columns(shape.antennas) + column % kCovarianceBlock;
    return covariance[static_cast<std::size_t>(of_block * shape.covariance_stride + prb)];
  }
};

struct Level {
  double signal = 10, interference = 1, noise = 1;  // powers at one antenna
};

bool same_block(int antenna, int other) { return antenna / kCovarianceBlock == other / kCovarianceBlock; }

Allocation random_allocation(const tests::JointCase& c, int branches, unsigned seed, Level level = {}) {
  Allocation x;
  const auto all = static_cast<std::uint16_t>((1U << c.all_layers) - 1);
  x.shape = {.antennas = c.antennas,
             .layers = c.layers,
             .joint = {.count = c.all_layers, .first_own = c.first_own, .summary = {}},
             .groups = 3 * c.prbs,
             .channel_stride = channel_stride(c.prbs),
             .covariance_stride = covariance_stride(c.prbs),
             .group_stride = group_stride(c.prbs),
             .centre_symbol = {3, 10},
             .present = {all, all}};
  x.channel.resize(static_cast<std::size_t>(c.antennas * c.all_layers * kMaxBranches * x.shape.channel_stride));
  x.covariance.resize(
      static_cast<std::size_t>(c.antennas * covariance_columns(c.antennas) * x.shape.covariance_stride));
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, std::sqrt(0.5));
  const auto gaussian = [&](double power) {
    return Complex{normal(random) * std::sqrt(power), normal(random) * std::sqrt(power)};
  };
  const auto narrow = [](Complex z) { return cf32{static_cast<float>(z.real()), static_cast<float>(z.imag())}; };
  for (auto& value : x.channel) value = narrow(gaussian(level.signal));
  for (int prb = 0; prb < c.prbs; ++prb) {
    std::vector<Complex> direction;
    for (int a = 0; a < c.antennas; ++a) direction.push_back(gaussian(level.interference));
    for (int i = 0; i < c.antennas; ++i)
      for (int j = 0; j < c.antennas; ++j)
        if (same_block(i, j))
          x.r(i, j, prb) =
              narrow(direction[i] * std::conj(direction[j]) + (i == j ? level.noise * (1 + 0.3 * i) : 0.0));
  }
  x.summary[0].branches = branches;
  x.summary[0].usable = true;
  for (auto& gain : x.summary[0].time_gain) gain = narrow(gaussian(0.5));
  return x;
}

Allocation random_allocation(const tests::WeightsCase& c, unsigned seed, Level level = {}) {
  return random_allocation({c.prbs, c.antennas, c.layers, 0, c.layers}, c.branches, seed, level);
}

struct Weights {
  std::vector<cf32> weights;
  std::vector<float> sinr;
  std::vector<GroupStatus> status;
};

template <class Backend>
Weights compute(Backend& on, const Allocation& x) {
  const auto& s = x.shape;
  const auto channel = tests::uploaded(on, x.channel), covariance = tests::uploaded(on, x.covariance);
  const auto summary = tests::uploaded(on, x.summary);
  const auto rows = static_cast<std::size_t>(kHalves * s.layers * s.group_stride);
  const Buffer<Backend, cf32> weights(rows * static_cast<std::size_t>(s.antennas));
  const Buffer<Backend, float> sinr(rows);
  const auto status = tests::uploaded(
      on, std::vector<GroupStatus>(static_cast<std::size_t>(kHalves * s.group_stride), static_cast<GroupStatus>(99)));
  compute_receive_weights(on, s,
                          {.channel = channel.view(),
                           .covariance = covariance.view(),
                           .summary = summary.view(),
                           .weights = weights.view(),
                           .sinr = sinr.view(),
                           .status = status.view()});
  return {tests::download(on, weights), tests::download(on, sinr), tests::download(on, status)};
}

template <class Backend>
Backend backend_for(const Allocation& x) {
  return Backend(Limits{.antennas = x.shape.antennas,
                        .layers = x.shape.layers,
                        .group_layers = x.shape.joint.count,
                        .fft_size = 128,
                        .prbs = x.shape.groups / 3});
}

// The group's channel, of all layers, and covariance, exactly as the floats say.
Matrix channel_of(Allocation& x, int half, int group) {
  Matrix h(static_cast<std::size_t>(x.shape.antennas), static_cast<std::size_t>(x.shape.joint.count));
  for (int a = 0; a < x.shape.antennas; ++a)
    for (int l = 0; l < x.shape.joint.count; ++l) {
      const ChannelSummary& summary = x.summary[x.shape.joint.summary[static_cast<std::size_t>(l)]];
      if ((x.shape.present[static_cast<std::size_t>(half)] >> l & 1) == 0) continue;
      for (int b = 0; b < summary.branches; ++b) {
        const Complex gain = reference::wide(summary.time_gain[b * kSymbolsPerSlot + x.shape.centre_symbol[half]]);
        h(a, l) +=
            gain * 0.5 * (reference::wide(x.h(a, l, b, 4 * group + 1)) + reference::wide(x.h(a, l, b, 4 * group + 2)));
      }
    }
  return h;
}
Matrix covariance_of(Allocation& x, int group) {
  const auto n = static_cast<std::size_t>(x.shape.antennas);
  Matrix r(n, n);
  for (int i = 0; i < x.shape.antennas; ++i)
    for (int j = 0; j < x.shape.antennas; ++j)
      if (same_block(i, j)) r(i, j) = reference::wide(x.r(i, j, group / 3));
  return r;
}
Matrix weights_of(const Weights& w, const WeightsShape& s, int half, int group) {
  Matrix m(static_cast<std::size_t>(s.layers), static_cast<std::size_t>(s.antennas));
  for (int l = 0; l < s.layers; ++l)
    for (int a = 0; a < s.antennas; ++a)
      m(l, a) = reference::wide(w.weights[((half * s.layers + l) * s.antennas + a) * s.group_stride + group]);
  return m;
}
float sinr_of(const Weights& w, const WeightsShape& s, int half, int layer, int group) {
  return w.sinr[(half * s.layers + layer) * s.group_stride + group];
}

// Distance of two matrices over the size of the second.
double relative_error(const Matrix& got, const Matrix& expected) {
  double error = 0, size = 0;
  for (std::size_t i = 0; i < got.values.size(); ++i) {
    error += std::norm(got.values[i] - expected.values[i]);
    size += std::norm(expected.values[i]);
  }
  return std::sqrt(error / size);
}

struct Errors {
  double weights = 0, sinr = 0;
  int unusable = 0;
};

Errors compare(Allocation& x, const Weights& got) {
  Errors worst;
  for (int half = 0; half < kHalves; ++half) {
    for (int group = 0; group < x.shape.groups; ++group) {
      const auto all = reference::receive_beams(channel_of(x, half, group), covariance_of(x, group));
      const auto own = static_cast<std::size_t>(x.shape.joint.first_own);
      reference::Beams expected{.weights = {static_cast<std::size_t>(x.shape.layers), all.weights.columns}, .sinr = {}};
      for (std::size_t l = 0; l < expected.weights.rows; ++l) {
        expected.sinr.push_back(all.sinr[own + l]);
        for (std::size_t a = 0; a < all.weights.columns; ++a) expected.weights(l, a) = all.weights(own + l, a);
      }
      // Not max: a NaN must show.
      const double error = relative_error(weights_of(got, x.shape, half, group), expected.weights);
      if (!(error <= worst.weights)) worst.weights = error;
      for (int l = 0; l < x.shape.layers; ++l) {
        const double off = std::abs(sinr_of(got, x.shape, half, l, group) / expected.sinr[l] - 1);
        if (!(off <= worst.sinr)) worst.sinr = off;
      }
      worst.unusable += got.status[half * x.shape.group_stride + group] == GroupStatus::ok ? 0 : 1;
    }
  }
  return worst;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("weights: every size gives the printed formula", "[kernels][weights]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const auto& c : tests::kWeightsCases) {
    INFO(c.prbs << " PRB, " << c.antennas << " antennas, " << c.layers << " layers");
    Allocation x = random_allocation(c, /*seed=*/3);
    TestType on = backend_for<TestType>(x);
    tests::for_each_way_to_run<TestType>([&] {
      const Errors worst = compare(x, compute(on, x));
      CHECK(worst.weights < 6e-5);
      CHECK(worst.sinr < 6e-5);
      CHECK(worst.unusable == 0);
    });
  }
}

TEMPLATE_LIST_TEST_CASE("weights: users on the same PRBs are separated by the printed formula", "[kernels][weights]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const auto& c : tests::kJointCases) {
    INFO(c.prbs << " PRB, " << c.antennas << " antennas, " << c.layers << " of " << c.all_layers << " layers");
    Allocation x = random_allocation(c, /*branches=*/2, /*seed=*/21);
    // Two users before and behind: one whose channel does not change, and one who is not sent in the second half.
    x.summary.resize(2, x.summary[0]);
    x.summary[1].branches = 1;
    for (int l = 0; l < c.all_layers; ++l) {
      if (l >= c.first_own && l < c.first_own + c.layers) continue;
      x.shape.joint.summary[static_cast<std::size_t>(l)] = 1;
      if (l > c.first_own) x.shape.present[1] = static_cast<std::uint16_t>(x.shape.present[1] & ~(1U << l));
    }
    TestType on = backend_for<TestType>(x);
    tests::for_each_way_to_run<TestType>([&] {
      const Errors worst = compare(x, compute(on, x));
      CHECK(worst.weights < 3e-4);
      CHECK(worst.sinr < 3e-4);
      CHECK(worst.unusable == 0);
    });
  }
}

TEMPLATE_LIST_TEST_CASE("weights: a user's groups are the same to the bit whatever others send beside them",
                        "[kernels][weights]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  Allocation x = random_allocation(tests::JointCase{11, 4, 3, 0, 2}, 1, 22);
  const auto other_in = [&](int first_prb, cf32 value) {
    for (int a = 0; a < 4; ++a)
      for (int k = 0; k < 12 * 11; ++k) x.h(a, 2, 0, k) = k < 12 * first_prb ? cf32{} : value;
  };
  TestType on = backend_for<TestType>(x);
  other_in(6, {});
  const Weights silent = compute(on, x);
  for (const float level : {1e-3F, 30.0F, kNaN}) {
    other_in(6, {level, 1});
    const Weights got = compute(on, x);
    for (int row = 0; row < kHalves * 2 * 4; ++row)
      for (int group = 0; group < 18; ++group) {
        const auto at = static_cast<std::size_t>(row * x.shape.group_stride + group);
        CHECK(got.weights[at] == silent.weights[at]);
      }
  }
}

TEMPLATE_LIST_TEST_CASE("weights: separate layers are each combined as if they were alone", "[kernels][weights]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const int antennas : {4, 8}) {
    Allocation x = random_allocation(tests::WeightsCase{5, antennas, 2, 1}, 23);
    Allocation alone = random_allocation(tests::JointCase{5, antennas, 2, 1, 1}, 1, 23);  // the second layer
    x.shape.separately = true;
    alone.shape.present = {2, 2};
    TestType on = backend_for<TestType>(x);
    const Weights got = compute(on, x), expected = compute(on, alone);
    for (int group = 0; group < x.shape.groups; ++group) {
      const Matrix w = weights_of(got, x.shape, 0, group), of_one = weights_of(expected, alone.shape, 0, group);
      for (int a = 0; a < antennas; ++a) CHECK(std::abs(w(1, a) - of_one(0, a)) < 1e-5 * std::abs(of_one(0, a)));
      CHECK(sinr_of(got, x.shape, 0, 1, group) == Approx(sinr_of(expected, alone.shape, 0, 0, group)).epsilon(1e-5));
    }
  }
}

TEMPLATE_LIST_TEST_CASE("weights: right over the whole range of signal levels", "[kernels][weights]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const double unit : {1e-9, 1.0, 1e9}) {        // whatever the unit of the samples
    for (const double snr : {1e-3, 1.0, 1e3, 1e5}) {  // -30 to 50 dB
      for (const auto& c : {tests::WeightsCase{5, 4, 2, 2}, {5, 8, 3, 2}}) {
        INFO("unit " << unit << ", SNR " << snr << ", " << c.antennas << " antennas");
        Allocation x = random_allocation(c, 4, {.signal = unit * snr, .interference = unit, .noise = unit});
        TestType on = backend_for<TestType>(x);
        const Errors worst = compare(x, compute(on, x));
        CHECK(worst.weights < 3e-5);
        CHECK(worst.sinr < 3e-5);
        CHECK(worst.unusable == 0);
      }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("weights: the SINR that is told is what the weights achieve", "[kernels][weights]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  Allocation x = random_allocation(tests::WeightsCase{11, 4, 2, 1}, 5);
  TestType on = backend_for<TestType>(x);
  const Weights got = compute(on, x);
  for (int group = 0; group < x.shape.groups; ++group) {
    for (std::size_t l = 0; l < 2; ++l) {
      const double achieved = reference::achieved_sinr(weights_of(got, x.shape, 0, group), channel_of(x, 0, group),
                                                       covariance_of(x, group), l);
      CHECK(sinr_of(got, x.shape, 0, static_cast<int>(l), group) == Approx(achieved).epsilon(1e-4));
    }
  }
}

TEMPLATE_LIST_TEST_CASE("weights: an interferer's covariance gains SINR over the noise powers alone",
                        "[kernels][weights]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  Allocation coloured =
      random_allocation(tests::WeightsCase{11, 4, 1, 1}, 6, {.signal = 10, .interference = 30, .noise = 1});
  Allocation white = coloured;
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      for (int prb = 0; i != j && prb < 11; ++prb) white.r(i, j, prb) = {};
  TestType on = backend_for<TestType>(coloured);
  const Weights irc = compute(on, coloured), mrc = compute(on, white);
  double gain_db = 0;
  for (int group = 0; group < coloured.shape.groups; ++group) {
    const Matrix h = channel_of(coloured, 0, group), r = covariance_of(coloured, group);
    const double with = reference::achieved_sinr(weights_of(irc, coloured.shape, 0, group), h, r, 0);
    const double without = reference::achieved_sinr(weights_of(mrc, coloured.shape, 0, group), h, r, 0);
    CHECK(with > without * 0.9999);
    gain_db += 10 * std::log10(with / without) / coloured.shape.groups;
  }
  CHECK(gain_db > 6);
}

TEMPLATE_LIST_TEST_CASE("weights: an ill-conditioned covariance costs little of the SINR there is",
                        "[kernels][weights]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  // The interferer 40 and 60 dB above the noise: single precision loses digits of the weights, not the null.
  for (const auto& [interference, allowed_loss] : {std::pair{1e4, 0.002}, {1e6, 0.15}}) {
    Allocation x = random_allocation(tests::WeightsCase{11, 4, 2, 1}, 7,
                                     {.signal = 100, .interference = interference, .noise = 1});
    TestType on = backend_for<TestType>(x);
    const Weights got = compute(on, x);
    for (int group = 0; group < x.shape.groups; ++group) {
      const Matrix h = channel_of(x, 0, group), r = covariance_of(x, group);
      const auto best = reference::receive_beams(h, r);
      CHECK(got.status[group] == GroupStatus::ok);
      for (std::size_t l = 0; l < 2; ++l) {
        const double achieved = reference::achieved_sinr(weights_of(got, x.shape, 0, group), h, r, l);
        CHECK(achieved > (1 - allowed_loss) * best.sinr[l]);
      }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("weights: two layers from one direction share it", "[kernels][weights]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const double signal : {10.0, 1e4}) {
    Allocation x =
        random_allocation(tests::WeightsCase{5, 4, 2, 1}, 8, {.signal = signal, .interference = 0.5, .noise = 1});
    for (int a = 0; a < 4; ++a)
      for (int k = 0; k < x.shape.channel_stride; ++k) x.h(a, 1, 0, k) = x.h(a, 0, 0, k);
    TestType on = backend_for<TestType>(x);
    const Errors worst = compare(x, compute(on, x));
    CHECK(worst.unusable == 0);
    CHECK(worst.sinr < 0.02);
    CHECK(worst.weights < 0.02);
  }
}

TEMPLATE_LIST_TEST_CASE("weights: a NaN silences its own group and no other", "[kernels][weights]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const auto& [antennas, layers] : {std::pair{1, 1}, {2, 1}, {3, 2}, {4, 2}, {4, 3}, {8, 1}, {9, 4}}) {
    Allocation x = random_allocation(tests::WeightsCase{11, antennas, layers, 2}, 9);
    TestType on = backend_for<TestType>(x);
    const Weights clean = compute(on, x);
    x.h(antennas - 1, layers - 1, 1, 4 * 17 + 2).im = kNaN;
    x.r(antennas - 1, 0, 3).re = kNaN;  // groups 9 to 11
    tests::for_each_way_to_run<TestType>([&] {
      const Weights got = compute(on, x);
      for (int half = 0; half < kHalves; ++half) {
        for (int group = 0; group < x.shape.groups; ++group) {
          const bool silent = group == 17 || group / 3 == 3;
          CHECK(got.status[half * x.shape.group_stride + group] == (silent ? GroupStatus::unusable : GroupStatus::ok));
          const Matrix w = weights_of(got, x.shape, half, group);
          if (!silent) CHECK(relative_error(w, weights_of(clean, x.shape, half, group)) < 1e-5);
          for (const Complex value : w.values) CHECK((value == Complex{}) == silent);
          for (int l = 0; l < layers; ++l) CHECK((sinr_of(got, x.shape, half, l, group) == 0) == silent);
        }
      }
    });
  }
}

TEMPLATE_LIST_TEST_CASE("weights: the two subcarriers at a group's edges do not count", "[kernels][weights]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  Allocation x = random_allocation(tests::WeightsCase{3, 2, 1, 1}, 10);
  TestType on = backend_for<TestType>(x);
  for (int group = 0; group < x.shape.groups; ++group)
    x.h(0, 0, 0, 4 * group).re = x.h(1, 0, 0, 4 * group + 3).im = kNaN;
  CHECK(compare(x, compute(on, x)).weights < 1e-4);
}

TEMPLATE_LIST_TEST_CASE("weights: no estimate gives no weights, no channel gives weights of zero", "[kernels][weights]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  const Allocation x = random_allocation(tests::WeightsCase{11, 4, 2, 1}, 11);
  TestType on = backend_for<TestType>(x);
  const auto all_zero = [](const Weights& w) {
    return std::all_of(w.weights.begin(), w.weights.end(), [](cf32 v) { return v == cf32{}; }) &&
           std::all_of(w.sinr.begin(), w.sinr.end(), [](float v) { return v == 0; });
  };
  Allocation nothing = x;  // what an unusable estimate leaves behind
  nothing.summary[0] = {};
  std::fill(nothing.channel.begin(), nothing.channel.end(), cf32{});
  std::fill(nothing.covariance.begin(), nothing.covariance.end(), cf32{});
  const Weights none = compute(on, nothing);
  CHECK(all_zero(none));
  CHECK(none.status[0] == GroupStatus::unusable);
  Allocation silent = x;
  std::fill(silent.channel.begin(), silent.channel.end(), cf32{});
  const Weights zero = compute(on, silent);
  CHECK(all_zero(zero));
  CHECK(zero.status[0] == GroupStatus::ok);
}

TEMPLATE_LIST_TEST_CASE("weights: a covariance that is not positive definite is unusable", "[kernels][weights]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  Allocation x = random_allocation(tests::WeightsCase{3, 2, 1, 1}, 12);
  x.r(1, 1, 1) = {-1, 0};
  TestType on = backend_for<TestType>(x);
  const Weights got = compute(on, x);
  for (int group = 0; group < x.shape.groups; ++group)
    CHECK((got.status[group] == GroupStatus::ok) == (group / 3 != 1));
}

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/interference.h"

#include <array>
#include <cmath>
#include <random>

#include "tests/catch.h"
#include "tests/reference/receive_beamforming.h"

using namespace pado;
using interference::Matrix;
using reference::Complex;

namespace {

class Antennas {
 public:
  explicit Antennas(unsigned seed) : random_(seed) {}
  Complex gaussian() { return {normal_(random_), normal_(random_)}; }

  /// Sample covariance of noise, and of an interferer of that power in the noise's unit; its direction is kept.
  Matrix sample(int n, int samples, const std::array<float, 4>& noise, double interferer) {
    std::array<std::array<Complex, 4>, 4> sum{};
    for (int a = 0; a < n; ++a) direction[a] = std::polar(std::sqrt(interferer), 6.28 * normal_(random_));
    for (int i = 0; i < samples; ++i) {
      std::array<Complex, 4> x{};
      const Complex from_afar = gaussian();
      for (int a = 0; a < n; ++a) x[a] = gaussian() * std::sqrt(noise[a] * 1.0) + direction[a] * from_afar;
      for (int a = 0; a < n; ++a)
        for (int b = 0; b < n; ++b) sum[a][b] += x[a] * std::conj(x[b]) / (1.0 * samples);
    }
    Matrix q{};
    for (int a = 0; a < n; ++a)
      for (int b = 0; b < n; ++b)
        q.at[a][b] = {static_cast<float>(sum[a][b].real()), static_cast<float>(sum[a][b].imag())};
    return q;
  }
  std::array<Complex, 4> direction{};

 private:
  std::mt19937 random_;
  std::normal_distribution<double> normal_{0, std::sqrt(0.5)};
};

reference::Matrix wide(const Matrix& m, int n) {
  reference::Matrix out(static_cast<std::size_t>(n), static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) out(i, j) = reference::wide(m.at[i][j]);
  return out;
}

bool is_diagonal(const Matrix& m, int n, const std::array<float, 4>& diagonal) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      if (!(m.at[i][j] == cf32{i == j ? diagonal[i] : 0, 0})) return false;
  return true;
}

constexpr std::array<float, 4> kNoise{1, 1, 8, 0.25F};

}  // namespace

TEST_CASE("eigenvalues: vectors are orthonormal and put the matrix together again", "[kernels][interference]") {
  Antennas antennas(1);
  for (int n = 1; n <= 4; ++n) {
    for (int trial = 0; trial < 100; ++trial) {
      // Few samples make some eigenvalues small or zero, an interferer one large.
      const Matrix q = antennas.sample(n, 1 + trial % 10, kNoise, trial % 3 == 0 ? 1000.0 : 0.0);
      Matrix a = q, v{};
      interference::diagonalise(a, v, n);
      const auto vectors = wide(v, n);
      reference::Matrix values = reference::identity(static_cast<std::size_t>(n));
      double largest = 0;
      for (int i = 0; i < n; ++i) {
        values(i, i) = a.at[i][i].re;
        largest = std::max(largest, static_cast<double>(a.at[i][i].re));
      }
      const auto again = vectors * values * reference::hermitian(vectors), exact = wide(q, n);
      const auto product = vectors * reference::hermitian(vectors);
      for (int i = 0; i < n * n; ++i) {
        CHECK(std::abs(again.values[i] - exact.values[i]) < 1e-5 * largest);
        CHECK(std::abs(product.values[i] - (i % (n + 1) == 0 ? 1.0 : 0.0)) < 1e-5);
      }
    }
  }
}

TEST_CASE("interference: noise alone stays diagonal but once in a hundred times", "[kernels][interference]") {
  Antennas antennas(2);
  for (int n = 1; n <= 4; ++n) {
    for (const int samples : {16, 32, 64, 128}) {
      int coloured = 0;
      constexpr int kTrials = 1500;
      for (int trial = 0; trial < kTrials; ++trial) {
        const Matrix q = antennas.sample(n, samples, kNoise, 0);
        const Matrix r = interference::condition(q, kNoise.data(), n, static_cast<float>(samples));
        coloured += is_diagonal(r, n, kNoise) ? 0 : 1;
      }
      INFO(n << " antennas, " << samples << " samples");
      CHECK(coloured <= kTrials / 100);
    }
  }
}

TEST_CASE("interference: 10 dB over the noise are found, and nearly all that can be gained is",
          "[kernels][interference]") {
  Antennas antennas(3);
  constexpr std::array<float, 4> kEqual{1, 1, 1, 1};
  for (int n = 2; n <= 4; ++n) {
    for (const int samples : {16, 32, 64}) {
      int found = 0;
      double loss_db = 0, gain_db = 0;
      constexpr int kTrials = 300;
      for (int trial = 0; trial < kTrials; ++trial) {
        const Matrix q = antennas.sample(n, samples, kEqual, 10);
        const Matrix r = interference::condition(q, kEqual.data(), n, static_cast<float>(samples));
        found += is_diagonal(r, n, kEqual) ? 0 : 1;
        reference::Matrix truth = reference::identity(static_cast<std::size_t>(n)), h(static_cast<std::size_t>(n), 1);
        const reference::Matrix white = truth;
        for (int i = 0; i < n; ++i) {
          h(i, 0) = 3.0 * antennas.gaussian();
          for (int j = 0; j < n; ++j) truth(i, j) += antennas.direction[i] * std::conj(antennas.direction[j]);
        }
        const auto achieved_db = [&](const reference::Matrix& covariance) {
          const auto weights = reference::receive_beams(h, covariance).weights;
          return 10 * std::log10(reference::achieved_sinr(weights, h, truth, 0));
        };
        loss_db += (achieved_db(truth) - achieved_db(wide(r, n))) / kTrials;
        gain_db += (achieved_db(wide(r, n)) - achieved_db(white)) / kTrials;
      }
      INFO(n << " antennas, " << samples << " samples");
      CHECK(found > kTrials * 99 / 100);
      CHECK(loss_db < 0.8);
      CHECK(gain_db > 3);
    }
  }
}

TEST_CASE("interference: a covariance of few samples or none stays finite and positive", "[kernels][interference]") {
  Antennas antennas(4);
  for (int n = 1; n <= 4; ++n) {
    for (const int samples : {0, 1, 2, 6}) {
      Matrix q{};
      if (samples > 0) q = antennas.sample(n, samples, kNoise, 10);
      const Matrix r = interference::condition(q, kNoise.data(), n, 6);
      Matrix a = r, v{};
      interference::diagonalise(a, v, n);
      INFO(n << " antennas, " << samples << " samples");
      for (int i = 0; i < n; ++i) {
        CHECK(std::isfinite(r.at[i][0].re));
        CHECK(a.at[i][i].re > 0);
      }
    }
  }
}

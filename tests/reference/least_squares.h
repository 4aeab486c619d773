// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <utility>
#include <vector>

namespace pado::reference {

using Complex = std::complex<double>;

/// Complex least squares, one row (equation) at a time, by the normal equations.
class LeastSquares {
 public:
  explicit LeastSquares(std::size_t unknowns)
      : size_(unknowns), gram_(unknowns * unknowns), right_(unknowns), row_(unknowns) {}

  std::vector<Complex>& row() { return row_; }  // fill, then add

  void add(Complex observed) {
    for (std::size_t i = 0; i < size_; ++i) {
      if (row_[i] == Complex{}) continue;
      for (std::size_t j = 0; j < size_; ++j) gram_[i * size_ + j] += std::conj(row_[i]) * row_[j];
      right_[i] += std::conj(row_[i]) * observed;
    }
    energy_ += std::norm(observed);
    ++rows_;
  }

  /// Mean squared residual per equation, corrected for the number of unknowns.
  [[nodiscard]] double residual() const {
    const auto solution = solve();
    Complex explained = 0;
    for (std::size_t i = 0; i < size_; ++i) explained += std::conj(right_[i]) * solution[i];
    return (energy_ - explained.real()) / static_cast<double>(rows_ - size_);
  }

  [[nodiscard]] std::vector<Complex> solve() const {  // Gaussian elimination; the matrix is Hermitian and positive
    auto a = gram_;
    auto x = right_;
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t r = i + 1; r < size_; ++r) {
        const Complex factor = a[r * size_ + i] / a[i * size_ + i];
        for (std::size_t c = i; c < size_; ++c) a[r * size_ + c] -= factor * a[i * size_ + c];
        x[r] -= factor * x[i];
      }
    }
    for (std::size_t i = size_; i-- > 0;) {
      for (std::size_t c = i + 1; c < size_; ++c) x[i] -= a[i * size_ + c] * x[c];
      x[i] /= a[i * size_ + i];
    }
    return x;
  }

 private:
  std::size_t size_, rows_ = 0;
  std::vector<Complex> gram_, right_, row_;
  double energy_ = 0;
};

}  // namespace pado::reference

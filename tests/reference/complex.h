// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <utility>
#include <vector>

#include "kernels/complex.h"

namespace pado::reference {

using Complex = std::complex<double>;

inline Complex wide(cf32 x) { return {x.re, x.im}; }
inline Complex wide(ci16 x) { return {static_cast<double>(x.re), static_cast<double>(x.im)}; }

/// A dense complex matrix of any size.
struct Matrix {
  std::size_t rows, columns;
  std::vector<Complex> values;
  Matrix(std::size_t r, std::size_t c) : rows(r), columns(c), values(r * c) {}
  Complex& operator()(std::size_t r, std::size_t c) { return values[r * columns + c]; }
  const Complex& operator()(std::size_t r, std::size_t c) const { return values[r * columns + c]; }
};

inline Matrix identity(std::size_t n) {
  Matrix m(n, n);
  for (std::size_t i = 0; i < n; ++i) m(i, i) = 1;
  return m;
}

inline Matrix operator*(const Matrix& a, const Matrix& b) {
  Matrix product(a.rows, b.columns);
  for (std::size_t r = 0; r < a.rows; ++r)
    for (std::size_t c = 0; c < b.columns; ++c)
      for (std::size_t k = 0; k < a.columns; ++k) product(r, c) += a(r, k) * b(k, c);
  return product;
}

inline Matrix operator+(Matrix a, const Matrix& b) {
  for (std::size_t i = 0; i < a.values.size(); ++i) a.values[i] += b.values[i];
  return a;
}

inline Matrix hermitian(const Matrix& a) {
  Matrix h(a.columns, a.rows);
  for (std::size_t r = 0; r < a.rows; ++r)
    for (std::size_t c = 0; c < a.columns; ++c) h(c, r) = std::conj(a(r, c));
  return h;
}

/// Gauss-Jordan elimination with row pivots.
inline Matrix inverse(Matrix a) {
  const std::size_t n = a.rows;
  Matrix b = identity(n);
  for (std::size_t column = 0; column < n; ++column) {
    std::size_t pivot = column;
    for (std::size_t r = column; r < n; ++r)
      if (std::abs(a(r, column)) > std::abs(a(pivot, column))) pivot = r;
    const Complex scale = 1.0 / a(pivot, column);
    for (std::size_t c = 0; c < n; ++c) {
      std::swap(a(column, c), a(pivot, c));
      std::swap(b(column, c), b(pivot, c));
      a(column, c) *= scale;
      b(column, c) *= scale;
    }
    for (std::size_t r = 0; r < n; ++r) {
      const Complex factor = a(r, column);
      if (r == column || factor == Complex{}) continue;
      for (std::size_t c = 0; c < n; ++c) {
        a(r, c) -= factor * a(column, c);
        b(r, c) -= factor * b(column, c);
      }
    }
  }
  return b;
}

}  // namespace pado::reference

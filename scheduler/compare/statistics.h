// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace pado::scheduler {

/// A mean and half the width of its 95 % confidence interval (Student's t); not finite for fewer than two values.
struct Estimate {
  double mean = 0, half_width = 0;
};
Estimate estimate(std::span<const double> values);

/// A figure of the whole sample and its 95 % interval.
struct Interval {
  double value = 0, low = 0, high = 0;
};

/// The value below which a share of the values lies, between neighbours in proportion. Reorders them.
double quantile(std::vector<double>& values, double share);

/// `figure` of a choice of seeds (indices, repeated ones too), bootstrapped over 1,000 resamples of the seeds. The
/// resamples are always the same, so that figures of two policies over the same seeds are paired.
Interval bootstrap(int seeds, const std::function<double(std::span<const int>)>& figure);

}  // namespace pado::scheduler

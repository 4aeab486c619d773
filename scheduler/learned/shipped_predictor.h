// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace pado::scheduler::learned {

/// The text of predictor.json, compiled in: the program needs no file at hand.
extern const std::string_view kShippedPredictor;

}  // namespace pado::scheduler::learned

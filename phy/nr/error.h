// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace pado {

/// Something from outside is wrong: the message says in one line what, where, and what would be right.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Right by the standard, but not built: the message names the feature.
struct UnsupportedError : Error {
  using Error::Error;
};

}  // namespace pado

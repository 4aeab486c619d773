// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace pado {

/// The largest work a backend is made for; fixes its scratch memory at start-up.
struct Limits {
  int antennas = 4;
  int layers = 2;
  int fft_size = 4096;  // exactly the carrier's
  int prbs = 273;
  int code_blocks = 160;  // of one transport block
};

}  // namespace pado

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/backends.h"
#include "tests/catch.h"

TEST_CASE("buffer: zeroed and aligned to 64 bytes", "[kernels]") {
  const pado::cpu::HostBuffer<float> buffer(100);
  CHECK(reinterpret_cast<std::uintptr_t>(buffer.view().data()) % 64 == 0);
  CHECK(buffer.view().size() == 100);
  CHECK(buffer.view()[99] == 0);
}

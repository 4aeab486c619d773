// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "tests/catch.h"

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

// What the emulation cannot run, or AddressSanitizer cannot watch, has one home.
TEST_CASE("cuda sources: shared memory, launches and inline assembly stand in device.h alone", "[structure]") {
  constexpr std::array<std::string_view, 5> kOnlyInDevice{"__shared__", "<<<", "asm(", "asm volatile", "cuda_runtime"};
  int files = 0;
  const std::filesystem::path folder = std::filesystem::path(PADO_SOURCE_DIR) / "kernels/cuda";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto path = entry.path();
    if (path.extension() != ".cu" && path.extension() != ".h") continue;
    ++files;
    if (path.filename() == "device.h") continue;
    const std::string text = text_of(path);
    for (const auto word : kOnlyInDevice) {
      INFO(path << " has " << word);
      CHECK(text.find(word) == std::string::npos);
    }
  }
  CHECK(files >= 2);
}

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/pado/each_file.h"

#include <filesystem>
#include <new>

#include "tests/catch.h"
#include "tools/pado/text_table.h"

using namespace pado;
using namespace pado::tools;

TEST_CASE("files: one whose memory runs out is unusable, and the next has its turn", "[tools]") {
  std::vector<std::string> seen;
  const int status = for_each_file({"too large", "strange", "wrong", "good"}, [&](const std::string& file) -> int {
    seen.push_back(file);
    if (file == "too large") throw std::bad_alloc();
    if (file == "strange") throw std::filesystem::filesystem_error("cannot look", std::error_code());
    if (file == "wrong") throw Error("wrong: 7 is not 8");
    return kAllRight;
  });
  CHECK(status == kUnusable);
  CHECK(seen.size() == 4);
}

TEST_CASE("files: the worst status counts", "[tools]") {
  const auto status = [](const std::string& file) -> int { return file == "bad" ? kCheckFailed : kAllRight; };
  CHECK(for_each_file({"good", "bad", "good"}, status) == kCheckFailed);
  CHECK(for_each_file({"good"}, status) == kAllRight);
}

TEST_CASE("table: a number that rounds to zero has no sign", "[tools]") {
  CHECK(fixed_point(-0.04, 1) == "0.0");
  CHECK(fixed_point(-0.3, 0) == "0");
  CHECK(fixed_point(-0.06, 1) == "-0.1");
  CHECK(fixed_point(12.345, 2) == "12.35");
}

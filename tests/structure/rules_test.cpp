// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/structure/rules.h"

#include <string>
#include <vector>

#include "tests/catch.h"

// Each rule is held against the tree, and against a planted breach, which it must find.
namespace pado::structure {
namespace {

const std::vector<SourceFile>& tree() {
  static const std::vector<SourceFile> files = read_tree(PADO_SOURCE_DIR);
  return files;
}

constexpr const char* kTop =
    "// SPDX-FileCopyrightText: 2026 The Pado authors\n// SPDX-License-Identifier: Apache-2.0\n#pragma once\n";

}  // namespace

TEST_CASE("structure: the walk finds sources of every kind of room", "[structure]") {
  std::set<std::string> rooms;
  for (const auto& file : tree()) rooms.insert(room_of(file.path));
  CHECK(rooms.contains("phy/nr"));
  CHECK(rooms.contains("kernels"));
  CHECK(rooms.contains("tests"));
}

TEST_CASE("structure: includes are read whatever their spacing and brackets", "[structure]") {
  const auto found = includes_of("#include \"a/b.h\"\n  #  include <c>\n// #include \"d.h\"\n#include HWY_FILE\n");
  CHECK(found == std::vector<std::string>{"a/b.h", "c"});
}

TEST_CASE("rooms: includes point one way", "[structure]") { CHECK(forbidden_includes(tree()) == Breaches{}); }

TEST_CASE("rooms: an include against the way is found", "[structure]") {
  const auto breaches = [](std::string path, std::string include) {
    const std::vector<SourceFile> files{{std::move(path), "#include \"" + include + "\"\n"}};
    return forbidden_includes(files).size();
  };
  CHECK(breaches("kernels/cpu/x.cpp", "phy/nr/error.h") == 1);
  CHECK(breaches("kernels/cuda/x.cu", "phy/nr/error.h") == 1);
  CHECK(breaches("phy/nr/x.h", "kernels/view.h") == 1);
  CHECK(breaches("phy/nr/x.h", "phy/pusch/plan.h") == 1);
  CHECK(breaches("stream/x.cpp", "phy/pusch/plan.h") == 1);
  CHECK(breaches("phy/pusch/x.cpp", "stream/recording.h") == 1);
  CHECK(breaches("scheduler/x.cpp", "stream/recording.h") == 1);
  CHECK(breaches("station/x.cpp", "tools/pado/replay.h") == 1);
  CHECK(breaches("tools/pado/x.cpp", "tests/catch.h") == 1);
  CHECK(breaches("phy/pusch/x.cpp", "phy/nr/error.h") == 0);
  CHECK(breaches("stream/x.cpp", "kernels/view.h") == 0);
  CHECK(breaches("tests/phy/x.cpp", "tools/pado/replay.h") == 0);
}

TEST_CASE("folders: no circle inside a room", "[structure]") { CHECK(folder_circles(tree()) == Breaches{}); }

TEST_CASE("folders: a planted circle is found with its way", "[structure]") {
  const std::vector<SourceFile> files{{"phy/pusch/plan.h", "#include \"phy/propagation/fading.h\"\n"},
                                      {"phy/propagation/fading.h", "#include \"phy/srs/comb.h\"\n"},
                                      {"phy/srs/comb.h", "#include \"phy/pusch/receiver.h\"\n"},
                                      {"stream/a.h", "#include \"phy/pusch/plan.h\"\n"}};
  CHECK(folder_circles(files) == Breaches{"phy/propagation -> phy/srs -> phy/pusch -> phy/propagation"});
}

TEST_CASE("folders: the list of backends stands above the folders of kernels", "[structure]") {
  const std::vector<SourceFile> files{{"kernels/backends.h", "#include \"kernels/cpu/backend.h\"\n"},
                                      {"kernels/cpu/backend.h", "#include \"kernels/view.h\"\n"}};
  CHECK(folder_circles(files).empty());
  const std::vector<SourceFile> against{{"kernels/view.h", "#include \"kernels/cpu/backend.h\"\n"},
                                        {"kernels/cpu/backend.h", "#include \"kernels/view.h\"\n"}};
  CHECK(folder_circles(against).size() == 1);
}

TEST_CASE("files: no circle of includes", "[structure]") { CHECK(file_circles(tree()) == Breaches{}); }

TEST_CASE("files: a planted circle of includes is found", "[structure]") {
  const std::vector<SourceFile> files{{"stream/a.h", "#include \"stream/b.h\"\n"},
                                      {"stream/b.h", "#include \"stream/a.h\"\n"}};
  CHECK(file_circles(files) == Breaches{"stream/a.h -> stream/b.h -> stream/a.h"});
}

TEST_CASE("includes: by their path from the root", "[structure]") { CHECK(relative_includes(tree()) == Breaches{}); }

TEST_CASE("includes: a climbing and a neighbouring one are found", "[structure]") {
  const std::vector<SourceFile> files{{"stream/a.h", "#include \"../phy/nr/error.h\"\n#include \"b.h\"\n"},
                                      {"stream/b.h", "#include \"stream/a.h\"\n#include <vector>\n"}};
  CHECK(relative_includes(files).size() == 2);
}

TEST_CASE("names: say what is inside", "[structure]") { CHECK(vague_names(tree()) == Breaches{}); }

TEST_CASE("names: a vague folder and a vague file are found", "[structure]") {
  const std::vector<SourceFile> files{{"phy/common/crc.h", ""}, {"stream/StringUtils.h", ""}, {"stream/bytes.h", ""}};
  CHECK(vague_names(files).size() == 2);
}

TEST_CASE("top lines: licence in every source, guard in every header", "[structure]") {
  CHECK(missing_top_lines(tree()) == Breaches{});
}

TEST_CASE("top lines: a missing licence and a missing guard are found", "[structure]") {
  const std::vector<SourceFile> files{
      {"stream/good.h", kTop},
      {"stream/bare.h", "#pragma once\n\n#pragma once\n"},
      {"tools/script", "#!/bin/sh\necho\n"},
      {"stream/open.h", std::string{kTop}.substr(0, std::string{kTop}.find("#pragma"))}};
  const auto found = missing_top_lines(files);
  REQUIRE(found.size() == 3);
  CHECK(found[0] == "stream/bare.h: the two SPDX lines are not at its top");
  CHECK(found[1] == "tools/script: the two SPDX lines are not at its top");
  CHECK(found[2] == "stream/open.h: no #pragma once");
  CHECK(missing_top_lines(std::vector<SourceFile>{{"kernels/cpu/rows-inl.h", kTop}}).size() == 1);
}

TEST_CASE("skips: said on lines of their own", "[structure]") { CHECK(warnings_in_tests(tree()) == Breaches{}); }

TEST_CASE("skips: one that hides in a warning is found", "[structure]") {
  const std::vector<SourceFile> files{{"tests/phy/x_test.cpp", "if (!here) WARN(\"skipped: x\");\n"},
                                      {"tests/phy/y_test.cpp", "std::cout << \"skipped: y\\n\";\n"}};
  CHECK(warnings_in_tests(files).size() == 1);
}

}  // namespace pado::structure

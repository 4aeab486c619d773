// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/stream/temporary_folder.h"
#include "tests/tools/program.h"

using namespace pado::tests;

TEST_CASE("pado bench kernels: a line a kernel in its own unit, beside ceiling and FFTW", "[tools]") {
  const TemporaryFolder folder;
  const std::string file = (folder / "kernels.jsonl").string();
  const ProgramRun run = run_pado("bench kernels --seconds 0 --json " + file);
  CHECK(run.status == 0);
  CHECK_THAT(run.output, ContainsSubstring("this machine: FFTW complex 4096 points in"));
  std::ifstream in(file);
  std::string text;
  std::map<std::string, int> lines, units;
  int with_reference = 0;
  while (std::getline(in, text)) {
    const auto line = nlohmann::json::parse(text);
    INFO(text);
    ++lines[line.at("kernel")];
    for (const char* unit : {"edges_per_ns", "gflops", "gbytes_per_s"}) {
      if (!line.contains(unit)) continue;
      ++units[unit];
      CHECK(line.at(unit) > 0);
    }
    CHECK_FALSE(line.at("case").get<std::string>().empty());
    CHECK(line.at("ratio_to_ceiling") > 0);
    CHECK(line.at("fftw_4096_us") > 0);
    CHECK(line.at("right") == true);
    CHECK(line.contains("mbit_per_s"));
    if (!line.at("factor_wanted").is_null()) ++with_reference;
  }
  for (const char* kernel : {"ofdm_demodulate", "estimate_channel", "compute_receive_weights", "combine_and_demap",
                             "recover_rate", "decode_ldpc", "check_crc", "pusch", "equaliser"})
    CHECK(lines[kernel] > 0);
  CHECK(units["edges_per_ns"] == lines["decode_ldpc"]);
  CHECK(with_reference == 17);
}

TEST_CASE("pado bench kernels: runs what is asked for alone", "[tools]") {
  const ProgramRun run = run_pado("bench kernels --seconds 0 --only check_crc");
  CHECK(run.status == 0);
  CHECK_THAT(run.output, ContainsSubstring("check_crc  ") && !ContainsSubstring("decode_ldpc"));
  CHECK(run_pado("bench kernels --seconds nan").status == 2);
}

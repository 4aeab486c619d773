// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/stream/temporary_folder.h"
#include "tests/tools/program.h"

using namespace pado::tests;

TEST_CASE("pado bler: a row beside its requirement, as a table and as JSON, whatever the threads", "[tools]") {
  const TemporaryFolder folder;
  const std::string file = (folder / "bler.jsonl").string();
  const ProgramRun run = run_pado("bler --rows A3-1x2 --blocks 8 --threads 2 --json " + file);
  CHECK(run.status == 0);
  CHECK_THAT(run.output, ContainsSubstring("A3-1x2  tdlb100-400      -2.8") && ContainsSubstring("met"));
  std::ifstream in(file);
  const auto line = nlohmann::json::parse(in);
  CHECK(line.at("row") == "A3-1x2");
  CHECK(line.at("required_snr_db") == -2.8);
  CHECK(line.at("snr_db") < -2.8);
  CHECK(line.at("known_channel_snr_db") < line.at("snr_db"));
  CHECK(line.at("confidence_95_db") > 0);
  CHECK(line.at("met") == true);
  const ProgramRun again = run_pado("bler --rows A3-1x2 --blocks 8 --threads 1");
  CHECK(again.output.substr(0, again.output.find("took")) == run.output.substr(0, run.output.find("took")));
}

TEST_CASE("pado bler: a row that misses its requirement gives 1", "[tools]") {
  const ProgramRun run = run_pado("bler --rows A5-1x2 --blocks 4 --iterations 1");
  CHECK(run.status == 1);
  CHECK_THAT(run.output, ContainsSubstring("MISSED"));
}

TEST_CASE("pado bler: a row that is not known is told in one line", "[tools]") {
  CHECK(run_pado("bler --rows A9").status == 2);
  CHECK_THAT(errors_of_pado("bler --rows A9").output,
             ContainsSubstring("pado: no row begins with 'A9'; there are A3-1x2"));
  CHECK(run_pado("bler --blocks 0").status == 2);
}

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/tools/program.h"

using namespace pado::tests;

namespace {

const std::string kSmall = "schedule compare --scenario uplink --policies rr,learned --seeds 2 --slots 1200 ";

}  // namespace

TEST_CASE("pado schedule compare: a table with its rows and what the columns mean, the same each time", "[tools]") {
  const ProgramRun run = run_pado(kSmall);
  CHECK(run.status == 0);
  for (const char* text : {"uplink\n", "  rr ", "  pf ", "  pf-tuned ", "  learned ", "vs tuned %", "paired"}) {
    INFO(text);
    CHECK(run.output.find(text) != std::string::npos);
  }
  CHECK(run.output.find("maxcqi") == std::string::npos);
  CHECK(run_pado(kSmall).output == run.output);
}

TEST_CASE("pado schedule compare: --json has a line for each scenario and policy", "[tools]") {
  const auto file = std::filesystem::temp_directory_path() / "pado_schedule_test.jsonl";
  REQUIRE(run_pado(kSmall + "--json " + file.string()).status == 0);
  std::ifstream in(file);
  std::vector<std::string> policies;
  for (std::string line; std::getline(in, line);) {
    const auto row = nlohmann::json::parse(line);
    policies.push_back(row.at("policy"));
    CHECK(row.at("scenario") == "uplink");
    CHECK(row.at("geometric_mean_mbps").at("mean").get<double>() > 0);
    CHECK(row.at("over_tuned").at("fifth_percentile_percent").at("low").is_number());
    CHECK(row.at("fallback_slots") == 0);
  }
  CHECK(policies == std::vector<std::string>{"rr", "pf", "pf-tuned", "learned"});
  std::filesystem::remove(file);
}

TEST_CASE("pado schedule: what cannot be done is refused in one line", "[tools]") {
  const auto refused = [](const std::string& arguments, const std::string& message) {
    const ProgramRun run = errors_of_pado("schedule " + arguments);
    INFO(run.output);
    CHECK(run.status == 2);
    CHECK(run.output.find(message) != std::string::npos);
    CHECK(run.output.find('\n') == run.output.size() - 1);
  };
  refused("compare --scenario speed-7", "speed-7: no such scenario, expected speed-3");
  refused("compare --policies best", "policy best: nothing to compare, expected rr");
  refused("compare --weights README.md", "README.md");
  refused("compare --seeds 1", "--seeds");
  refused("compare --json no/such/folder/x", "no/such/folder");
  refused("tune --scenario speed-3 --write x", "leave --scenario out");
  refused("compare2", "compare2: no such subcommand; there are compare, tune");
}

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>
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

TEST_CASE("pado schedule dataset: two files of NumPy with as many numbers as their headers say", "[tools]") {
  const auto prefix = (std::filesystem::temp_directory_path() / "pado_dataset_test").string();
  REQUIRE(run_pado("schedule dataset --seeds 2 --validation-seeds 1 --out " + prefix).status == 0);
  for (const char* part : {".training.npy", ".validation.npy"}) {
    std::ifstream in(prefix + part, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    REQUIRE(bytes.size() > 128);
    CHECK(bytes.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
    CHECK(bytes.find("'descr': '<f4', 'fortran_order': False, 'shape': (") != std::string::npos);
    const auto shape = bytes.find("'shape': (") + 10;
    const int rows = std::stoi(bytes.substr(shape)), columns = std::stoi(bytes.substr(bytes.find(", ", shape) + 2));
    CHECK(rows > 500);
    CHECK(bytes.size() == 128 + 4UL * rows * columns);
    std::filesystem::remove(prefix + part);
  }
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
  refused("compare --policy-file no/such.json", "no/such.json: cannot be read");
  refused("dataset --out no/such/folder/x", "no/such/folder/x.training.npy: cannot be written");
  refused("compare --seeds 1", "--seeds");
  refused("compare --json no/such/folder/x", "no/such/folder");
  refused("tune --scenario speed-3 --write x", "leave --scenario out");
  refused("compare2", "compare2: no such subcommand; there are compare, tune");
}

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/catch.h"
#include "tests/stream/temporary_folder.h"
#include "tests/tools/program.h"

using namespace pado::tests;

namespace {

const std::string kCarrier = "carrier: {scs_khz: 30, carrier_prb: 24, fft_size: 512, antennas: 2}\n";

std::string config_in(const TemporaryFolder& folder, const std::string& more = kCarrier) {
  folder.write("cell.yaml", "listen: udp://127.0.0.1:0\n" + more);
  return (folder / "cell.yaml").string();
}

std::string wait_for_line(const std::filesystem::path& file) {
  std::string line;
  for (int i = 0; i < 3000 && line.empty(); ++i) {
    std::ifstream in(file);
    if (!std::getline(in, line)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return line;
}

/// `pado run` beside this test, in a folder of its own.
struct Base {
  explicit Base(const std::string& options, const std::string& more = kCarrier)
      : run(std::async(std::launch::async,
                       [this, options, config = config_in(folder, more)] {
                         return run_pado("run --config " + config + " --address-file " + (folder / "address").string() +
                                         " --json " + (folder / "run.json").string() + " " + options);
                       })),
        address(wait_for_line(folder / "address")) {}
  nlohmann::json json() const { return nlohmann::json::parse(std::ifstream(folder / "run.json")); }

  TemporaryFolder folder;
  std::future<ProgramRun> run;
  std::string address;
};

}  // namespace

TEST_CASE("pado run and ue: deliver every payload, say so on both sides, in a table and in JSON", "[tools]") {
  Base base("--seconds 0.1 --policy rr");
  const ProgramRun users = run_pado("ue --to " + base.address + " --users 4 --speed-kmh 30");
  CHECK(users.status == 0);
  CHECK_THAT(users.output, ContainsSubstring("4 users in a cell of 24 PRB at 30 kHz with 2 antennas") &&
                               ContainsSubstring("the base station agrees"));
  const ProgramRun run = base.run.get();
  CHECK(run.status == 0);
  CHECK_THAT(run.output, ContainsSubstring("waiting for pado ue --to " + base.address) &&
                             ContainsSubstring("policy rr: 2") && ContainsSubstring("times real time") &&
                             ContainsSubstring("0 corrupt, 0 twice, 0 out of order, 0 unaccounted, 0 cut off"));
  const auto json = base.json();
  CHECK(json["all_right"] == true);
  CHECK(json["users"].size() == 4);
  CHECK(json["total"]["sent"] == json["total"]["delivered"].get<int>() + json["total"]["lost"].get<int>());
  CHECK(json["session_outcomes"]["complete"] == 1);
  CHECK(json["packets"]["lost"] == 0);
}

TEST_CASE("pado run: forecasts that cannot be used are in the table and in JSON", "[tools]") {
  auto weights = nlohmann::json::parse(std::ifstream("scheduler/learned/predictor.json"));
  weights["layers"][2]["biases"][0] = 1e5;  // no channel is like that
  const TemporaryFolder folder;
  folder.write("weights.json", weights.dump());
  Base base("--seconds 0.05 --policy learned --policy-file " + (folder / "weights.json").string());
  CHECK(run_pado("ue --to " + base.address).status == 0);
  const ProgramRun run = base.run.get();
  CHECK(run.status == 0);
  const auto unusable = base.json()["unusable_forecasts"].get<int>();
  CHECK(unusable > 20);
  CHECK_THAT(run.output, ContainsSubstring(", " + std::to_string(unusable) + " unusable forecasts"));
}

TEST_CASE("pado run: users that break off make exit status 1, and the table is there", "[tools]") {
  Base base("--seconds 0.5");
  const std::string log = (base.folder / "users.log").string();
  run_pado("ue --to " + base.address + " > " + log + " & until grep -q cell " + log +
           "; do sleep 0.02; done; kill -9 $!");
  const ProgramRun users = run_pado("ue --to " + base.address + " --users 2");
  const ProgramRun run = base.run.get();
  CHECK(run.status == 1);
  CHECK_THAT(run.output,
             ContainsSubstring("the users are gone: the connection broke") && ContainsSubstring("policy pf"));
  const auto json = base.json();
  CHECK(json["session_outcomes"]["the users are gone"] == 1);
  CHECK_THAT(run.output,
             ContainsSubstring(fmt::format("{} unaccounted, {} cut off\n", json["total"]["unaccounted"].get<int>(),
                                           json["total"]["cut_off"].get<int>())));
  for (const char* reason : {"other_session", "other_stream", "far_away", "no_room"})
    CHECK(json["packets"]["rejected"].contains(reason));
}

TEST_CASE("pado run: without users there is a table, and exit status 1", "[tools]") {
  const TemporaryFolder folder;
  const std::string config = config_in(folder), address = (folder / "address").string();
  const ProgramRun run = run_pado("run --config " + config + " --address-file " + address + " & until test -s " +
                                  address + "; do sleep 0.02; done; kill -INT $!; wait $!");
  CHECK(run.status == 1);
  CHECK_THAT(run.output, ContainsSubstring("no users came: nothing was checked"));
}

TEST_CASE("pado ue: a cell that is another one than the configuration says is refused by name", "[tools]") {
  Base base("--seconds 0.05");
  const TemporaryFolder folder;
  const std::string other = config_in(folder, "carrier: {scs_khz: 30, carrier_prb: 51, fft_size: 1024, antennas: 2}\n");
  const ProgramRun refused = errors_of_pado("ue --to " + base.address + " --config " + other);
  CHECK(refused.status == 2);
  CHECK_THAT(refused.output, ContainsSubstring("the cell has 24 PRB") && ContainsSubstring("expect 51 PRB"));
  CHECK(run_pado("ue --to " + base.address).status == 0);
  CHECK(base.run.get().status == 0);
}

TEST_CASE("pado run and ue: bad input is one line and exit status 2", "[tools]") {
  struct Row {
    std::string arguments, message;
  };
  const TemporaryFolder folder;
  const std::string config = config_in(folder), run = "run --config " + config + " --seconds 0.01 ";
  folder.write("weights.json", "{\"format\": 7}");
  folder.write("busy.yaml", "listen: tcp://127.0.0.1:1\n" + kCarrier);
  folder.write("far.yaml", "listen: udp://192.0.2.77:5555\n" + kCarrier);
  const std::vector<Row> rows{
      {"run", "--config is required"},
      {"run --config nowhere.yaml", "nowhere.yaml"},
      {run + "--policy best", "policy best"},
      {run + "--policy learned --policy-file " + (folder / "weights.json").string(), "weights.json"},
      {run + "--policy learned --policy-file nowhere.json", "nowhere.json"},
      {run + "--policy pf --policy-file " + (folder / "weights.json").string(), "has no weights"},
      {"run --seconds -1 --config " + config, "--seconds"},
      {"run --seconds nan --config " + config, "nan"},
      {"run --seconds 0.01 --config " + (folder / "busy.yaml").string(), "tcp://127.0.0.1:1"},
      {"run --seconds 0.01 --config " + (folder / "far.yaml").string(), "192.0.2.77"},
      {run + "--address-file /nowhere/address", "/nowhere/address"},
      {run + "--json /nowhere/run.json", "/nowhere/run.json"},
      {"ue", "--to is required"},
      {"ue --to nonsense", "nonsense"},
      {"ue --to 127.0.0.1:0", "a port is needed"},
      {"ue --to 127.0.0.1:1 --wait-s 0.1", "no base station answered"},
      {"ue --to 127.0.0.1:1 --users 65", "users 65 is not from 1 to 64"},
      {"ue --to 127.0.0.1:1 --profile tdl-x", "there are tdl-a, tdl-b, tdl-c"},
      {"ue --to 127.0.0.1:1 --traffic some", "--traffic"},
      {"ue --to 127.0.0.1:1 --speed-kmh nan", "speed"},
      {"ue --to 127.0.0.1:1 --lose 2", "--lose"},
  };
  for (const Row& row : rows) {
    INFO(row.arguments);
    const ProgramRun refused = errors_of_pado(row.arguments);
    CHECK(refused.status == 2);
    CHECK_THAT(refused.output, ContainsSubstring(row.message));
    CHECK(std::count(refused.output.begin(), refused.output.end(), '\n') == 1);
  }
}

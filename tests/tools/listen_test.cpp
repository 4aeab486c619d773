// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/catch.h"
#include "tests/stream/temporary_folder.h"
#include "tests/tools/program.h"

using namespace pado::tests;

namespace {

/// A configuration that listens at any free port for what `grants` says.
std::string config_in(const TemporaryFolder& folder, const std::string& more) {
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

}  // namespace

TEST_CASE("pado listen: what pado send plays is decoded, in a table and in JSON", "[tools]") {
  const TemporaryFolder folder;
  const std::string config =
      config_in(folder, "grants: testvectors/dev04_256qam_51prb_30k_2rx.sigmf-meta\ndeadline_slots: 1000\n");
  const std::string address_file = (folder / "address").string(), json_file = (folder / "out.json").string();
  auto listening = std::async(std::launch::async, [&] {
    return run_pado("listen --config " + config + " --seconds 2 --json " + json_file + " --address-file " +
                    address_file);
  });
  const std::string address = wait_for_line(address_file);
  REQUIRE_THAT(address, ContainsSubstring("udp://127.0.0.1:"));
  const ProgramRun sending =
      run_pado("send testvectors/dev04_256qam_51prb_30k_2rx --to " + address + " --loop 20 --speed 0.1");
  CHECK(sending.status == 0);
  CHECK_THAT(sending.output, ContainsSubstring("320 packets") && ContainsSubstring("20 loops"));
  const ProgramRun listened = listening.get();
  CHECK(listened.status == 0);
  CHECK_THAT(listened.output,
             ContainsSubstring("listening on " + address) && ContainsSubstring("20 of 20 blocks right"));
  const auto summary = nlohmann::json::parse(std::ifstream(json_file));
  CHECK(summary["slots"]["on_time"] == 20);
  CHECK(summary["slots"]["lost"] == 0);
  CHECK(summary["packets"]["received"] == 320);
  CHECK(summary["packets"]["rejected"]["foreign"] == 0);
  CHECK(summary["blocks"]["right"] == 20);
  CHECK(summary["latency_us"]["p99.9"].is_number());
  CHECK(summary["diagnosis"] == "");
}

TEST_CASE("pado send: where it cannot keep its speed it says so", "[tools]") {
  const std::string vector = "send testvectors/dev04_256qam_51prb_30k_2rx --to udp://127.0.0.1:9 ";
  CHECK_THAT(run_pado(vector + "--payload-bytes 28").output, ContainsSubstring("too slow: 0.0"));  // a sample a packet
}

TEST_CASE("pado listen: without a sender it ends after its seconds with exit status 1 and says why", "[tools]") {
  const TemporaryFolder folder;
  const std::string config = config_in(folder, "grants: testvectors/dev04_256qam_51prb_30k_2rx.sigmf-meta\n");
  CHECK(run_pado("listen --config " + config + " --seconds 0.1").status == 1);
  CHECK_THAT(errors_of_pado("listen --config " + config + " --seconds 0.1").output,
             ContainsSubstring("pado: no packet came"));
}

TEST_CASE("pado listen: what it cannot use is one line with exit status 2", "[tools]") {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::string& text) {
    folder.write("bad.yaml", text);
    const ProgramRun run = errors_of_pado("listen --config " + (folder / "bad.yaml").string() + " --seconds 0.1");
    CHECK(run.status == 2);
    CHECK(std::count(run.output.begin(), run.output.end(), '\n') == 1);
    return run.output;
  };
  const std::string grants = "grants: testvectors/dev04_256qam_51prb_30k_2rx.sigmf-meta\n";
  CHECK_THAT(refusal("listen: udp://192.0.2.1:5555\n" + grants), ContainsSubstring("not an address of this machine"));
  CHECK_THAT(refusal("listen: tcp://127.0.0.1:0\n" + grants), ContainsSubstring("scheme tcp is not udp"));
  CHECK_THAT(refusal("listen: udp://127.0.0.1:70000\n" + grants), ContainsSubstring("70000"));
  CHECK_THAT(refusal("listen: udp://127.0.0.1:0\ncarrier: {scs_khz: 30, carrier_prb: 51, fft_size: 1024}\n"),
             ContainsSubstring("who transmits"));
  CHECK(run_pado("listen --config " + (folder / "none.yaml").string()).status == 2);
}

TEST_CASE("pado send: what it cannot use is one line with exit status 2", "[tools]") {
  const std::string recording = "send testvectors/dev04_256qam_51prb_30k_2rx ";
  for (const char* arguments : {"--to 127.0.0.1:5555", "--to tcp://127.0.0.1:5555", "--to udp://127.0.0.1:0",
                                "--to udp://127.0.0.1:9 --speed 3", "--to udp://127.0.0.1:9 --speed nan",
                                "--to udp://127.0.0.1:9 --loop -1", "--to udp://127.0.0.1:9 --payload-bytes 24", ""}) {
    INFO(arguments);
    const ProgramRun run = errors_of_pado(recording + arguments);
    CHECK(run.status == 2);
    CHECK(std::count(run.output.begin(), run.output.end(), '\n') == 1);
  }
  CHECK(run_pado("send testvectors/nothing --to udp://127.0.0.1:9").status == 2);
}

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "tests/catch.h"
#include "tests/stream/example_recording.h"
#include "tests/stream/temporary_folder.h"
#include "tests/tools/program.h"

using namespace pado::tests;

namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<nlohmann::json> json_lines(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

/// A copy of a shipped recording, for the caller to spoil.
struct Copy {
  TemporaryFolder folder;
  std::string name;
  nlohmann::json metadata;
  std::string data;

  explicit Copy(const std::string& recording) : name((folder / recording).string()) {
    metadata = nlohmann::json::parse(text_of("testvectors/" + recording + ".sigmf-meta"));
    data = text_of("testvectors/" + recording + ".sigmf-data");
    save();
  }
  void save() const {
    std::ofstream(name + ".sigmf-meta") << metadata.dump();
    std::ofstream(name + ".sigmf-data", std::ios::binary) << data;
  }
};

}  // namespace

TEST_CASE("pado replay: a good recording gives rows, a summary and exit status 0", "[tools]") {
  const ProgramRun run = run_pado("replay testvectors/dev02_16qam_52prb_15k testvectors/dev12_two_ues_fdm");
  CHECK(run.status == 0);
  CHECK_THAT(run.output, ContainsSubstring("SINR dB") && ContainsSubstring("48929  24..50") &&
                             ContainsSubstring("4 of 4 blocks right, BLER 0.000"));
}

TEST_CASE("pado replay: --json writes a line a row with the columns' names and null for what is not known", "[tools]") {
  const TemporaryFolder folder;
  const std::string file = (folder / "rows.jsonl").string();
  std::ofstream(file) << "older";
  CHECK(run_pado("replay testvectors/dev01_qpsk_25prb_15k testvectors/dev10_tdlb_cfo_delay --json " + file).status ==
        0);
  const auto rows = json_lines(file);
  REQUIRE(rows.size() == 11);
  CHECK(rows[0]["recording"] == "dev01_qpsk_25prb_15k");
  CHECK(rows[0]["backend"] == "cpu");
  CHECK(rows[0]["cfo_hz"].is_null());  // one DM-RS symbol cannot tell
  CHECK(rows[0]["crc_ok"] == true);
  CHECK(rows[0]["payload_match"] == true);
  CHECK(rows[1]["cfo_hz"].get<double>() == Approx(250).margin(30));
  CHECK(rows[1]["timing_offset_ns"].get<double>() == Approx(650).margin(60));
  for (const char* key : {"slot", "rnti", "sinr_db", "evm_percent", "ldpc_iterations", "time_us"})
    CHECK(rows[1][key].is_number());
}

TEST_CASE("pado replay: --json leaves other files beside its own alone", "[tools]") {
  const TemporaryFolder folder;
  folder.write("rows.jsonl.part", "somebody's");
  CHECK(run_pado("replay testvectors/dev01_qpsk_25prb_15k --json " + (folder / "rows.jsonl").string()).status == 0);
  CHECK(folder.files() == 2);
  CHECK(text_of(folder / "rows.jsonl.part") == "somebody's");
}

TEST_CASE("pado replay: a recording in which nobody is to be decoded is told", "[tools]") {
  Copy copy("dev01_qpsk_25prb_15k");
  copy.metadata["annotations"][0]["pado:interferer"] = true;
  copy.save();
  CHECK(run_pado("replay " + copy.name).status == 0);
  CHECK(errors_of_pado("replay " + copy.name).output == "pado: dev01_qpsk_25prb_15k: nothing to decode\n");
}

TEST_CASE("pado replay: --help says which backends run on one thread", "[tools]") {
  CHECK_THAT(run_pado("replay --help").output, ContainsSubstring("backends other than cpu"));
}

TEST_CASE("pado replay: a block that does not decode gives exit status 1, an unusable file 2, which wins", "[tools]") {
  Copy copy("dev02_16qam_52prb_15k");
  copy.metadata["annotations"][1]["pado:pusch"]["n_id"] = 501;
  copy.save();
  CHECK(run_pado("replay " + copy.name).status == 1);
  CHECK(run_pado("replay " + copy.name + " no-such-file").status == 2);
  CHECK(run_pado("replay no-such-file " + copy.name).status == 2);
  CHECK_THAT(run_pado("replay no-such-file " + copy.name).output, ContainsSubstring("1 of 2 blocks right"));
}

TEST_CASE("pado replay: another payload than the expected one is not right", "[tools]") {
  Copy copy("dev01_qpsk_25prb_15k");
  auto& hex = copy.metadata["annotations"][0]["pado:pusch"]["payload_hex"].get_ref<std::string&>();
  hex[0] = hex[0] == '0' ? '1' : '0';
  copy.save();
  const ProgramRun run = run_pado("replay " + copy.name);
  CHECK(run.status == 1);
  CHECK_THAT(run.output, ContainsSubstring("0 of 1 blocks right"));
}

TEST_CASE("pado replay and diagnose: where nothing decodes, a line says why", "[tools]") {
  Copy copy("dev01_qpsk_25prb_15k");
  copy.metadata["global"].erase("pado:first_slot");
  copy.metadata["global"].erase("pado:slots");
  copy.metadata["annotations"][0]["pado:pusch"]["slot"] = 4;
  copy.save();
  const std::string words =
      "correlates 1.00 with slot 0 and 0.07 with the slot 4 that the metadata claims; 1 of 1 blocks decode so";
  CHECK(run_pado("replay " + copy.name).status == 1);
  CHECK_THAT(run_pado("replay " + copy.name).output, ContainsSubstring(words));
  const ProgramRun run = run_pado("diagnose " + copy.name + " testvectors/dev02_16qam_52prb_15k");
  CHECK(run.status == 1);
  CHECK_THAT(run.output, ContainsSubstring("0 of 1 blocks right; ") && ContainsSubstring(words) &&
                             ContainsSubstring("dev02_16qam_52prb_15k: 2 of 2 blocks right; every block decodes"));
}

TEST_CASE("pado replay: without an expected payload the CRC decides", "[tools]") {
  Copy copy("dev01_qpsk_25prb_15k");
  copy.metadata["annotations"][0]["pado:pusch"].erase("payload_hex");
  copy.save();
  CHECK(run_pado("replay " + copy.name).status == 0);
}

TEST_CASE("pado replay: a slot of zeros or NaN fails alone", "[tools]") {
  Copy copy("dev02_16qam_52prb_15k");  // two slots, cf32
  const std::string good = copy.data;
  std::fill_n(copy.data.begin(), copy.data.size() / 2, '\0');
  copy.save();
  CHECK(run_pado("replay " + copy.name).status == 1);
  CHECK_THAT(run_pado("replay " + copy.name).output, ContainsSubstring("no signal") &&
                                                         ContainsSubstring("1 of 2 blocks right") &&
                                                         ContainsSubstring("\n1 transmission without signal\n"));
  copy.data = good;
  std::fill_n(copy.data.begin() + 40000, 4, '\xff');  // one NaN in the first slot
  copy.save();
  CHECK(run_pado("replay " + copy.name).status == 1);
  CHECK_THAT(run_pado("replay " + copy.name).output, ContainsSubstring("not finite") &&
                                                         ContainsSubstring("1 of 2 blocks right") &&
                                                         ContainsSubstring("\n1 transmission not finite\n"));
  std::fill_n(copy.data.begin() + copy.data.size() / 2, copy.data.size() / 2, '\0');
  copy.save();
  CHECK_THAT(run_pado("replay " + copy.name).output,
             ContainsSubstring("\n1 transmission without signal, 1 not finite\n"));
}

TEST_CASE("pado replay: a truncated data file is told, and the slots that are whole decode", "[tools]") {
  Copy copy("dev02_16qam_52prb_15k");
  copy.data.resize(copy.data.size() * 3 / 4);
  copy.save();
  CHECK(run_pado("replay " + copy.name).status == 2);
  CHECK_THAT(run_pado("replay " + copy.name).output, ContainsSubstring("1 of 1 blocks right"));
  CHECK_FALSE(errors_of_pado("replay " + copy.name).output.empty());
}

TEST_CASE("pado replay: a file that cannot be written or a backend that is not built ends at once", "[tools]") {
  CHECK(run_pado("replay testvectors/dev01_qpsk_25prb_15k --json /no/such/folder/x").status == 2);
  CHECK(run_pado("replay testvectors/dev01_qpsk_25prb_15k --backend abacus").status == 2);
  CHECK_THAT(errors_of_pado("replay testvectors/dev01_qpsk_25prb_15k --backend abacus").output,
             ContainsSubstring("cpu, cuda-emulated"));
}

TEST_CASE("pado replay: features that are not built are named", "[tools]") {
  Copy copy("dev01_qpsk_25prb_15k");
  copy.metadata["annotations"][0]["pado:pusch"]["transform_precoding"] = true;
  copy.save();
  CHECK(run_pado("replay " + copy.name).status == 2);
  CHECK_THAT(errors_of_pado("replay " + copy.name).output, ContainsSubstring("DFT-s-OFDM is not supported"));
}

TEST_CASE("pado bench slot: measures a cell and compares its payloads", "[tools]") {
  const TemporaryFolder folder;
  const std::string file = (folder / "bench.jsonl").string();
  const ProgramRun run = run_pado("bench slot --cell n78-20MHz-2x1 --seconds 0.2 --json " + file);
  CHECK(run.status == 0);
  CHECK_THAT(run.output, ContainsSubstring("decode_ldpc") && ContainsSubstring("all right"));
  const auto lines = json_lines(file);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["cell"] == "n78-20MHz-2x1");
  CHECK(lines[0]["wrong_payloads"] == 0);
  CHECK(lines[0]["slot"]["p50_us"].get<double>() > 0);
  CHECK(run_pado("bench slot --cell none").status == 2);
  for (const char* seconds : {"nan", "inf", "-1"}) {
    INFO(seconds);
    CHECK(run_pado(std::string("bench slot --cell n78-20MHz-2x1 --seconds ") + seconds).status == 2);
  }
}

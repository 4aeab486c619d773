// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/catch.h"
#include "tests/stream/example_recording.h"
#include "tests/stream/temporary_folder.h"
#include "tests/tools/program.h"

using namespace pado::tests;

namespace {

int lines(const std::string& text) { return static_cast<int>(std::count(text.begin(), text.end(), '\n')); }

}  // namespace

TEST_CASE("pado info: a row for each slot and user, columns aligned", "[tools]") {
  const ProgramRun run = run_pado("info testvectors/dev12_two_ues_fdm");
  CHECK(run.status == 0);
  CHECK_THAT(run.output,
             ContainsSubstring("dev12_two_ues_fdm\n") && ContainsSubstring("ci16_le, 2 antennas, 30.72 Msample/s"));
  CHECK_THAT(run.output, ContainsSubstring("51 PRB of 30 kHz, FFT of 1024 points"));
  CHECK_THAT(run.output, ContainsSubstring(
                             "  0    15  45097   0..23    0..13  A     2,11      0       1  64QAM          466  9480"));
  CHECK_THAT(run.output, ContainsSubstring(
                             "  0    15  48929  24..50    0..13  A     2,11      0       1  QPSK           526  3968"));
}

TEST_CASE("pado info: an unusable file is told in one line, the others go on", "[tools]") {
  const std::string files = "info nothing testvectors/dev01_qpsk_25prb_15k.sigmf-data";
  const ProgramRun run = run_pado(files);
  CHECK(run.status == 2);
  CHECK_THAT(run.output, ContainsSubstring("27961"));
  const ProgramRun errors = errors_of_pado(files);
  CHECK(lines(errors.output) == 1);
  CHECK_THAT(errors.output, ContainsSubstring("pado: nothing: no such file"));
}

TEST_CASE("pado info: a bad annotation is told by its index, the good ones are listed", "[tools]") {
  const TemporaryFolder folder;
  nlohmann::json metadata = example_of_two_slots();
  apply(metadata, {"/annotations/0/pado:pusch/prb_count", "60"});
  folder.write("x.sigmf-meta", metadata.dump());
  folder.write("x.sigmf-data", std::string(kExampleDataBytes, '\0'));
  const ProgramRun run = run_pado("info " + (folder / "x").string());
  CHECK(run.status == 2);
  CHECK_THAT(run.output, ContainsSubstring("slots    1 with 1 transmission\n"));
  CHECK_THAT(
      errors_of_pado("info " + (folder / "x").string()).output,
      ContainsSubstring("pado: x: annotation 0: prb_start 10 + prb_count 60 = 70 is beyond the carrier's 51 PRB"));
}

TEST_CASE("pado: a wrong command line is told in one line with exit status 2", "[tools]") {
  for (const char* arguments : {"", "info", "info --no-such-option x", "nonsense"}) {
    INFO(arguments);
    CHECK(run_pado(arguments).status == 2);
    CHECK(lines(errors_of_pado(arguments).output) == 1);
  }
}

TEST_CASE("pado: a word that is no subcommand is named beside those that are", "[tools]") {
  CHECK_THAT(errors_of_pado("frobnicate x").output,
             ContainsSubstring("pado: frobnicate: no such subcommand; there are info, replay, "));
  CHECK_THAT(errors_of_pado("bench frobnicate").output,
             ContainsSubstring("pado: frobnicate: no such subcommand; there are slot, kernels\n"));
  CHECK(run_pado("frobnicate").status == 2);
}

TEST_CASE("pado: help teaches with examples and exits with 0", "[tools]") {
  CHECK(run_pado("--help").status == 0);
  CHECK_THAT(run_pado("info --help").output, ContainsSubstring("pado info testvectors/dev01_qpsk_25prb_15k"));
}

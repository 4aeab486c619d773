// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Good recordings of other transmitters, each spoilt in one way.
#include "station/diagnose/diagnose.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <random>

#include "stream/recording/open.h"
#include "stream/recording/resampler.h"
#include "tests/catch.h"
#include "tests/station/spoiled_recording.h"

using namespace pado;
using pado::tests::SpoiledRecording;
using station::Cause;

namespace {

station::Diagnosis diagnose(const SpoiledRecording& spoiled) {
  const stream::Recording recording = stream::open_recording(spoiled.save());
  return station::diagnose(recording, station::replay(recording, {.threads = 1}));
}

void add_noise(SpoiledRecording& recording, float deviation) {
  std::mt19937 random(5);
  std::normal_distribution<float> gauss(0, deviation);
  for (auto& x : recording.samples) x += std::complex<float>(gauss(random), gauss(random));
}

float rms(const SpoiledRecording& recording) {
  double sum = 0;
  for (const auto& x : recording.samples) sum += std::norm(x);
  return static_cast<float>(std::sqrt(sum / static_cast<double>(recording.samples.size())));
}

/// The data at another rate, with zeros behind it so that a slot is there to be read.
void resample(SpoiledRecording& recording, double ratio) {
  const auto antennas = static_cast<std::size_t>(recording.antennas);
  const std::size_t count = recording.samples.size() / antennas;
  const auto made = static_cast<std::size_t>(static_cast<double>(count) * ratio);
  std::vector<std::complex<float>> result(std::max(made, count) * antennas);
  stream::Resampler resampler(ratio);
  for (std::size_t antenna = 0; antenna < antennas; ++antenna) {
    std::vector<cf32> in(count), out(made);
    for (std::size_t i = 0; i < count; ++i) {
      const auto x = recording.samples[i * antennas + antenna];
      in[i] = {x.real(), x.imag()};
    }
    resampler.run(in, 0, out);
    for (std::size_t i = 0; i < made; ++i) result[i * antennas + antenna] = {out[i].re, out[i].im};
  }
  recording.samples = std::move(result);
}

void check_found(const station::Diagnosis& d, Cause cause, const std::string& words) {
  INFO(d.text);
  CHECK(d.cause == cause);
  CHECK(d.correlation > 0.85);
  CHECK(d.claimed_correlation < 0.4);
  CHECK(d.decoded == d.tried);
  CHECK_THAT(d.text, ContainsSubstring(words));
}

}  // namespace

TEST_CASE("diagnose: a recording that decodes needs no diagnosis", "[diagnose]") {
  CHECK(diagnose(SpoiledRecording("dev01_qpsk_25prb_15k")).cause == Cause::decodes);
}

TEST_CASE("diagnose: a wrong slot number is told with the right one", "[diagnose]") {
  SpoiledRecording one("dev01_qpsk_25prb_15k"), two("dev02_16qam_52prb_15k");
  one.forget_slot_grid();
  one.pusch(0)["slot"] = 4;
  check_found(diagnose(one), Cause::slot_number, "with slot 0 and 0.");
  two.forget_slot_grid();
  two.each_pusch([](nlohmann::json& pusch) { pusch["slot"] = (pusch["slot"].get<int>() + 3) % 10; });
  check_found(diagnose(two), Cause::slot_number, "with slot 3 and 0.");
}

TEST_CASE("diagnose: a wrong DM-RS identity or n_scid is told with the right one", "[diagnose]") {
  SpoiledRecording id("dev02_16qam_52prb_15k"), scid("dev04_256qam_51prb_30k_2rx");
  const int right = id.pusch(0)["dmrs"]["n_id"];
  id.each_pusch([](nlohmann::json& pusch) { pusch["dmrs"]["n_id"] = 7; });
  check_found(diagnose(id), Cause::dmrs_identity, "with DM-RS n_id " + std::to_string(right));
  scid.pusch(0)["dmrs"]["n_scid"] = 0;
  check_found(diagnose(scid), Cause::dmrs_identity, "n_scid 1 and 0.");
}

TEST_CASE("diagnose: swapped or conjugated I and Q are a mirrored spectrum", "[diagnose]") {
  SpoiledRecording swapped("dev02_16qam_52prb_15k"), conjugated("dev07_2layer_4rx");
  for (auto& x : swapped.samples) x = {x.imag(), x.real()};
  check_found(diagnose(swapped), Cause::mirrored, "I and Q are swapped");
  for (auto& x : conjugated.samples) x = std::conj(x);
  check_found(diagnose(conjugated), Cause::mirrored, "I and Q are swapped");
}

TEST_CASE("diagnose: another byte order is told", "[diagnose]") {
  SpoiledRecording floats("dev01_qpsk_25prb_15k"), integers("dev03_64qam_106prb_15k_2rx");
  floats.bytes.resize(floats.samples.size() * sizeof(floats.samples[0]));
  std::memcpy(floats.bytes.data(), floats.samples.data(), floats.bytes.size());
  for (std::size_t i = 0; i < floats.bytes.size(); i += 4) std::reverse(&floats.bytes[i], &floats.bytes[i] + 4);
  check_found(diagnose(floats), Cause::datatype, "big-endian cf32 and 0.");
  integers.metadata["global"]["core:datatype"] = "ci16_le";
  for (const auto& x : integers.samples) {
    for (const float part : {x.real(), x.imag()}) {
      const auto value = static_cast<std::uint16_t>(static_cast<std::int16_t>(part));
      integers.bytes += {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)};
    }
  }
  check_found(diagnose(integers), Cause::datatype, "big-endian ci16 and 0.");
}

TEST_CASE("diagnose: floats read as integers and integers read as floats are told", "[diagnose]") {
  SpoiledRecording floats("dev02_16qam_52prb_15k"), integers("dev10_tdlb_cfo_delay");
  floats.forget_slot_grid();
  floats.metadata["global"]["core:datatype"] = "ci16_le";
  check_found(diagnose(floats), Cause::datatype, "read as cf32_le and 0.");
  integers.forget_slot_grid();
  for (const auto& x : integers.samples) {
    for (const float part : {x.real(), x.imag()}) {
      const auto value = static_cast<std::int16_t>(part);
      integers.bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
    }
  }
  check_found(diagnose(integers), Cause::datatype, "read as ci16_le and 0.");
}

TEST_CASE("diagnose: another sampling rate than the metadata's is told", "[diagnose]") {
  for (const double ratio : {0.75, 1.5}) {
    SpoiledRecording recording("dev12_two_ues_fdm");  // 30.72 Msample/s
    recording.forget_slot_grid();
    resample(recording, ratio);
    check_found(diagnose(recording), Cause::sample_rate,
                ratio < 1 ? "with 23.04 Msample/s and 0." : "with 46.08 Msample/s and 0.");
  }
}

TEST_CASE("diagnose: a frequency offset of many subcarriers is measured", "[diagnose]") {
  SpoiledRecording recording("sionna06_mcs_table_2");
  const double cycles = 17.3 / 256;  // 519 kHz
  for (std::size_t i = 0; i < recording.samples.size(); ++i) {
    const auto turn = std::polar(1.0, 2 * std::numbers::pi * std::fmod(cycles * static_cast<double>(i), 1.0));
    recording.samples[i] *= std::complex<float>(turn);
  }
  const station::Diagnosis d = diagnose(recording);
  check_found(d, Cause::frequency_offset, "subcarriers) higher");
  CHECK(d.hypothesis.shift + d.hypothesis.cfo_hz / 30000 == Approx(17.3).margin(0.05));
}

TEST_CASE("diagnose: a timing offset of many samples is measured", "[diagnose]") {
  for (const int late : {3000, -2000}) {
    SpoiledRecording recording("dev02_16qam_52prb_15k");
    recording.forget_slot_grid();
    if (late > 0) {
      recording.samples.insert(recording.samples.begin(), late, {});
    } else {
      recording.metadata["annotations"].erase(0);  // the second slot has its samples wholly in the file
      recording.samples.erase(recording.samples.begin(), recording.samples.begin() - late);
      recording.samples.resize(recording.samples.size() - late);
    }
    const station::Diagnosis d = diagnose(recording);
    check_found(d, Cause::timing_offset, late > 0 ? "us) later" : "us) earlier");
    CHECK(std::abs(d.hypothesis.offset - late) <= 20);
  }
}

TEST_CASE("diagnose: other PRBs than the metadata's are told, also where they overlap", "[diagnose]") {
  for (const int wrong : {27, 6, 1}) {
    SpoiledRecording recording("dev12_two_ues_fdm");
    recording.metadata["annotations"].erase(1);
    recording.pusch(0)["prb_start"] = wrong;  // of 24 PRB from 0 on
    const station::Diagnosis d = diagnose(recording);
    INFO(d.text);
    CHECK(d.cause == Cause::prb_start);
    CHECK_THAT(d.text, ContainsSubstring("with PRB 0..23 and 0."));
  }
}

TEST_CASE("diagnose: data fields that the DM-RS cannot show are named where the SINR suffices", "[diagnose]") {
  SpoiledRecording id("dev02_16qam_52prb_15k"), rnti("dev02_16qam_52prb_15k");
  const int right = id.pusch(0)["n_id"];
  id.each_pusch([](nlohmann::json& pusch) { pusch["n_id"] = 77; });
  const station::Diagnosis of_id = diagnose(id);
  INFO(of_id.text);
  CHECK(of_id.cause == Cause::data_scrambling);
  CHECK(of_id.hypothesis.data_n_id == right);
  CHECK(of_id.decoded == 2);
  rnti.each_pusch([](nlohmann::json& pusch) { pusch["rnti"] = 1234; });
  const station::Diagnosis of_rnti = diagnose(rnti);
  CHECK(of_rnti.cause == Cause::data_parameters);
  CHECK_THAT(of_rnti.text, ContainsSubstring("RNTI, n_id"));
}

TEST_CASE("diagnose: a carrier that does not begin at common resource block 0 is told", "[diagnose]") {
  // The recording's upper PRBs alone, called a carrier of their own.
  SpoiledRecording recording("dev01_qpsk_25prb_15k");
  const double cycles = -2.5 * 12 / 512;  // the middle of PRB 5 to 24 comes to 0 Hz
  for (std::size_t i = 0; i < recording.samples.size(); ++i) {
    const auto turn = std::polar(1.0, 2 * std::numbers::pi * cycles * static_cast<double>(i));
    recording.samples[i] *= std::complex<float>(turn);
  }
  nlohmann::json& pusch = recording.pusch(0);
  pusch["carrier_n_prb"] = pusch["bwp_size"] = pusch["prb_count"] = 20;
  pusch["new_data"] = false, pusch["harq_process"] = "a";  // the size stays that of 25 PRB
  const station::Diagnosis d = diagnose(recording);
  INFO(d.text);
  CHECK(d.cause == Cause::sequence_start);
  CHECK_THAT(d.text, ContainsSubstring("common resource block 5"));
}

TEST_CASE("diagnose: a good recording that is too weak is not called wrong", "[diagnose]") {
  for (const char* name : {"dev02_16qam_52prb_15k", "dev04_256qam_51prb_30k_2rx", "dev12_two_ues_fdm",
                           "dev21_double_dmrs", "sionna02_two_layers_tdlc300", "dev09_mapping_b"}) {
    for (const float noise_over_signal : {1.0F, 2.0F, 4.0F}) {
      SpoiledRecording recording(name);
      add_noise(recording, noise_over_signal * rms(recording) / std::numbers::sqrt2_v<float>);
      const station::Diagnosis d = diagnose(recording);
      INFO(name << ", noise " << noise_over_signal << ": " << d.text);
      if (d.cause == Cause::decodes) continue;
      CHECK(d.cause == Cause::too_weak);
    }
  }
}

TEST_CASE("diagnose: a cell without signal is told", "[diagnose]") {
  SpoiledRecording recording("dev12_two_ues_fdm");
  std::ranges::fill(recording.samples, std::complex<float>());
  add_noise(recording, 100);
  const station::Diagnosis d = diagnose(recording);
  INFO(d.text);
  CHECK(d.cause == Cause::no_signal);
  CHECK_THAT(d.text, ContainsSubstring("nothing but noise"));
}

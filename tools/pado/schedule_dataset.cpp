// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "phy/nr/error.h"
#include "scheduler/learned/training_samples.h"
#include "tools/pado/subcommands.h"

namespace pado::tools {
namespace {

using scheduler::learned::TrainingSample;

constexpr const char* kExamples =
    "Example, and what to do with it:\n"
    "  pado schedule dataset --out build/predictor\n"
    "  scheduler/learned/training/train.py build/predictor";

constexpr std::uint64_t kFirstTrainingSeed = 1'000'000, kFirstValidationSeed = 2'000'000;  // comparisons use others

struct DatasetOptions {
  std::string out;
  int seeds = 1200, validation_seeds = 200;
};

/// NumPy's format, version 1.0: a header of text, padded to 64 bytes, then the numbers.
void write_npy(const std::string& path, const std::vector<TrainingSample>& samples) {
  static_assert(std::endian::native == std::endian::little);
  static_assert(sizeof(TrainingSample) % sizeof(float) == 0);
  constexpr std::size_t kColumns = sizeof(TrainingSample) / sizeof(float);
  constexpr std::size_t kMagicBytes = 10;
  std::string header =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}", samples.size(), kColumns);
  while ((kMagicBytes + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string head("\x93NUMPY\x01\x00", 8);
  head += static_cast<char>(header.size() & 0xff);
  head += static_cast<char>(header.size() >> 8);
  head += header;
  std::ofstream file(path, std::ios::binary);
  file.write(head.data(), static_cast<std::streamsize>(head.size()));
  file.write(reinterpret_cast<const char*>(samples.data()),
             static_cast<std::streamsize>(samples.size() * sizeof(TrainingSample)));
  file.flush();
  if (!file) throw Error(fmt::format("{}: cannot be written", path));
  fmt::print("{}: {} samples of {} numbers\n", path, samples.size(), kColumns);
}

void write_part(const std::string& path, std::uint64_t first_seed, int seeds) {
  std::vector<TrainingSample> samples;
  for (int i = 0; i < seeds; ++i) {
    add_training_samples(scheduler::learned::training_scenario(first_seed + i), first_seed + i, samples);
  }
  write_npy(path, samples);
}

}  // namespace

void add_schedule_dataset(CLI::App& schedule) {
  CLI::App* command = schedule.add_subcommand("dataset", "Make what the learned policy's predictor is trained on");
  const auto options = std::make_shared<DatasetOptions>();
  command->add_option("--out", options->out, "prefix of the two files: .training.npy and .validation.npy")->required();
  command->add_option("--seeds", options->seeds, "simulated cells to train on, of 16 users each")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  command->add_option("--validation-seeds", options->validation_seeds, "others, held out")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  command->footer(kExamples);
  command->callback([options] {
    write_part(options->out + ".training.npy", kFirstTrainingSeed, options->seeds);
    write_part(options->out + ".validation.npy", kFirstValidationSeed, options->validation_seeds);
  });
}

}  // namespace pado::tools

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/open.h"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "phy/nr/error.h"
#include "stream/recording/annotations.h"
#include "stream/recording/grants_file.h"
#include "stream/recording/sigmf_meta.h"

namespace pado::stream {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxTextBytes = 256U << 20;

/// Size of a regular file; throws Error for anything else.
std::uintmax_t file_bytes(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) throw Error(fmt::format("{}: no such file", path.string()));
  if (!fs::is_regular_file(status)) throw Error(fmt::format("{}: not a regular file", path.string()));
  const std::uintmax_t bytes = fs::file_size(path, error);
  if (error) throw Error(fmt::format("{}: {}", path.string(), error.message()));
  return bytes;
}

std::string read_text(const fs::path& path) {
  if (file_bytes(path) > kMaxTextBytes) {
    throw Error(fmt::format("{}: too large for a text, at most {} bytes are read", path.string(), kMaxTextBytes));
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Error(fmt::format("{}: cannot be read", path.string()));
  return text;
}

/// The path without ending where file names a SigMF recording in one of three ways; empty where it does not.
fs::path sigmf_base(const fs::path& file) {
  fs::path base = file;
  if (file.extension() == ".sigmf-meta" || file.extension() == ".sigmf-data") return base.replace_extension();
  std::error_code error;
  return fs::exists(file.string() + ".sigmf-meta", error) ? file : fs::path();
}

/// Prefixes what goes wrong inside with the file's name.
template <class Action>
auto naming(const fs::path& path, Action&& action) {
  try {
    return action();
  } catch (const UnsupportedError& error) {
    throw UnsupportedError(fmt::format("{}: {}", path.string(), error.what()));
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", path.string(), error.what()));
  }
}

/// --datatype and --rate are for bare files; beside SigMF, which says both itself, they have to say the same.
void check_format(const SigmfMeta& meta, const OpenOptions& options) {
  if (!options.datatype.empty() && sample_type_from_name(options.datatype) != meta.sample_type) {
    throw Error(fmt::format("core:datatype {} contradicts --datatype {}", name(meta.sample_type), options.datatype));
  }
  if (options.rate_hz && !(std::abs(*options.rate_hz - meta.sample_rate_hz) <= 0.5)) {
    throw Error(fmt::format("core:sample_rate {} contradicts --rate {}", meta.sample_rate_hz, *options.rate_hz));
  }
}

Recording open_sigmf(const fs::path& base, const OpenOptions& options) {
  const fs::path meta_file = base.string() + ".sigmf-meta";
  const std::string text = read_text(meta_file);
  const SigmfMeta meta = naming(meta_file, [&] { return parse_sigmf_meta(text); });
  naming(meta_file, [&] { check_format(meta, options); });
  const fs::path data_file =
      meta.dataset.empty() ? fs::path(base.string() + ".sigmf-data") : base.parent_path() / meta.dataset;
  const std::uintmax_t bytes = file_bytes(data_file);
  Recording recording;
  if (options.grants_file.empty()) {
    recording = naming(meta_file, [&] { return recording_from_annotations(meta, bytes); });
  } else {
    recording = recording_without_annotations(meta, bytes);
    apply_grants(parse_grants_file(read_text(options.grants_file), options.grants_file), recording);
  }
  recording.name = base.filename().string();
  recording.data_file = data_file;
  return recording;
}

SampleType bare_type(const fs::path& file, const std::string& datatype) {
  const std::string ending = file.extension().string();
  const auto type = sample_type_from_name(!datatype.empty() ? datatype : ending.empty() ? "" : ending.substr(1));
  if (type) return *type;
  if (!datatype.empty()) throw Error(fmt::format("{}: datatype {} is not cf32_le or ci16_le", file.string(), datatype));
  throw Error(fmt::format("{}: no recording: there is no {}.sigmf-meta, and no --datatype for a bare file of samples",
                          file.string(), file.string()));
}

Recording open_bare(const fs::path& file, const OpenOptions& options) {
  std::error_code error;
  if (!fs::exists(file, error)) throw Error(fmt::format("{0}: no such file, and no {0}.sigmf-meta", file.string()));
  const SampleType type = bare_type(file, options.datatype);
  const std::uintmax_t bytes = file_bytes(file);
  if (options.grants_file.empty()) {
    throw Error(fmt::format("{}: a bare file of samples needs --grants, which says who transmits", file.string()));
  }
  const GrantsFile grants = parse_grants_file(read_text(options.grants_file), options.grants_file);
  SigmfMeta meta;
  meta.sample_type = type;
  meta.antennas = grants.antennas.value_or(1);
  if (meta.antennas < 1 || meta.antennas > nr::kMaxAntennas) {
    throw Error(
        fmt::format("{}: carrier.antennas {} is not from 1 to {}", grants.name, meta.antennas, nr::kMaxAntennas));
  }
  if (options.rate_hz) {
    if (!(*options.rate_hz > 0 && *options.rate_hz <= 1e10)) {
      throw Error(fmt::format("{}: --rate {} is not above 0 and up to 1e10 Hz", file.string(), *options.rate_hz));
    }
    meta.sample_rate_hz = *options.rate_hz;
  } else if (grants.fft_size) {
    meta.sample_rate_hz = static_cast<double>(grants.scs_hz) * *grants.fft_size;
  } else {
    throw Error(fmt::format("{}: give --rate, or carrier.fft_size in {}", file.string(), grants.name));
  }
  Recording recording = recording_without_annotations(meta, bytes);
  apply_grants(grants, recording);
  recording.name = file.filename().string();
  recording.data_file = file;
  return recording;
}

}  // namespace

Recording open_recording(const std::string& file, const OpenOptions& options) {
  const fs::path base = sigmf_base(file);
  return base.empty() ? open_bare(file, options) : open_sigmf(base, options);
}

}  // namespace pado::stream

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "stream/recording/recording.h"
#include "stream/recording/sigmf_meta.h"

namespace pado::stream {

/// The recording that the metadata and its annotations describe, for a data file of data_bytes; no file is touched, and
/// name and data_file stay empty. Throws Error where the whole recording contradicts itself; a bad annotation becomes a
/// problem.
Recording recording_from_annotations(const SigmfMeta& meta, std::uint64_t data_bytes);

/// The same without looking at annotations: type, rate and size of the data alone.
Recording recording_without_annotations(const SigmfMeta& meta, std::uint64_t data_bytes);

}  // namespace pado::stream

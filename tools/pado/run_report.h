// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "station/loop/run_summary.h"

namespace pado::tools {

/// What a run came to, for people and for programs.
std::string run_report(const station::RunSummary& summary);
nlohmann::json run_json(const station::RunSummary& summary);

}  // namespace pado::tools

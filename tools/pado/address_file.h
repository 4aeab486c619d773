// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace pado::tools {

/// Writes a line with the address to a file, which appears, or replaces an older one, only when it is complete. Without
/// a name it does nothing. Throws Error where the file cannot be written.
void write_address_file(const std::string& file, const std::string& address);

}  // namespace pado::tools

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstdint>
#include <string>
#include <vector>

#include "phy/nr/grant.h"

namespace pado::test {

/// One transmission as a recording's metadata describe it.
struct RecordedPusch {
  nr::PuschGrant grant;
  nr::Carrier carrier;
  std::vector<std::uint8_t> payload;
  double snr_db = 0;
  std::vector<int> dmrs_symbols;  // as annotated
  long sample_start = 0;
};

/// Read and demodulated by other means than the product's: JSON by hand, FFTW in double precision.
class Recording {
 public:
  explicit Recording(const std::string& name);  // in testvectors/

  [[nodiscard]] const std::vector<RecordedPusch>& transmissions() const { return transmissions_; }
  /// [antenna][symbol][subcarrier], in units of a data element, of the slot of a transmission.
  [[nodiscard]] std::vector<std::complex<double>> demodulate(const RecordedPusch& transmission) const;

 private:
  int antennas_ = 0;
  std::vector<std::complex<double>> samples_;  // [sample][antenna]
  std::vector<RecordedPusch> transmissions_;
};

}  // namespace pado::test

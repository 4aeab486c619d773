// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pado::nr {

inline constexpr int kMaxAntennas = 64;
inline constexpr int kMaxLayers = 4;  // of one UE

/// An uplink carrier as its receiver sees it.
struct Carrier {
  int scs_hz = 30000;
  int carrier_prb = 51;              // N_grid^size; centred on the sampled band
  int fft_size = 1024;               // points of a symbol at the sampling rate scs_hz * fft_size
  double phase_compensation_hz = 0;  // the carrier frequency f_0 of TS 38.211, 5.4; 0: none
  int antennas = 1;
  bool operator==(const Carrier&) const = default;
};

enum class Modulation : std::uint8_t { qpsk = 2, qam16 = 4, qam64 = 6, qam256 = 8 };  // values: bits a symbol
enum class MappingType : std::uint8_t { a, b };

/// DM-RS of a PUSCH, TS 38.211, 6.4.1.1.
struct Dmrs {
  int type = 1;                     // configuration type, 1 or 2
  int type_a_position = 2;          // 2 or 3
  int additional_position = 0;      // 0..3
  int length = 1;                   // 1 or 2 front-loaded symbols
  std::vector<int> ports{0};        // one a layer: type 1 has 0..3, type 2 0..5, twice as many with length 2
  int cdm_groups_without_data = 2;  // 1 or 2; type 2: 1 to 3
  double power_boost_db = 3;        // of a pilot over a data element
  int n_id = 0;
  int n_scid = 0;
};

/// A part of the uplink control information: HARQ-ACK, CSI part 1 or CSI part 2.
struct UciPart {
  int bits = 0;
  double beta_offset = 1;               // TS 38.213, 9.3
  std::vector<std::uint8_t> content{};  // what is sent, one bit a byte; empty: not known
  bool operator==(const UciPart&) const = default;
};
inline constexpr int kUciParts = 3;

/// Uplink control information on a PUSCH, TS 38.212, 6.2.7 and 6.3.2.
struct Uci {
  std::array<UciPart, kUciParts> parts{};  // HARQ-ACK, CSI part 1, CSI part 2
  double alpha = 1;                        // share of the PUSCH that it may take
  [[nodiscard]] const UciPart& harq_ack() const { return parts[0]; }
  [[nodiscard]] bool any() const { return parts[0].bits != 0 || parts[1].bits != 0 || parts[2].bits != 0; }
  bool operator==(const Uci&) const = default;
};

/// Everything that is needed to decode one UE's PUSCH in one slot. PRBs count from the carrier's first, which is
/// common resource block crb_start (0 in the recordings).
struct PuschGrant {
  int slot = 0;  // in the frame
  int rnti = 0;
  int bwp_start = 0, bwp_size = 0;
  int prb_start = 0, prb_count = 0;
  int symbol_start = 0, symbol_count = 14;
  MappingType mapping_type = MappingType::a;
  Dmrs dmrs;
  int n_id = 0;  // data scrambling identity
  Modulation modulation = Modulation::qpsk;
  double code_rate_x1024 = 0;
  int layers = 1;
  int x_overhead = 0;  // 0, 6, 12, 18
  int tbs_bits = 0;    // 0: from the tables (TS 38.214, 6.1.4.2)
  int base_graph = 0;  // 0: by block size and code rate; a retransmission keeps that of its first (TS 38.212, 6.2.2)
  int rv = 0;
  bool new_data = true;
  std::string harq_process;  // empty: a block sent once
  int block = 0;             // number of the block in its HARQ process: only its own transmissions are combined

  std::optional<int> limited_buffer_tbs_bits;  // TBS_LBRM of limited-buffer rate matching (TS 38.212, 5.4.2.1)
  std::vector<bool> sent_groups;               // CBGTI: which of the code block groups are sent; empty: the whole block
  Uci uci;
  bool shared_channel = true;  // false: control information alone, without a transport block

  std::vector<std::uint8_t> expected_payload;  // empty: not known
};

}  // namespace pado::nr

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "phy/nr/grant.h"

namespace pado::nr {

/// Transport block size in bits, TS 38.214, 6.1.4.2 (5.1.3.2): dmrs_elements_per_prb counts the resource elements of
/// a PRB that DM-RS and its CDM groups without data take over the allocation.
int transport_block_size(int prb_count, int symbol_count, int dmrs_elements_per_prb, int x_overhead,
                         Modulation modulation, double code_rate_x1024, int layers);
int transport_block_size(const PuschGrant& grant);  // takes the DM-RS positions from the grant

/// TBS_LBRM, TS 38.212, 5.4.2.1: of the most layers, bits a symbol and PRBs that the cell configures for a UE.
int limited_buffer_tbs(int max_layers, Modulation max_modulation, int max_prb);

/// LDPC base graph, TS 38.212, 6.2.2.
int base_graph(int tbs_bits, double code_rate_x1024);
int base_graph(const PuschGrant& grant);  // the grant's own where it names one

}  // namespace pado::nr

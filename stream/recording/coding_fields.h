// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "phy/nr/error.h"
#include "phy/nr/grant.h"
#include "phy/nr/tbs.h"
#include "stream/recording/json_fields.h"
#include "stream/recording/yaml_fields.h"

namespace pado::stream {

[[noreturn]] inline void refuse_value(const JsonFields&, const char* field, const std::string& why) {
  throw Error(fmt::format("{} {}", field, why));
}
[[noreturn]] inline void refuse_value(const YamlFields& fields, const char* field, const std::string& why) {
  fields.refuse(field, why);
}

/// The member lbrm of a transmission, in JSON or YAML: TBS_LBRM, or the configuration that gives it, or both alike.
template <class Fields>
int read_lbrm(Fields& fields) {
  const bool configured = fields.has("max_layers") || fields.has("max_qm") || fields.has("n_prb_lbrm");
  if (!configured) return fields.integer("tbs_lbrm_bits");
  const int layers = fields.integer("max_layers"), prb = fields.integer("n_prb_lbrm"), bits = fields.integer("max_qm");
  if (layers < 1 || layers > 8) refuse_value(fields, "max_layers", fmt::format("{} is not from 1 to 8", layers));
  if (bits != 2 && bits != 4 && bits != 6 && bits != 8) {
    refuse_value(fields, "max_qm", fmt::format("{} is not 2, 4, 6 or 8", bits));
  }
  if (prb < 1 || prb > 275) refuse_value(fields, "n_prb_lbrm", fmt::format("{} is not from 1 to 275", prb));
  const int computed = nr::limited_buffer_tbs(layers, static_cast<nr::Modulation>(bits), prb);
  if (fields.has("tbs_lbrm_bits") && fields.integer("tbs_lbrm_bits") != computed) {
    refuse_value(fields, "tbs_lbrm_bits",
                 fmt::format("{} contradicts max_layers {}, max_qm {} and n_prb_lbrm {}, which give {}",
                             fields.integer("tbs_lbrm_bits"), layers, bits, prb, computed));
  }
  return computed;
}

/// The member cbgti: 1 for each code block group that is sent, 0 for the others.
template <class Fields>
std::vector<bool> read_cbgti(Fields& fields) {
  std::vector<bool> groups;
  for (const int sent : fields.integers("cbgti")) {
    if (sent != 0 && sent != 1) refuse_value(fields, "cbgti", fmt::format("holds {}, which is not 0 or 1", sent));
    groups.push_back(sent == 1);
  }
  if (groups.empty()) refuse_value(fields, "cbgti", "is empty");
  return groups;
}

}  // namespace pado::stream

// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
//
// Compiled with one room's include path and a header's name: a header that the room must not see is not found.
#include PADO_PROBED_HEADER

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

#include "CLinux.h"

#include <malloc.h>

void clinux_return_memory(void) { malloc_trim(0); }

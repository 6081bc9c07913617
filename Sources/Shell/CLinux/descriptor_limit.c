// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

#include "CLinux.h"

#include <sys/resource.h>

void clinux_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

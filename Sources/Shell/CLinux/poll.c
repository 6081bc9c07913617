// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <stddef.h>
#include <time.h>

int clinux_poll(struct pollfd *descriptors, nfds_t count, int64_t timeout_ns) {
  if (timeout_ns < 0) return ppoll(descriptors, count, NULL, NULL);
  struct timespec timeout = {
      .tv_sec = (time_t)(timeout_ns / 1000000000),
      .tv_nsec = (long)(timeout_ns % 1000000000),
  };
  return ppoll(descriptors, count, &timeout, NULL);
}

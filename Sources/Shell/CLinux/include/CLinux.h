// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

#ifndef ISTHMUS_CLINUX_H
#define ISTHMUS_CLINUX_H

#include <poll.h>
#include <stdint.h>

/// poll(2) with a timeout in nanoseconds: ppoll(2) without a signal mask, which Swift's Glibc module lacks.
///
/// @param timeout_ns how long to wait at most; negative: for ever.
/// @return how many descriptors have events; 0 after the timeout; -1 with errno set.
int clinux_poll(struct pollfd *descriptors, nfds_t count, int64_t timeout_ns);

#endif

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

#ifndef ISTHMUS_CLINUX_H
#define ISTHMUS_CLINUX_H

#include <linux/netlink.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/// poll(2) with a timeout in nanoseconds: ppoll(2) without a signal mask, which Swift's Glibc module lacks.
///
/// @param timeout_ns how long to wait at most; negative: for ever.
/// @return how many descriptors have events; 0 after the timeout; -1 with errno set.
int clinux_poll(struct pollfd *descriptors, nfds_t count, int64_t timeout_ns);

/// A file in memory (memfd_create(2)) with this content, to be read from its beginning and gone when it is closed.
///
/// As a program's standard input it has no writer that could block, fail or be cancelled when the program ends early.
///
/// @return a descriptor; -1 with errno set.
int clinux_memory_file(const void *bytes, size_t size);

/// Raises the limit of open files to what the system allows (setrlimit(2)). The usual one, 1,024, is for programs that
/// use select(2).
void clinux_raise_descriptor_limit(void);

/// Gives memory that was freed back to the system (malloc_trim(3)), which malloc keeps otherwise. Takes milliseconds.
void clinux_return_memory(void);

/// A socket on which something can be read whenever an address or an interface of this network namespace came, went or
/// changed (rtnetlink(7)). What does not fit into its buffer is dropped without an error: what is there says enough.
///
/// @return a descriptor; -1 with errno set.
int clinux_open_address_watch(void);

/// The hardware address of an interface with addresses of 48 bits (SIOCGIFHWADDR, netdevice(7)).
///
/// @return the address, first octet highest; -1 if there is no such interface, or none such address.
int64_t clinux_hardware_address(const char *interface);

#endif

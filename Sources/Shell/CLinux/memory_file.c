// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <sys/mman.h>
#include <unistd.h>

int clinux_memory_file(const void *bytes, size_t size) {
  int descriptor = memfd_create("isthmus", MFD_CLOEXEC);
  if (descriptor < 0) return -1;
  for (size_t written = 0; written < size;) {
    ssize_t count = write(descriptor, (const char *)bytes + written, size - written);
    if (count <= 0) {
      close(descriptor);
      return -1;
    }
    written += (size_t)count;
  }
  lseek(descriptor, 0, SEEK_SET);
  return descriptor;
}

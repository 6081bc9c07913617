// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

/// Tests that use sockets and start programs. One after the other: some of them need thousands of descriptors, and
/// some look at how long things take.
@Suite(.serialized)
enum RealConnections {}

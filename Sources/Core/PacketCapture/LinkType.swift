// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a captured packet begins with: LINKTYPE_* of the tcpdump group's registry
/// (<https://www.tcpdump.org/linktypes.html>).
package struct LinkType: RawRepresentable, Sendable, Hashable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// BSD loopback: the address family in the byte order of the machine that captured
  package static let null = LinkType(rawValue: 0)
  package static let ethernet = LinkType(rawValue: 1)
  /// Raw IP; the first nibble tells the version
  package static let raw = LinkType(rawValue: 101)
  /// OpenBSD loopback: the address family, big-endian
  package static let loop = LinkType(rawValue: 108)
  /// Linux "cooked", version 1: what `tcpdump -i any` wrote for long
  package static let linuxCooked = LinkType(rawValue: 113)
  package static let ipv4 = LinkType(rawValue: 228)
  package static let ipv6 = LinkType(rawValue: 229)
  /// Linux "cooked", version 2
  package static let linuxCooked2 = LinkType(rawValue: 276)
  /// The numbers that raw IP has in some systems' own files: DLT_RAW of Linux and of OpenBSD.
  package static let systemsOwnRaw: Set<LinkType> = [LinkType(rawValue: 12), LinkType(rawValue: 14)]

  /// Whether TCP is looked for behind such a header.
  package var isRead: Bool {
    switch self {
    case .null, .ethernet, .raw, .loop, .linuxCooked, .ipv4, .ipv6, .linuxCooked2: true
    default: Self.systemsOwnRaw.contains(self)
    }
  }
}

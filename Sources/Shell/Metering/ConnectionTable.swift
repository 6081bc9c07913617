// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Why the kernel's connections could not be read.
package struct ConnectionTableError: Error, Sendable, Equatable, CustomStringConvertible {
  package var operation: String
  package var errno: Int32

  package var description: String {
    let hint = self.errno == EPERM ? "; the agent needs CAP_NET_ADMIN" : ""
    return "connection tracking: \(self.operation): \(String(cString: strerror(self.errno)))\(hint)"
  }
}

/// The kernel's connection tracking, by netlink.
package enum ConnectionTable {
  /// The kernel fills at most 32 KiB at once.
  private static let bufferSize = 1 << 16
  /// A kernel that says nothing for so long never will.
  private static let patience = timeval(tv_sec: 5, tv_usec: 0)

  /// Goes once through all connections of this network namespace. Blocks while the kernel writes them: some
  /// milliseconds for ten thousand.
  ///
  /// - Throws: what the kernel says, EPERM without CAP_NET_ADMIN.
  package static func forEach(_ body: (ConnectionEntry) -> Void) throws(ConnectionTableError) {
    let socket = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), NETLINK_NETFILTER)
    guard socket >= 0 else { throw ConnectionTableError(operation: "socket", errno: errno) }
    defer { close(socket) }
    var patience = Self.patience
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))

    let request = Self.request
    let sent = request.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, 0) }
    guard sent == request.count else { throw ConnectionTableError(operation: "send", errno: errno) }
    var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
    var dump = ConnectionDump()
    while !dump.isComplete {
      let count = recv(socket, &buffer, buffer.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw ConnectionTableError(operation: "recv", errno: count == 0 ? EIO : errno) }
      dump.entries.removeAll(keepingCapacity: true)
      buffer.withUnsafeBytes { dump.add(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      for entry in dump.entries { body(entry) }
    }
    if let failure = dump.failure { throw ConnectionTableError(operation: "list", errno: failure) }
  }

  /// `struct nlmsghdr` and `struct nfgenmsg`.
  private static var request: [UInt8] {
    var bytes: [UInt8] = []
    func append(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number) { bytes += $0 } }
    append(UInt32(Netlink.header + Netlink.familyHeader))
    append(Netlink.getConnections)
    append(Netlink.dumpFlags)
    append(UInt32(1))
    append(UInt32(0))
    bytes += [Netlink.anyFamily, 0, 0, 0]
    return bytes
  }
}

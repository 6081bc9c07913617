// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The kernel's switch for passing packets on between interfaces.
package struct Forwarding: Sendable {
  private let path: String

  package init(path: String = "/proc/sys/net/ipv4/ip_forward") {
    self.path = path
  }

  /// Turns it on, if it is not on already.
  func enable() throws(NATError) {
    let file = URL(filePath: self.path)
    do {
      if try Data(contentsOf: file).first == UInt8(ascii: "1") { return }
      try Data("1\n".utf8).write(to: file)
    } catch {
      throw .forwardingOff(reason: plain(error))
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FoundationEssentials

/// The kernel's switches for passing packets on between interfaces, one for each family.
package struct Forwarding: Sendable {
  private let path: String
  private let ipv6Path: String

  package init(
    path: String = "/proc/sys/net/ipv4/ip_forward", ipv6Path: String = "/proc/sys/net/ipv6/conf/all/forwarding"
  ) {
    self.path = path
    self.ipv6Path = ipv6Path
  }

  /// Turns it on, if it is not on already.
  func enable(_ family: IPAddress.Family) throws(NATError) {
    let file = URL(filePath: family == .v4 ? self.path : self.ipv6Path)
    do {
      if try Data(contentsOf: file).first == UInt8(ascii: "1") { return }
      try Data("1\n".utf8).write(to: file)
    } catch {
      throw .forwardingOff(family, reason: plain(error))
    }
  }

  /// Turns it on, and says why that is not possible.
  func failure(toEnable family: IPAddress.Family) -> NATError? {
    do throws(NATError) {
      try self.enable(family)
      return nil
    } catch {
      return error
    }
  }
}

extension IPAddress.Family {
  /// As sysctl(8) has it.
  var forwardingSetting: String {
    switch self {
    case .v4: "net.ipv4.ip_forward"
    case .v6: "net.ipv6.conf.all.forwarding"
    }
  }
}

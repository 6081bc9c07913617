// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentPlane
import CLinux
import NIOCore

/// Which interfaces carry which addresses of this machine, in ascending order.
func currentAttachments() throws -> [Attachment] {
  try System.enumerateDevices().compactMap { device in
    // An address with a label is listed under it: `eth0:1` is on eth0 (ip-address(8)).
    let interface = String(device.name.prefix { $0 != ":" })
    guard let text = device.address?.ipAddress, let address = IPAddress(text), isPlain(interface) else { return nil }
    return Attachment(address: address, interface: interface, mac: hardwareAddress(of: interface))
  }.sorted()
}

/// Nil: it has none.
private func hardwareAddress(of interface: String) -> MACAddress? {
  let address = clinux_hardware_address(interface)
  return address > 0 ? MACAddress(rawValue: UInt64(address)) : nil
}

/// Linux allows almost any character in the name of an interface; these can be written in a ruleset.
private func isPlain(_ name: String) -> Bool {
  name.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "@"):
      true
    default: false
    }
  }
}

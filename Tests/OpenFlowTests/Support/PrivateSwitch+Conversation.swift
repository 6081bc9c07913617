// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow
import Testing

extension PrivateSwitch {
  /// Runs `body` with a connection to a new switch; afterwards, what the switch said is said again.
  static func converse(
    _ version: ProtocolVersion, _ body: (SwitchConnection, PrivateSwitch) throws -> Void
  ) throws {
    try PrivateSwitch.run { privateSwitch in
      let connection = try SwitchConnection(privateSwitch.managementSocket, version: version)
      try body(connection, privateSwitch)
      for frame in connection.frames where !frame.isPacketRegisters {
        #expect(try Message(bytes: frame, version).bytes(version) == frame)
      }
    }
  }
}

extension [UInt8] {
  /// NXT_PACKET_IN2 over 1.5 says registers in pairs, which are read as single registers.
  fileprivate var isPacketRegisters: Bool { self[0] == ProtocolVersion.v1_5.rawValue && self[1] == 4 }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow

/// An ordered, atomic bundle (OpenFlow 1.5.1, 6.9 and 7.3.9).
struct Bundle: Equatable {
  private static let flags: BundleFlags = [.atomic, .ordered]

  var id: UInt32

  func control(_ kind: BundleControl.Kind) -> MessageBody {
    .bundleControl(BundleControl(bundleID: self.id, kind, flags: Self.flags))
  }

  func adding(_ body: MessageBody) -> MessageBody {
    .bundleAddMessage(BundleAddMessage(bundleID: self.id, flags: Self.flags, body))
  }
}

extension MessageBody {
  /// Whether Open vSwitch takes it in an atomic bundle. Others may take more, but none must.
  var isBundlable: Bool {
    switch self {
    case .flowMod, .groupMod: true
    default: false
    }
  }

  /// Whether a switch refuses it from a slave (OpenFlow 1.3.5, 6.3.6): it sends a packet or changes the switch.
  var isWrite: Bool {
    switch self {
    case .flowMod, .groupMod, .portMod, .tableMod, .meterMod, .packetOut, .bundleControl, .bundleAddMessage,
      .conntrackFlush, .niciraResume:
      true
    case .multipartRequest(let request):
      if case .tableFeatures(let tables) = request.body { !tables.isEmpty } else { false }
    default: false
    }
  }
}

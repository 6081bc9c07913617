// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Forwarding
import OpenFlow
import PacketHeaders
import ServiceModel

/// A forwarding state and nothing else: events go in by hand, and effects are looked at.
struct Desk {
  static let a = DatapathID(rawValue: 0xa)
  static let b = DatapathID(rawValue: 0xb)

  var state: ForwardingState
  var now = Instant(nanoseconds: 0)

  init(_ settings: ForwardingSettings = ForwardingSettings(), seed: UInt64 = 1) {
    self.state = ForwardingState(seed: seed, settings: settings)
  }

  @discardableResult
  mutating func step(_ event: ForwardingEvent) -> [ForwardingEffect] {
    var effects: [ForwardingEffect] = []
    self.state.step(event, at: self.now, into: &effects)
    return effects
  }

  @discardableResult
  mutating func connect(_ id: DatapathID, ports: ClosedRange<UInt32> = 1...4, table: UInt8 = 0) -> [ForwardingEffect] {
    self.step(.switchConnected(id, ports: ports.map { Self.port($0) }, table: table))
  }

  /// Lets time pass, and does what comes due.
  @discardableResult
  mutating func wait(_ duration: Duration) -> [ForwardingEffect] {
    let end = self.now + duration
    var effects: [ForwardingEffect] = []
    while let next = self.state.nextDeadline, next <= end {
      self.now = max(self.now, next)
      effects += self.step(.deadline)
    }
    self.now = end
    return effects
  }

  /// A frame of type 0x1234 comes to the controller.
  @discardableResult
  mutating func frame(
    _ id: DatapathID, _ port: UInt32, from source: MACAddress, to destination: MACAddress, vlan: UInt16? = nil
  ) -> [ForwardingEffect] {
    self.step(.packetArrived(id, Self.packetIn(port, Self.bytes(from: source, to: destination, vlan: vlan))))
  }

  static func bytes(from source: MACAddress, to destination: MACAddress, vlan: UInt16? = nil) -> [UInt8] {
    var bytes = destination.octets + source.octets
    if let vlan { bytes += [0x81, 0x00, UInt8(vlan >> 8), UInt8(truncatingIfNeeded: vlan)] }
    bytes += [0x12, 0x34]
    return bytes + [UInt8](repeating: 7, count: 46)
  }

  static func packetIn(_ port: UInt32, _ data: [UInt8]) -> PacketIn {
    PacketIn(
      totalLength: UInt16(data.count), reason: .tableMiss, tableID: 0, cookie: ForwardingCookie.base,
      match: [.inPort(PortNumber(port))], data: data)
  }

  static func host(_ number: UInt64) -> MACAddress { MACAddress(rawValue: 0x0200_0000_0000 | number) }

  static func port(_ number: UInt32, isUp: Bool = true) -> PortDescription {
    PortDescription(
      number: PortNumber(number), hardwareAddress: MACAddress(rawValue: 0x0e00_0000_0000 | UInt64(number)),
      name: "p\(number)", state: isUp ? [] : .linkDown)
  }
}

extension [ForwardingEffect] {
  var decisions: [ForwardingDecision] {
    self.compactMap { if case .record(let decision) = $0 { decision } else { nil } }
  }

  /// How many times was written to each switch.
  var sends: [(id: DatapathID, messages: [MessageBody])] {
    self.compactMap { if case .send(let id, let messages) = $0 { (id, messages) } else { nil } }
  }

  func messages(to id: DatapathID) -> [MessageBody] { self.sends.filter { $0.id == id }.flatMap(\.messages) }

  func flowMods(to id: DatapathID) -> [FlowMod] {
    self.messages(to: id).compactMap { if case .flowMod(let mod) = $0 { mod } else { nil } }
  }

  /// All that are no link probes.
  func packetOuts(to id: DatapathID) -> [PacketOut] {
    self.messages(to: id).compactMap { if case .packetOut(let out) = $0, !out.isProbe { out } else { nil } }
  }

  func probes(to id: DatapathID) -> [PacketOut] {
    self.messages(to: id).compactMap { if case .packetOut(let out) = $0, out.isProbe { out } else { nil } }
  }
}

extension PacketOut {
  var isProbe: Bool { EthernetFrame(bytes: self.data)?.type == LLDPDataUnit.etherType }

  var ports: [UInt32] {
    self.actions.compactMap { if case .output(let port, _) = $0 { port.rawValue } else { nil } }
  }
}

extension FlowMod {
  var ports: [UInt32] {
    self.instructions.flatMap { instruction -> [UInt32] in
      guard case .applyActions(let actions) = instruction else { return [] }
      return actions.compactMap { if case .output(let port, _) = $0 { port.rawValue } else { nil } }
    }
  }
}

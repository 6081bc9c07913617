// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FlowPipeline
import OpenFlow
import OpenFlowText

/// What ONOS's API has no words for, ARP, said by other means.
///
/// - The answer to who has a virtual IP: a host with that address, for which ONOS's application `proxyarp` answers.
/// - Flows about who says that an address is his: flows about packets that nobody sends, with the EtherType for local
///   experiments (IEEE 802, 0x88b5) and the addresses in question in their MAC addresses. One of these flows is there for
///   its cookie, which tells what a region is used for. The other drops claims of a virtual IP by strangers: here it only
///   stands for what is not done.
enum ONOSStandIns {
  /// A virtual IP that is answered for.
  struct Host: Hashable {
    var address: IPv4Address
    var mac: MACAddress

    /// Nil: the message is no such answer.
    init?(_ mod: FlowMod) {
      let match = mod.match
      guard mod.priority == TableLayout.Classify.resolution, match.entries.count == 3, match[.arpOperation]?.value == 1,
        let target = match[.arpTargetAddress], target.mask == nil
      else { return nil }
      self.address = IPv4Address(rawValue: UInt32(truncatingIfNeeded: target.value))
      self.mac = MACAddress(rawValue: 0)
      guard mod.command == .add else { return }
      guard case .applyActions(let actions)? = mod.instructions.first,
        let mac = actions.lazy.compactMap({ action -> UInt128? in
          if case .setField(let entry) = action, entry.field == .arpSenderHardware { entry.value } else { nil }
        }).first
      else { return nil }
      self.mac = MACAddress(rawValue: UInt64(truncatingIfNeeded: mac))
    }

    init(address: IPv4Address, mac: MACAddress) {
      self.address = address
      self.mac = mac
    }

    /// As the switch would have it.
    var flow: FlowStatistics {
      FlowStatistics(
        tableID: TableLayout.Table.classify.rawValue, priority: TableLayout.Classify.resolution,
        cookie: Cookie.virtualIP.rawValue, flags: [.sendFlowRemoved],
        match: [.ethernetType(0x0806), .arpOperation(1), .arpTargetAddress(self.address)],
        instructions: [.applyActions(resolutionAnnouncement(self.address, self.mac))])
    }

    /// What a host of ours is known by among others.
    static let annotation = "isthmus"

    /// - Parameter location: a device's id and one of its ports, which every host has.
    func json(at location: (device: String, port: String)) -> JSONValue {
      let place = JSONValue.object([
        .init("elementId", .string(location.device)), .init("port", .string(location.port)),
      ])
      return .object([
        .init("mac", .string("\(self.mac)")), .init("vlan", .string("-1")),
        .init("ipAddresses", .array([.string("\(self.address)")])),
        // By one name until 1.12, by the other from then on.
        .init("location", place), .init("locations", .array([place])),
        .init(Self.annotation, .string(location.device)),
      ])
    }

    /// The addresses of a host in an answer of ONOS; none: it is not ours, or another switch's.
    static func read(_ value: JSONValue, of device: String) -> [Host] {
      guard value["annotations"]?[self.annotation]?.plain == device,
        let mac = value["mac"]?.plain.flatMap({ MACAddress($0) })
      else { return [] }
      return (value["ipAddresses"]?.elements ?? []).compactMap { item in
        item.plain.flatMap { IPv4Address($0) }.map { Host(address: $0, mac: mac) }
      }
    }
  }

  private static let experiments = MatchEntry.ethernetType(0x88b5)

  private static let fields: Set<MatchField> = [
    .inPort, .ethernetType, .arpOperation, .arpSenderAddress, .arpTargetAddress,
  ]

  /// The message with a packet that nobody sends in the place of a claim; others as they are.
  static func flatten(_ mod: FlowMod) -> FlowMod {
    guard mod.instructions.isEmpty, mod.match.entries.allSatisfy({ self.fields.contains($0.field) && $0.mask == nil }),
      let sender = mod.match[.arpSenderAddress],
      mod.match[.arpOperation]?.value == (mod.priority == TableLayout.Classify.probe ? 2 : nil)
    else { return mod }
    var flat = mod
    flat.match = Match(
      [self.experiments, .ethernetSource(self.mac(of: sender.value))]
        + mod.match.entries.filter { $0.field == .inPort }
        + (mod.match[.arpTargetAddress].map { [.ethernetDestination(self.mac(of: $0.value))] } ?? []))
    return flat
  }

  static func restore(_ flow: FlowStatistics) -> FlowStatistics {
    guard flow.match[.ethernetType] == self.experiments, let sender = flow.match[.ethernetSource].flatMap(self.address)
    else { return flow }
    var restored = flow
    restored.match = Match(
      [.ethernetType(0x0806), .arpSenderAddress(sender)]
        + (flow.priority == TableLayout.Classify.probe ? [.arpOperation(2)] : [])
        + flow.match.entries.filter { $0.field == .inPort }
        + (flow.match[.ethernetDestination].flatMap(self.address).map { [.arpTargetAddress($0)] } ?? []))
    return restored
  }

  /// Locally administered, with the address in its last four bytes.
  private static let prefix: UInt64 = 0x0a49

  private static func mac(of address: UInt128) -> MACAddress {
    MACAddress(rawValue: self.prefix << 32 | UInt64(truncatingIfNeeded: address))
  }

  private static func address(_ entry: MatchEntry) -> IPv4Address? {
    guard UInt64(truncatingIfNeeded: entry.value) >> 32 == self.prefix, entry.mask == nil else { return nil }
    return IPv4Address(rawValue: UInt32(truncatingIfNeeded: entry.value))
  }
}

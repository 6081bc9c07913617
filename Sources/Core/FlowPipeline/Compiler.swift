// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow
package import ServiceModel
import Steering

/// Turns a plan into what the tables of one switch say, in the placement that it has.
package struct Compiler: Sendable {
  package let numbering: Numbering
  package internal(set) var facts: DatapathFacts

  package init(numbering: Numbering, facts: DatapathFacts) {
    self.numbering = numbering
    self.facts = facts
  }

  /// Everything that is no service is forwarded as before; answers to probes come to the controller.
  ///
  /// - Parameter regions: in order of preference.
  package func base(_ regions: [RegionName]) -> DatapathProgram {
    var program = DatapathProgram()
    // What is left is the other controller's: its own flows forward, and nobody probes.
    if self.facts.isDriven { return program }
    if self.facts.keepsRegionsInGroups {
      program.groups[GroupNumbers.unavailable] = DatapathProgram.Group(kind: .fastFailover, buckets: [])
    }
    if self.facts.placement == .conntrack { program.groups[GroupNumbers.echo] = self.echoGroup(regions) }
    if self.facts.placement != .conntrack, self.facts.hasMeters {
      let rate = UInt32(self.facts.reactiveRate)
      program.meters[TableLayout.meter] = DatapathProgram.Meter(
        flags: [.packetsPerSecond, .burst], bands: [MeterBand(rate: rate, burstSize: rate)])
    }
    program.add(
      .classify, TableLayout.Classify.forward, .any, cookie: .base, self.facts.isShared ? [] : self.forward())
    let address = self.facts.probeAddress
    self.answer(for: address, self.facts.probeMAC, cookie: .base, into: &program)
    program.add(
      .classify, TableLayout.Classify.virtualIP, [.ethernetType(0x0800), .ipv4Destination(address)], cookie: .base, [])
    self.hairpins(into: &program)
    self.tellOfErrorsToVirtualIPs(into: &program)
    self.standInForEachOther(into: &program)
    return program
  }

  /// Forwards a packet to where its Ethernet destination is, after `actions`.
  func forward(after actions: [Action] = []) -> [Instruction] {
    if self.facts.isShared {
      return self.facts.sharedUplink.map { [.applyActions(actions + [.output($0)])] } ?? []
    }
    if self.facts.isDriven, let uplink = self.facts.sharedUplink {
      return [.applyActions(actions + [.output(uplink)])]
    }
    return switch self.facts.forwarding {
    case .normal: [.applyActions(actions + [.output(.normal)])]
    // An empty list of actions is never read back, so it must not be sent.
    case .learning where actions.isEmpty: [.gotoTable(TableLayout.Table.forward.rawValue)]
    case .learning: [.applyActions(actions), .gotoTable(TableLayout.Table.forward.rawValue)]
    }
  }
}

/// Turns an ARP request into an announcement of the address, and sends it back by the port that it came from.
///
/// It takes no action that copies a field, which OpenFlow 1.3 does not have: to everybody, from the virtual IP to itself.
/// Whoever has asked has an entry that waits for the MAC address, and takes it (RFC 826; RFC 5227, 3).
package func resolutionAnnouncement(_ address: IPv4Address, _ mac: MACAddress) -> [Action] {
  [
    .setField(.ethernetDestination(.broadcast)), .setField(.ethernetSource(mac)), .setField(.arpOperation(2)),
    .setField(.arpSenderHardware(mac)), .setField(.arpSenderAddress(address)), .setField(.arpTargetHardware(mac)),
    .output(.inPort),
  ]
}

/// Turns an ARP request into the answer to it and sends it back by the port that it came from.
func resolutionAnswer(_ address: IPv4Address, _ mac: MACAddress) -> [Action] {
  [
    .move(.ethernetSource, to: .ethernetDestination),
    .setField(.ethernetSource(mac)),
    .setField(.arpOperation(2)),
    .move(.arpSenderHardware, to: .arpTargetHardware),
    .setField(.arpSenderHardware(mac)),
    .move(.arpSenderAddress, to: .arpTargetAddress),
    .setField(.arpSenderAddress(address)),
    .output(.inPort),
  ]
}

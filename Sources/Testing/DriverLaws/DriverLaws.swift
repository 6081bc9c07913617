// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import FlowPipeline
import OpenFlow
package import ServiceModel
package import Southbound

/// What every driver has to keep, whichever controller is behind it, tried on a real one.
///
/// The flows that it writes and takes away again are about addresses for documentation (RFC 5737), and in no one's way.
package struct DriverLaws: Sendable {
  /// A law that was tried; `problem` is nil if it is kept.
  package struct Verdict: Sendable {
    package let law: String
    package let problem: String?
  }

  private let driver: any SouthboundDriver
  private let datapath: DatapathID
  /// Flows of every kind that services have on such a switch.
  private let mods: [FlowMod]
  /// The others.
  private let unsayable: [FlowMod]
  /// No switch has it.
  private let stranger = DatapathID(rawValue: 0x00de_ad00_0000_0001)

  /// - Parameter kind: whose driver it is.
  package init(_ driver: any SouthboundDriver, of kind: ForeignController.Kind, on datapath: DatapathID) {
    self.driver = driver
    self.datapath = datapath
    let hasSlots = kind.placements.contains(.hash)
    self.mods = hasSlots ? Self.common + [Self.slot] : Self.common
    self.unsayable = hasSlots ? [] : [Self.slot]
  }

  package func verdicts() async -> [Verdict] {
    let laws: [(law: String, holds: () async throws -> String?)] = [
      ("what is written is read back the same", self.writtenIsRead),
      ("what is written twice is there once", self.twiceIsOnce),
      ("a flow that is written again with another cookie and other actions is replaced", self.replaces),
      ("only what is deleted goes", self.deletesStrictly),
      ("what is deleted twice is no error", self.deletesTwice),
      ("what was not touched by half a change stays", self.prefixKeeps),
      ("flows of others stay as they are", self.othersStay),
      ("a switch that is not there is no switch, and an error in words", self.strangerIsNone),
      ("what cannot be said is refused before it is sent", self.refusesUnsayable),
      ("the switch is among those that the controller has, with ports", self.hasSwitch),
    ]
    var verdicts: [Verdict] = []
    for (law, holds) in laws {
      var problem: String?
      do {
        try await self.clear()
        problem = try await holds()
        try await self.clear()
      } catch {
        problem = "\(error)"
      }
      verdicts.append(Verdict(law: law, problem: problem))
    }
    return verdicts
  }

  // MARK: Laws

  private func writtenIsRead() async throws -> String? {
    try await self.driver.perform(self.mods, on: self.datapath)
    return try await self.expect(self.mods)
  }

  private func twiceIsOnce() async throws -> String? {
    try await self.driver.perform(self.mods, on: self.datapath)
    if let problem = try await self.expect(self.mods) { return problem }
    try await self.driver.perform(self.mods, on: self.datapath)
    return try await self.expect(self.mods)
  }

  private func replaces() async throws -> String? {
    try await self.driver.perform(self.mods, on: self.datapath)
    if let problem = try await self.expect(self.mods) { return problem }
    var changed = self.mods
    changed[0].cookie = Cookie.probeOut.rawValue
    changed[2].instructions = [.applyActions([.setField(.ipv4Destination(Self.address(99))), .output(.normal)])]
    try await self.driver.perform([changed[0], changed[2]], on: self.datapath)
    return try await self.expect(changed)
  }

  private func deletesStrictly() async throws -> String? {
    try await self.driver.perform(self.mods, on: self.datapath)
    if let problem = try await self.expect(self.mods) { return problem }
    try await self.driver.perform([Self.deleting(self.mods[1])], on: self.datapath)
    return try await self.expect(self.mods.enumerated().filter { $0.offset != 1 }.map(\.element))
  }

  private func deletesTwice() async throws -> String? {
    try await self.driver.perform(self.mods, on: self.datapath)
    if let problem = try await self.expect(self.mods) { return problem }
    for _ in 0..<2 { try await self.driver.perform(self.mods.map(Self.deleting), on: self.datapath) }
    return try await self.expect([])
  }

  private func prefixKeeps() async throws -> String? {
    let half = Array(self.mods.prefix(self.mods.count / 2))
    try await self.driver.perform(half, on: self.datapath)
    if let problem = try await self.expect(half) { return problem }
    try await self.driver.perform([self.mods[self.mods.count - 1]], on: self.datapath)
    return try await self.expect(half + [self.mods[self.mods.count - 1]])
  }

  private func othersStay() async throws -> String? {
    let before = try await self.others()
    try await self.driver.perform(self.mods, on: self.datapath)
    if let problem = try await self.expect(self.mods) { return problem }
    try await self.driver.perform(self.mods.map(Self.deleting), on: self.datapath)
    if let problem = try await self.expect([]) { return problem }
    let after = try await self.others()
    return before.subtracting(after).first.map { "it is gone: \($0)" }
  }

  private func strangerIsNone() async throws -> String? {
    if try await self.driver.ports(of: self.stranger) != nil { return "it has ports" }
    do throws(DriverFailure) {
      _ = try await self.driver.flows(of: self.stranger, .ours(entries: false))
      return "it has flows"
    } catch {
      let failure = error
      guard case .noSwitch(let text) = failure, text.contains("\(self.stranger)") else { return "it says: \(failure)" }
      return nil
    }
  }

  private func refusesUnsayable() async throws -> String? {
    let driver = type(of: self.driver)
    var tracking = self.mods[0]
    tracking.instructions = [.applyActions([.clearConntrack])]
    var register = self.mods[0]
    register.match.insert(MatchEntry(.register(1), 1))
    let said = (self.unsayable + [tracking, register]).first { driver.objection(to: $0) == nil }
    return said.map { "it takes \($0)" } ?? self.mods.compactMap(driver.objection).first
  }

  private func hasSwitch() async throws -> String? {
    guard try await self.driver.datapaths().contains(self.datapath) else { return "it is not among them" }
    return try await self.driver.ports(of: self.datapath)?.isEmpty == false ? nil : "it has no ports"
  }

  // MARK: The flows

  private static func address(_ last: UInt32) -> IPv4Address { IPv4Address(rawValue: 0xc000_0200 | last) }

  private static let mac = MACAddress(rawValue: 0x0a49_c000_0264)
  private static let arrivals: [MatchEntry] = [
    .ethernetType(0x0800), .ipProtocol(6), .ipv4Destination(address(100)), .tcpDestination(80),
  ]

  private static func mod(
    _ priority: UInt16, _ cookie: Cookie, _ match: [MatchEntry], _ actions: [Action] = []
  ) -> FlowMod {
    FlowMod(
      tableID: 0, priority: priority, cookie: cookie.rawValue, flags: [.sendFlowRemoved], match: Match(match),
      instructions: actions.isEmpty ? [] : [.applyActions(actions)])
  }

  /// One of each kind that services have everywhere.
  private static let common: [FlowMod] = [
    mod(0x5000, .probe, [.inPort(1), .ethernetType(0x0806), .arpOperation(2), .arpSenderAddress(address(1))]),
    mod(
      0x4100, .virtualIP, [.ethernetType(0x0806), .arpOperation(1), .arpTargetAddress(address(100))],
      resolutionAnnouncement(address(100), mac)),
    mod(
      0x3021, .service, arrivals + [.ipv4Source(address(1))],
      [
        .setField(.ipv4Destination(address(2))), .setField(.tcpDestination(20_000)),
        .setField(.ethernetDestination(mac)), .output(1),
      ]),
    mod(0x3000, .virtualIP, [.ethernetType(0x0800), .ipv4Destination(address(100))]),
    mod(
      0x3000, .service,
      [.inPort(1), .ethernetType(0x0800), .ipProtocol(17), .ipv4Source(address(2)), .udpSource(20_001)],
      [.setField(.ipv4Source(address(100))), .setField(.udpSource(53)), .output(.normal)]),
  ]

  /// A part of a service's clients, told by the last bits of their addresses.
  private static let slot = mod(
    0x3020, .service, arrivals + [MatchEntry(.ipv4Source, 1, mask: 63)],
    [.setField(.ipv4Destination(address(3))), .setField(.ethernetDestination(mac)), .output(1)])

  private static func deleting(_ mod: FlowMod) -> FlowMod {
    FlowMod(command: .deleteStrict, tableID: mod.tableID, priority: mod.priority, match: mod.match)
  }

  private func clear() async throws {
    try await self.driver.perform(self.mods.map(Self.deleting), on: self.datapath)
    if let problem = try await self.expect([]) { throw DriverFailure.refused(problem) }
  }

  /// Looks until the switch holds these of ours and no others; a controller may tell it later than it answers.
  private func expect(_ mods: [FlowMod]) async throws -> String? {
    let wanted = Set(mods.map { Seen($0) })
    var seen: Set<Seen> = []
    for _ in 0..<100 {
      let flows = try await self.driver.flows(of: self.datapath, .ours(entries: false)).flows.map(\.flow)
      seen = Set(flows.filter { $0.match.description.contains("192.0.2.") }.map { Seen($0) })
      if seen == wanted, flows.count >= seen.count { return nil }
      try await Task.sleep(for: .milliseconds(20))
    }
    if let missing = wanted.subtracting(seen).first { return "the switch lacks \(missing)" }
    return seen.subtracting(wanted).first.map { "the switch has \($0)" }
  }

  private func others() async throws -> Set<Seen> {
    let found = try await self.driver.flows(of: self.datapath, .all)
    return Set(found.flows.map(\.flow).filter { !Cookie.isOurs($0.cookie) && $0.idleTimeout == 0 }.map { Seen($0) })
  }

  private struct Seen: Hashable, CustomStringConvertible {
    var key: DatapathProgram.FlowKey
    var cookie: UInt64
    var instructions: [Instruction]

    init(_ flow: FlowStatistics) {
      self.key = DatapathProgram.FlowKey(table: flow.tableID, priority: flow.priority, match: flow.match)
      self.cookie = flow.cookie
      self.instructions = flow.instructions
    }

    init(_ mod: FlowMod) {
      self.key = DatapathProgram.FlowKey(table: mod.tableID, priority: mod.priority, match: mod.match)
      self.cookie = mod.cookie
      self.instructions = mod.instructions
    }

    var description: String {
      "priority \(self.key.priority), \(self.key.match), cookie \(String(self.cookie, radix: 16)): \(self.instructions)"
    }
  }
}

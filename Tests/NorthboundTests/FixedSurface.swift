// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import ControlPlane
import Northbound
import ServiceModel
import StaticEntries

/// A controller of which nothing but the answers is there: it is the API that is tried.
struct FixedSurface: ControlSurface {
  var view: StatusView
  var entryBook = EntryBook()
  var events = EventLog(run: FixedSurface.run)

  /// 2026-11-22T11:20:55.004210Z
  static let run: Int64 = 1_795_346_455_004_210

  var leads = LeadershipView(name: "c1", leadership: .alone)

  func leadership() async -> LeadershipView { self.leads }

  func status() async -> StatusView { self.view }

  func releaseHeld() async {}

  func requestFailback(of service: ServiceName) async -> Bool {
    self.view.services.contains { $0.name == service }
  }

  func drain(_ region: RegionName, deadline: Duration?, isForced: Bool, isTrial: Bool) async -> DrainOutcome {
    guard self.view.regions.contains(where: { $0.name == region }) else { return .unknownRegion }
    // The south is the last one.
    return region.text == "south" && !isForced
      ? .refused(DrainObjection(services: self.view.services.map(\.name))) : .begun(self.losses)
  }

  func undrain(_ region: RegionName, isTrial: Bool) async -> DrainOutcome {
    self.view.regions.contains { $0.name == region } ? .begun(self.losses) : .unknownRegion
  }

  func order(_ change: EntryChange, isLenient: Bool) async -> EntryOutcome {
    let known = self.entryBook.entries
    let rejections = change.deletes.enumerated().filter { known[$0.element] == nil }
      .map { EntryRejection(index: $0.offset, problem: .unknownEntry) }
    guard rejections.isEmpty else { return .rejected(rejections) }
    if change.puts.contains(where: { $0.name == "away" }) { return .notKept("etcd is away") }
    return .done(EntryReceipt())
  }

  func entries(on datapath: DatapathID?) async -> [EntryView] {
    self.entryBook.entries.values.filter { datapath == nil || $0.datapath == datapath }.sorted { $0.name < $1.name }
      .map { EntryView(entry: $0, state: .installed) }
  }

  func switchNames() async -> [String: DatapathID] { ["edge": DatapathID(rawValue: 0xb1)] }

  func configuration() async -> ConfigurationView {
    ConfigurationView(
      revision: 12, text: "regions: []\nswitches: []\nservices: []\n",
      arrival: .init(file: "isthmus.yaml", origin: "operator", controller: "c1", time: Self.run))
  }

  func configure(_ proposal: ConfigurationProposal) async -> ConfigurationOutcome {
    if let revision = proposal.revision, revision != 12 { return .conflict("it has revision 12 now") }
    switch proposal.text {
    case "wrong": return .rejected("error[yaml-syntax]: \(proposal.file):1:1: this is not YAML")
    case "away": return .notKept("etcd is away")
    default: return .accepted(revision: proposal.isTrial ? 12 : 13, changes: Self.changes)
    }
  }

  static let changes = [
    ConfigurationChangeResource(
      kind: .changed, subject: "service web", lines: ["- policy: primary-replica", "+ policy: round-robin"]),
    ConfigurationChangeResource(kind: .added, subject: "service mail", lines: []),
    ConfigurationChangeResource(kind: .removed, subject: "region west", lines: []),
  ]

  /// What a move of either region breaks on switches that keep no connections.
  private var losses: [ConnectionLoss] {
    self.view.switches.compactMap { found in
      guard let name = found.name, found.placement == .hash, let service = self.view.services.first?.name else {
        return nil
      }
      return ConnectionLoss(
        switch: name, service: service, placement: .hash, moved: 16, slots: 64, connections: 120)
    }
  }

  func assignment(for region: RegionName, nonce: String) async -> [UInt8]? {
    self.view.regions.contains { $0.name == region } ? Array("sealed for \(region) and \(nonce)".utf8) : nil
  }
}

extension EventLog {
  /// Appends `count` decisions, a millisecond apart.
  func fill(_ count: Int) {
    for index in 0..<count {
      self.append(
        Decision.agentHeard(RegionName(unchecked: index.isMultiple(of: 2) ? "north" : "south")),
        at: FixedSurface.run + Int64(index) * 1000)
    }
  }
}

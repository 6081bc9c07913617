// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel

/// The agents of one region: usually one, or those of two gateways that stand in for each other.
///
/// Which gateway holds the region's address is settled between them, by VRRP. The controller only hears what they say of
/// it, and takes over reports, and load, of one of them: the one that *counts*.
///
/// | heard | then |
/// |---|---|
/// | one active | it counts |
/// | a standby | its reports change nothing |
/// | a standby says that it is active now | so does it from then on; the other one, which is still thought to be there, until the switches send elsewhere |
/// | two that say so, again and again | alarm; the one counts to whose machine the switches send; if that does not tell, who became active last |
/// | the active one no more, and a standby | alarm; nobody counts, and nothing moves but by what the path shows |
/// | no standby | degraded |
package struct RegionAgents: Sendable, Equatable {
  /// What is known of one of them.
  package struct Member: Sendable, Equatable {
    /// Nil: it says that it is the only one.
    package let name: InstanceName?
    package fileprivate(set) var role: AgentInstance.Role
    package fileprivate(set) var mac: MACAddress?
    package fileprivate(set) var detector: AgentDetector
    /// Since when it says that it has its role.
    fileprivate var since: Instant

    fileprivate init(_ heartbeat: Heartbeat, at now: Instant) {
      self.name = heartbeat.instance?.name
      self.role = heartbeat.instance?.role ?? .active
      self.mac = heartbeat.instance?.mac
      self.detector = AgentDetector(at: now)
      self.since = now
    }

    package var isHeard: Bool { self.detector.state == .heard }
    /// It may be restarted just now, and said so.
    fileprivate var isThere: Bool { self.isHeard || self.detector.state == .leaving }
    fileprivate var isActive: Bool { self.role == .active && self.isHeard }
    fileprivate var lastHeard: Instant { self.detector.lastHeard ?? self.since }
  }

  /// How well the agents of a region with several stand in for each other.
  package enum Standing: Sendable, Equatable {
    /// One is active and another one waits.
    case complete
    case noStandby
    /// There is a standby, and nobody is heard who says that it is active.
    case noActive
    /// Two say that they are active.
    case split
  }

  /// For how long one that is silent is remembered.
  private static let memory = Duration.seconds(3_600)

  /// By name, the one without first; at most `AgentInstance.limit`.
  package private(set) var members: [Member] = []
  /// Whose reports count; nil: nobody's yet. It may be silent by now.
  package private(set) var counting: InstanceName??
  /// Nil: the region has one agent only, or none was heard yet.
  package private(set) var standing: Standing?
  /// What was heard of whoever counted.
  private var counted: AgentDetector
  /// Who is there was heard since then.
  private var began: Instant

  package init(at now: Instant) {
    self.counted = AgentDetector(at: now)
    self.began = now
  }

  // MARK: The one that counts

  package var state: AgentDetector.State { self.counted.state }
  package var lastHeard: Instant? { self.counted.lastHeard }
  /// The assignment that it acts by.
  package var assignment: UInt64 { self.counted.assignment }

  /// What came of a heartbeat.
  package enum Outcome: Sendable, Equatable {
    /// What is newer of this agent was heard before.
    case outdated
    /// It says something of its sender, and nothing of the region.
    case standsBy
    case counts
  }

  /// - Parameter nextHops: the machines to which switches send the region's traffic.
  package mutating func heard(
    _ heartbeat: Heartbeat, nextHops: [MACAddress], at now: Instant, _ detection: Detection
  ) -> Outcome {
    let name = heartbeat.instance?.name
    var member = self.members.first { $0.name == name } ?? Member(heartbeat, at: now)
    guard member.detector.heard(heartbeat, at: now) else { return .outdated }
    let role = heartbeat.instance?.role ?? .active
    if role != member.role { member.since = now }
    member.role = role
    member.mac = heartbeat.instance?.mac
    self.keep(member, at: now)
    self.elect(nextHops)
    let counts = self.counting == .some(name) && role == .active
    if counts { self.counted.count(heartbeat, at: now) }
    self.review(at: now, detection)
    return counts ? .counts : .standsBy
  }

  private mutating func keep(_ member: Member, at now: Instant) {
    if let index = self.members.firstIndex(where: { $0.name == member.name }) {
      self.members[index] = member
      return
    }
    self.members.removeAll { $0.detector.state == .silent && now - $0.lastHeard > Self.memory }
    if self.members.count == AgentInstance.limit,
      let oldest = self.members.indices.min(by: { self.members[$0].lastHeard < self.members[$1].lastHeard })
    {
      self.members.remove(at: oldest)
    }
    let place = self.members.firstIndex { ($0.name?.text ?? "") > (member.name?.text ?? "") }
    self.members.insert(member, at: place ?? self.members.endIndex)
  }

  /// Finds who counts. If nobody is active, who was stays: that it is silent is what there is to know.
  package mutating func elect(_ nextHops: [MACAddress]) {
    let active = self.members.filter(\.isActive)
    let reached = active.filter { $0.mac.map(nextHops.contains) ?? false }
    if reached.count == 1 {
      self.counting = .some(reached[0].name)
    } else if let latest = active.max(by: { $0.since < $1.since }) {
      self.counting = .some(latest.name)
    }
  }

  /// A machine to which the switches do not send yet may be the right one: its agent is who became active last, or
  /// what the switches send to does not answer any more.
  package func isHeir(_ name: InstanceName?, isPathLost: Bool) -> Bool {
    let active = self.members.filter(\.isActive)
    guard let member = active.first(where: { $0.name == name }) else { return false }
    return isPathLost || active.allSatisfy { $0.since <= member.since }
  }

  // MARK: Standing in

  /// What is between two states, such as a takeover, leaves it as it was.
  private mutating func review(at now: Instant, _ detection: Detection) {
    let active = self.members.filter(\.isActive).sorted { $0.since < $1.since }
    let hasStandby = self.members.contains { $0.role == .standby && $0.isThere }
    guard let latest = active.last else {
      if self.counted.state == .silent { self.standing = hasStandby ? .noActive : nil }
      return
    }
    if active.count > 1 {
      // One that has just died is still thought to be there for as long as its heartbeats may be late.
      if active.dropLast().contains(where: { $0.lastHeard >= latest.since + detection.bound }) {
        self.standing = .split
      }
    } else if hasStandby {
      self.standing = .complete
    } else if latest.name == nil {
      self.standing = nil
    } else if now - self.began >= detection.bound {
      self.standing = .noStandby
    }
  }

  /// Those that are heard in that role, in the order of their names.
  package func names(_ role: AgentInstance.Role) -> [InstanceName] {
    self.members.filter { $0.role == role && $0.isHeard }.compactMap(\.name)
  }

  // MARK: Time

  /// Nobody could be heard until now: silence is noticed `moment` at the earliest.
  package mutating func wait(until moment: Instant, _ detection: Detection) {
    self.began = max(self.began, moment - detection.bound)
    self.counted.wait(until: moment, detection)
    for index in self.members.indices { self.members[index].detector.wait(until: moment, detection) }
  }

  package func deadline(_ detection: Detection) -> Instant? {
    var earliest = self.counted.deadline(detection)
    for member in self.members {
      guard let deadline = member.detector.deadline(detection) else { continue }
      earliest = min(earliest ?? deadline, deadline)
    }
    return earliest
  }

  package mutating func advance(to now: Instant, nextHops: [MACAddress], _ detection: Detection) {
    self.counted.advance(to: now, detection)
    var isChanged = false
    for index in self.members.indices {
      let before = self.members[index].detector.state
      self.members[index].detector.advance(to: now, detection)
      if self.members[index].detector.state != before { isChanged = true }
    }
    if isChanged { self.elect(nextHops) }
    self.review(at: now, detection)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

extension AgentState {
  /// One each T_h, and announcements.
  mutating func sendHeartbeat(at now: Instant, _ effects: inout [AgentEffect]) {
    guard let due = self.nextHeartbeat else { return }
    if due <= now {
      // Counted from when it was due, so that heartbeats do not drift; after a long stop it begins anew.
      let next = due + self.heartbeatInterval
      self.nextHeartbeat = next > now ? next : now + self.heartbeatInterval
    } else {
      guard let announcement, announcement <= now else { return }
    }
    if due <= now || self.news.isEmpty || self.services.count <= AgentLimits.reportsAtOnce {
      self.appendHeartbeats(leaving: false, at: now, &effects)
    } else {
      self.tellNews(at: now, &effects)
    }
  }

  /// A heartbeat goes out at once, or as soon as the last one is not too recent: a thousand services that fail together
  /// make a few heartbeats and not a thousand.
  mutating func announce(at now: Instant) {
    guard self.announcement == nil else { return }
    self.announcement = max(now, self.lastHeartbeat.map { $0 + AgentLimits.heartbeatGap } ?? now)
  }

  /// Notices whether a service's state is still what was told last.
  mutating func review(_ index: Int, at now: Instant, _ effects: inout [AgentEffect]) {
    let state = self.state(of: self.services[index])
    guard state != self.services[index].told else { return }
    self.services[index].told = state
    self.news.append(index)
    effects.append(.record(.serviceChanged(self.services[index].assigned.name, state)))
    self.announce(at: now)
  }

  mutating func reviewServices(at now: Instant, _ effects: inout [AgentEffect]) {
    for index in self.services.indices { self.review(index, at: now, &effects) }
  }

  /// One, or as many as it takes to list every service where one has no room for those that are not up.
  mutating func appendHeartbeats(leaving: Bool, at now: Instant, _ effects: inout [AgentEffect]) {
    for index in self.controllers.indices where self.controllers[index].expire(at: now) {
      effects.append(.record(.controllerLost(index)))
    }
    for region in self.peers.expire(at: now) { effects.append(.record(.peerLost(region))) }
    let notable = self.services.indices.filter {
      self.services[$0].told != .up || self.services[$0].assigned.mode == .heartbeat
    }
    let isPartial = notable.count > AgentLimits.reports
    self.append(
      isPartial ? Array(self.services.indices) : notable, isPartial: isPartial, leaving: leaving, at: now, &effects)
  }

  /// Lists what has changed since the last heartbeat. Of thousands of services one changes every few milliseconds when
  /// they are first checked, and the rest need not be told each time.
  private mutating func tellNews(at now: Instant, _ effects: inout [AgentEffect]) {
    self.append(Set(self.news).sorted(), isPartial: true, leaving: false, at: now, &effects)
  }

  private mutating func append(
    _ listed: [Int], isPartial: Bool, leaving: Bool, at now: Instant, _ effects: inout [AgentEffect]
  ) {
    self.announcement = nil
    self.lastHeartbeat = now
    self.news = []
    var load = self.load.report(at: now)
    let isTimeForPeers = self.isTimeForPeers(at: now, leaving: leaving)
    if isTimeForPeers {
      self.toldPeers = now
      effects.append(
        .tellPeers(
          Heartbeat(
            region: self.region, instance: self.instance, boot: self.boot, sequence: self.sequence + 1,
            leaving: leaving)))
    }
    let peers = isTimeForPeers ? self.peers.reports(at: now) : []
    var rest = listed[...]
    repeat {
      self.sequence += 1
      effects.append(
        .sendHeartbeat(
          Heartbeat(
            region: self.region, instance: self.instance, boot: self.boot, sequence: self.sequence,
            assignment: self.revision, leaving: leaving, isPartial: isPartial,
            services: rest.prefix(AgentLimits.reports).map { self.services[$0].report(at: now) },
            sessions: self.controllers.compactMap(\.session), peers: peers, load: load)))
      // Once is enough.
      load = nil
      rest = rest.dropFirst(AgentLimits.reports)
    } while !rest.isEmpty
  }

  /// Peers are told with a heartbeat to the controllers, and those that are heard are named in it.
  private func isTimeForPeers(at now: Instant, leaving: Bool) -> Bool {
    guard let assignment, !assignment.peers.isEmpty else { return false }
    guard let interval = assignment.peerInterval, let toldPeers, !leaving else { return true }
    return now - toldPeers >= interval
  }

  mutating func receive(
    _ reply: HeartbeatReply, from controller: Int, at now: Instant, _ effects: inout [AgentEffect]
  ) {
    guard reply.region == self.region, self.controllers.indices.contains(controller) else { return }
    switch self.controllers[controller].received(reply, boot: self.boot, sent: self.sequence, at: now) {
    case .ignore: return
    case .known: break
    case .newSession:
      // It counts no heartbeat that does not name its session: it need not wait for the next.
      self.announce(at: now)
      effects.append(.record(.controllerHeard(controller, session: reply.session)))
    }
    if reply.bootFloor >= self.boot, reply.bootFloor < .max {
      self.raiseBoot(above: reply.bootFloor, at: now, &effects)
    }
    // Controllers that were not told the same at the same moment differ for a while: only the first that is there is
    // followed, so that the agent does not go to and fro between two.
    guard reply.assignment != 0, reply.assignment != self.revision,
      controller == self.controllers.firstIndex(where: { $0.isPresent(at: now) }),
      self.fetch.begin(at: now)
    else { return }
    effects.append(.fetchAssignment(controller: controller))
  }

  private mutating func raiseBoot(above floor: UInt64, at now: Instant, _ effects: inout [AgentEffect]) {
    self.boot = floor + 1
    self.sequence = 0
    for index in self.controllers.indices { self.controllers[index].bootChanged() }
    self.announce(at: now)
    effects.append(.record(.bootRaised(to: self.boot)))
  }
}

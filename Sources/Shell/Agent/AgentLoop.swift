// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentLink
import AgentPlane
import Logging
import Metering
import NIOCore
import Probing
import ServiceModel

/// Carries out what `AgentState` decides. Everything happens on one event loop, which is the actor's executor:
/// datagrams, probes and timers enter without a hop.
actor AgentLoop {
  private let configuration: AgentConfiguration
  private let eventLoop: any EventLoop
  private let heartbeatKey: HeartbeatKey
  private let peerKey: HeartbeatKey
  private let nft: NFTables
  private let log: DecisionLog
  /// Assignments to write to the disk; the newest is enough.
  private let cacheWriter: AsyncStream<Assignment>.Continuation

  private var state: AgentState
  /// The event that is being carried out, and those that it brought about.
  private var inbox: [AgentEvent] = []
  private var receiver = HeartbeatReceiver(session: nil)
  private var peers: [SocketEndpoint] = []
  private var attachments: [Attachment] = []
  private var meter = LoadMeter()
  private var socket: DatagramSocket?
  private var timer: Scheduled<Void>?
  private var timerDeadline: Instant?

  nonisolated var unownedExecutor: UnownedSerialExecutor { self.eventLoop.executor.asUnownedSerialExecutor() }

  init(
    _ configuration: AgentConfiguration, on eventLoop: any EventLoop, seed: UInt64, nft: NFTables,
    cacheWriter: AsyncStream<Assignment>.Continuation, logger: Logger
  ) {
    self.configuration = configuration
    self.eventLoop = eventLoop
    self.heartbeatKey = configuration.key.heartbeatKey
    self.peerKey = HeartbeatKey(bytes: configuration.key.peerKey)
    self.nft = nft
    self.cacheWriter = cacheWriter
    self.log = DecisionLog(logger: logger)
    self.state = AgentState(
      region: configuration.region, name: configuration.instance, controllers: configuration.controllers.count,
      seed: seed)
  }

  func start(_ socket: DatagramSocket, boot: UInt64, cached: CachedAssignment?) async {
    self.socket = socket
    self.attachments = self.readAttachments()
    let installed: UInt64?
    do {
      installed = try await self.nft.installedDigest()
    } catch {
      // The first application fails in the same way and is recorded as a decision.
      installed = nil
    }
    self.absorb(
      .started(
        AgentStart(boot: boot, cached: cached, installedNAT: installed, attachments: self.attachments)))
  }

  func stop() {
    self.absorb(.stopping)
    self.timer?.cancel()
  }

  /// A reply of a controller, or a heartbeat of another agent.
  func received(_ datagram: ByteBuffer, from source: SocketEndpoint) {
    do throws(HeartbeatError) {
      guard HeartbeatDatagram.claimsToBeReply(datagram) else {
        let heartbeat = try self.receiver.receive(datagram, at: .now).heartbeat.get()
        self.absorb(.heardPeer(heartbeat.region, sequence: heartbeat.sequence, isActive: heartbeat.isActive))
        return
      }
      let reply = try HeartbeatReply(datagram, key: self.heartbeatKey)
      guard let controller = self.controller(answeringFrom: source) else {
        self.log.logger.debug("reply from an unknown controller ignored", metadata: ["source": "\(source)"])
        return
      }
      self.absorb(.replied(reply, controller: controller))
    } catch {
      self.log.logger.debug(
        "datagram ignored", metadata: ["source": "\(source)", "reason": "\(error.reason.rawValue)"])
    }
  }

  /// A machine with several addresses may answer from another one than was asked. Who sent a reply is proven by its
  /// tag; where it came from only tells several controllers apart.
  private func controller(answeringFrom source: SocketEndpoint) -> Int? {
    let controllers = self.configuration.controllers
    return controllers.firstIndex(of: source) ?? (controllers.count == 1 ? 0 : nil)
  }

  /// Addresses may come and go: whether this machine is the gateway, and a member on the clients' side, depends on them.
  func reviewAttachments() {
    let current = self.readAttachments()
    guard current != self.attachments else { return }
    self.attachments = current
    self.absorb(.attached(current))
  }

  private func readAttachments() -> [Attachment] {
    do {
      return try currentAttachments()
    } catch {
      self.log.logger.warning("interfaces not readable", metadata: ["error": "\(error)"])
      return self.attachments
    }
  }

  private func absorb(_ event: AgentEvent) {
    // A probe that fails at once brings the next event before this one's effects are all carried out: it waits, so
    // that effects keep their order.
    self.inbox.append(event)
    guard self.inbox.count == 1 else { return }
    while let next = self.inbox.first {
      for effect in self.state.step(next, at: .now) { self.perform(effect) }
      self.inbox.removeFirst()
    }
    self.socket?.flush()
    self.armTimer(for: self.state.nextDeadline)
  }

  /// One timer, never late for the earliest deadline; one that turns out early finds nothing to do. Most of what arrives
  /// changes no deadline, or puts it off.
  private func armTimer(for next: Instant?) {
    guard let next else { return }
    if let armed = self.timerDeadline, armed <= next { return }
    self.timer?.cancel()
    self.timerDeadline = next
    self.timer = self.eventLoop.scheduleTask(deadline: NIODeadline(next)) {
      self.assumeIsolated { loop in
        loop.timerDeadline = nil
        loop.absorb(.deadlineReached)
      }
    }
  }

  private func perform(_ effect: AgentEffect) {
    switch effect {
    case .startCheck(let request): self.check(request)
    case .sendHeartbeat(let heartbeat):
      self.send(heartbeat, to: self.configuration.controllers, key: self.heartbeatKey)
    case .tellPeers(let heartbeat): self.send(heartbeat, to: self.peers, key: self.peerKey)
    case .fetchAssignment(let controller): self.fetch(from: controller)
    case .applyNAT(let plan): self.apply(plan)
    case .measureLoad(let request): self.measure(request)
    case .listen(let peers):
      self.peers = peers.map(\.endpoint)
      self.receiver.listen(
        to: Dictionary(peers.map { ($0.region, HeartbeatKey(bytes: $0.key)) }, uniquingKeysWith: { first, _ in first }))
    case .store(let assignment): self.cacheWriter.yield(assignment)
    case .record(let decision): self.log.record(decision)
    }
  }

  private func check(_ request: CheckRequest) {
    request.method.probe
      .run(request.endpoint, timeout: request.timeout, on: self.eventLoop)
      .whenSuccess { outcome in
        self.assumeIsolated { $0.absorb(.checkFinished(request.id, outcome)) }
      }
  }

  /// Made and authenticated once for all of them.
  private func send(_ heartbeat: Heartbeat, to endpoints: [SocketEndpoint], key: HeartbeatKey) {
    guard let socket else { return }
    do throws(HeartbeatError) {
      let datagram = try heartbeat.encoded(key: key)
      for endpoint in endpoints { socket.send(datagram, to: endpoint) }
    } catch {
      self.log.logger.error("heartbeat not sent", metadata: ["error": "\(error)"])
    }
  }

  private func fetch(from controller: Int) {
    let fetch = AssignmentFetch(
      region: self.configuration.region, key: self.configuration.key.assignmentKey,
      controller: self.configuration.controllers[controller])
    fetch.run(on: self.eventLoop).whenComplete { result in
      self.assumeIsolated { loop in
        switch result {
        case .success(let cached):
          loop.absorb(.assigned(cached.assignment, revision: cached.revision, controller: controller))
        case .failure(let error):
          loop.absorb(.fetchFailed(controller: controller, reason: "\(error)"))
        }
      }
    }
  }

  private func apply(_ plan: NATPlan) {
    Task {
      do throws(NATError) {
        self.absorb(.natApplied(changed: try await self.nft.ensure(plan)))
      } catch {
        self.absorb(.natFailed(reason: "\(error)", left: await self.rulesLeft(after: error)))
      }
    }
  }

  private func measure(_ request: LoadRequest) {
    Task {
      do {
        let sample = try await LoadMeter.sample(request, on: self.eventLoop)
        self.absorb(.loadMeasured(self.meter.load(from: sample, request)))
      } catch {
        self.absorb(.loadNotMeasured(reason: "\(error)"))
      }
    }
  }

  /// Rules are replaced as a whole or not at all, so those of before are there still, if they were.
  private func rulesLeft(after error: NATError) async -> RulesLeft {
    if case .forwardingOff(.v4, _) = error { return .none }
    do throws(NATError) {
      return try await self.nft.installedDigest().map(RulesLeft.digest) ?? RulesLeft.none
    } catch {
      return .unknown
    }
  }
}

extension Instant {
  fileprivate static var now: Instant { Instant(nanoseconds: Int64(clamping: NIODeadline.now().uptimeNanoseconds)) }
}

extension NIODeadline {
  fileprivate init(_ instant: Instant) {
    self = .uptimeNanoseconds(UInt64(clamping: instant.nanoseconds))
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import Logging
package import NIOCore

/// All connections of one server, and which of them is which switch. Lives on one event loop.
package final class SwitchRegistry {
  let eventLoop: any EventLoop
  let timing: ConnectionTiming
  let limits: ConnectionLimits
  private let logger: Logger
  private let onReport: (DatapathID, SwitchReport) -> Void
  private var nextNumber: UInt64 = 1
  private var connections: [ConnectionNumber: SwitchHandler] = [:]
  private var switches: [DatapathID: SwitchHandler] = [:]
  private var seats = DatapathSeats()
  private var quota: HandshakeQuota
  private var complaints = ComplaintQuota()
  /// More follows at once, which leaves together with what was ordered before.
  private(set) var isCollecting = false

  package init(
    eventLoop: any EventLoop, timing: ConnectionTiming, limits: ConnectionLimits, logger: Logger,
    onReport: @escaping (DatapathID, SwitchReport) -> Void
  ) {
    self.eventLoop = eventLoop
    self.timing = timing
    self.limits = limits
    self.logger = logger
    self.onReport = onReport
    self.quota = HandshakeQuota(capacity: limits.unfinishedHandshakes)
  }

  var now: NIODeadline { self.eventLoop.now }

  // MARK: From connections

  /// A connection was accepted.
  /// - Returns: its number; nil if there is no room for it.
  func opened(_ handler: SwitchHandler, at now: NIODeadline) -> ConnectionNumber? {
    let number = ConnectionNumber(rawValue: self.nextNumber)
    self.nextNumber += 1
    switch self.quota.admit(number, at: now) {
    case .welcome: break
    case .inPlaceOf(let oldest): self.connections[oldest]?.close("no handshake, and others wait for its place")
    case .full: return nil
    }
    self.connections[number] = handler
    return number
  }

  /// The handshake is done: the connection is admitted now, later, or not at all.
  func greeted(_ handler: SwitchHandler, _ number: ConnectionNumber, _ datapath: DatapathID) {
    self.quota.finished(number)
    switch self.seats.claim(datapath, by: number) {
    case .seated: self.admit(handler, datapath)
    case .ask(let holder):
      self.connections[holder]?.askIfPresent()
      self.scheduleTakeover(of: datapath, by: number)
    case .refused: handler.turnAway("datapath \(datapath) is connected already, and another connection claims it too")
    }
  }

  /// A connection has shown that it is there.
  func answered(_ handler: SwitchHandler, _ number: ConnectionNumber, _ datapath: DatapathID) {
    guard let challenger = self.seats.answered(datapath, by: number) else { return }
    self.connections[challenger]?.turnAway(
      "datapath \(datapath) is connected already, from \(handler.peer), and answers")
  }

  /// A connection has ended. Its last word.
  func closed(_ number: ConnectionNumber?, peer: String, _ datapath: DatapathID?, admitted: Bool, reason: String) {
    if let number {
      self.connections[number] = nil
      self.quota.finished(number)
    }
    if admitted, let datapath {
      self.switches[datapath] = nil
      self.onReport(datapath, .closed(reason: reason))
    } else {
      self.complain("a connection ended that was no switch's", peer: peer, datapath, reason)
    }
    if let number, let datapath, let next = self.seats.left(datapath, number), let handler = self.connections[next] {
      self.admit(handler, datapath)
    }
  }

  func report(_ report: SwitchReport, from datapath: DatapathID) { self.onReport(datapath, report) }

  /// Something is wrong with what we send: ours to mend.
  func cannotSend(_ failure: RequestFailure, to peer: String) {
    self.logger.error("messages were not sent", metadata: ["peer": "\(peer)", "reason": "\(failure)"])
  }

  // MARK: To connections

  package func perform(_ command: SwitchCommand, on datapath: DatapathID) { self.switches[datapath]?.perform(command) }

  /// What `body` has switches do leaves in one write to each.
  package func together(_ body: () -> Void) {
    self.isCollecting = true
    body()
    self.isCollecting = false
    for handler in self.switches.values { handler.flush() }
  }

  package func closeAll(reason: String) { for handler in self.connections.values { handler.close(reason) } }

  package var statuses: [SwitchStatus] {
    let now = self.now
    return self.switches.sorted { $0.key < $1.key }.map { $0.value.status($0.key, at: now) }
  }

  // MARK: Seats

  private func admit(_ handler: SwitchHandler, _ datapath: DatapathID) {
    self.switches[datapath] = handler
    handler.admit()
  }

  private func scheduleTakeover(of datapath: DatapathID, by number: ConnectionNumber) {
    let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
    self.eventLoop.scheduleTask(in: TimeAmount(self.timing.takeoverAfter)) {
      bound.value.takeOver(datapath, by: number)
    }
  }

  private func takeOver(_ datapath: DatapathID, by number: ConnectionNumber) {
    guard let holder = self.seats.timedOut(datapath, challenger: number) else { return }
    self.connections[holder]?.close("it did not answer when another connection of the switch came")
    if let handler = self.connections[number] { self.admit(handler, datapath) }
  }

  private func complain(_ text: Logger.Message, peer: String, _ datapath: DatapathID?, _ reason: String) {
    guard let unsaid = self.complaints.take(at: self.now) else { return }
    var metadata: Logger.Metadata = ["peer": "\(peer)", "reason": "\(reason)"]
    if let datapath { metadata["datapath"] = "\(datapath)" }
    if unsaid > 0 { metadata["not-logged-before"] = "\(unsaid)" }
    self.logger.warning(text, metadata: metadata)
  }
}

@available(*, unavailable) extension SwitchRegistry: Sendable {}

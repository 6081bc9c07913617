// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
import NIOCore
import OpenFlow
import Reconciliation

/// One reading of all that a switch holds of ours, which arrives in any number of parts.
struct TableReading {
  let ticket: UInt64
  /// What was asked and is not answered yet, by xid.
  private var open: [UInt32: Part]
  private let timeout: TimeAmount
  private(set) var deadline: NIODeadline
  private var readBack = ReadBack()

  /// Flows, and groups, of ours that a switch may claim to hold: many times what 100,000 services need.
  private static let maximumEntries = 4_000_000

  enum Step {
    case wait
    case done(ReadBack)
    case tooMany
  }

  /// What is asked. Only ours: what others have written may be long, and need not be understood.
  enum Part: CaseIterable {
    case flows
    case groups
    case groupFeatures
    case meters
    case meterFeatures
    case connections
    case entries

    static func needed(for scope: ReadBack.Scope) -> [Part] {
      [.flows, .groups, .groupFeatures] + (scope.contains(.meters) ? [.meters, .meterFeatures] : [])
        + (scope.contains(.connections) ? [.connections] : []) + (scope.contains(.entries) ? [.entries] : [])
    }

    var request: MessageBody {
      let body: MultipartRequest.Body =
        switch self {
        case .flows: .flows(FlowRequest(cookie: Cookie.base.rawValue, cookieMask: Cookie.mask))
        case .groups: .groupDescriptions()
        case .groupFeatures: .groupFeatures
        case .meters: .meterConfigurations()
        case .meterFeatures: .meterFeatures
        case .entries: .flows(FlowRequest(cookie: EntryCookie.base, cookieMask: EntryCookie.mask))
        case .connections: .flows(FlowRequest(cookie: ConnectionFlow.cookie, cookieMask: ConnectionFlow.cookieMask))
        }
      return .multipartRequest(MultipartRequest(body))
    }

    /// A switch need not know of groups and meters.
    var mayBeRefused: Bool {
      switch self {
      case .flows, .connections, .entries: false
      case .groups, .groupFeatures, .meters, .meterFeatures: true
      }
    }
  }

  /// - Parameter parts: by the xids with which they were asked for.
  init(ticket: UInt64, parts: [UInt32: Part], timing: ConnectionTiming, at now: NIODeadline) {
    self.ticket = ticket
    self.open = parts
    self.timeout = TimeAmount(timing.requestTimeout)
    self.deadline = now + self.timeout
  }

  func concerns(_ xid: UInt32) -> Bool { self.open[xid] != nil }

  /// A request was refused.
  ///
  /// - Returns: nil if the switch must be able to answer it.
  mutating func refused(_ xid: UInt32) -> Step? {
    guard self.open[xid]?.mayBeRefused == true else { return nil }
    self.open[xid] = nil
    return self.step
  }

  mutating func received(_ reply: MultipartReply, xid: UInt32, at now: NIODeadline) -> Step {
    switch (self.open[xid], reply.body) {
    case (.flows, .flows(let flows)), (.entries, .flows(let flows)): self.readBack.add(flows)
    case (.groups, .groupDescriptions(let groups)): self.readBack.add(groups)
    case (.groupFeatures, .groupFeatures(let features)): self.readBack.groupFeatures = features
    case (.meters, .meterConfigurations(let meters)): self.readBack.add(meters)
    case (.meterFeatures, .meterFeatures(let features)): self.readBack.maximumMeters = features.maximumMeters
    case (.connections, .flows(let flows)): self.readBack.add(connections: flows)
    default: return .wait
    }
    if !reply.more { self.open[xid] = nil }
    self.deadline = now + self.timeout
    let held = self.readBack.held
    guard held.flowCount <= Self.maximumEntries, held.groupCount <= Self.maximumEntries,
      self.readBack.connections.count <= Self.maximumEntries
    else { return .tooMany }
    return self.step
  }

  private var step: Step { self.open.isEmpty ? .done(self.readBack) : .wait }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
import NIOCore
import OpenFlow
import Reconciliation

/// One reading of all flows and groups of ours, which arrives in any number of parts.
struct TableReading {
  let ticket: UInt64
  private let flows: UInt32
  private let groups: UInt32
  private let groupFeatures: UInt32
  private let timeout: TimeAmount
  private(set) var deadline: NIODeadline
  private var hasFlows = false
  private var hasGroups = false
  private var hasGroupFeatures = false
  private var readBack = ReadBack()

  /// Flows, and groups, of ours that a switch may claim to hold: many times what 100,000 services need.
  private static let maximumEntries = 4_000_000

  enum Step {
    case wait
    case done(ReadBack)
    case tooMany
  }

  /// What is asked. Only ours: what others have written may be long, and need not be understood.
  static let requests: [MessageBody] = [
    .multipartRequest(MultipartRequest(.flows(FlowRequest(cookie: Cookie.base.rawValue, cookieMask: Cookie.mask)))),
    .multipartRequest(MultipartRequest(.groupDescriptions())),
    .multipartRequest(MultipartRequest(.groupFeatures)),
  ]

  /// - Parameter xids: of the `requests`, one for each.
  init(ticket: UInt64, xids: [UInt32], timing: ConnectionTiming, at now: NIODeadline) {
    self.ticket = ticket
    self.flows = xids[0]
    self.groups = xids[1]
    self.groupFeatures = xids[2]
    self.timeout = TimeAmount(timing.requestTimeout)
    self.deadline = now + self.timeout
  }

  func concerns(_ xid: UInt32) -> Bool { xid == self.flows || xid == self.groups || xid == self.groupFeatures }

  /// A request was refused: a switch need not know of groups.
  ///
  /// - Returns: nil if it must be able to answer that.
  mutating func refused(_ xid: UInt32) -> Step? {
    switch xid {
    case self.groups: self.hasGroups = true
    case self.groupFeatures: self.hasGroupFeatures = true
    default: return nil
    }
    return self.step
  }

  mutating func received(_ reply: MultipartReply, xid: UInt32, at now: NIODeadline) -> Step {
    switch reply.body {
    case .flows(let flows) where xid == self.flows:
      self.readBack.add(flows)
      self.hasFlows = !reply.more
    case .groupDescriptions(let groups) where xid == self.groups:
      self.readBack.add(groups)
      self.hasGroups = !reply.more
    case .groupFeatures(let features) where xid == self.groupFeatures:
      self.readBack.groupFeatures = features
      self.hasGroupFeatures = true
    default: return .wait
    }
    self.deadline = now + self.timeout
    let program = self.readBack.program
    guard program.flows.count <= Self.maximumEntries, program.groups.count <= Self.maximumEntries else {
      return .tooMany
    }
    return self.step
  }

  private var step: Step {
    self.hasFlows && self.hasGroups && self.hasGroupFeatures ? .done(self.readBack) : .wait
  }
}

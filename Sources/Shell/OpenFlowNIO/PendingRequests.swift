// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
import OpenFlow
import Reconciliation

/// Requests that a switch has not answered yet. The controller has one change and one reading under way at a time,
/// so there is one of each; a newer one takes the place of an older.
struct PendingRequests {
  private struct Read {
    var ticket: UInt64
    var flows: UInt32
    var groups: UInt32
    var hasFlows = false
    var hasGroups = false
    var readBack = ReadBack()
  }

  private var barriers: [(xid: UInt32, ticket: UInt64)] = []
  private var read: Read?

  /// Flows of ours that a switch may claim to hold: many times what 100,000 services need.
  private static let maximumFlows = 4_000_000
  /// Barriers that may be under way; more than ever happens, and a bound.
  private static let maximumBarriers = 1024

  mutating func expectBarrier(_ xid: UInt32, ticket: UInt64) {
    self.barriers.append((xid, ticket))
    if self.barriers.count > Self.maximumBarriers { self.barriers.removeFirst() }
  }

  mutating func expectRead(flows: UInt32, groups: UInt32, ticket: UInt64) {
    self.read = Read(ticket: ticket, flows: flows, groups: groups)
  }

  /// - Returns: the ticket of the change that is done; nil if nobody waits for this barrier.
  mutating func barrier(_ xid: UInt32) -> UInt64? {
    guard let index = self.barriers.firstIndex(where: { $0.xid == xid }) else { return nil }
    let ticket = self.barriers[index].ticket
    // Barriers are answered in order: those before it were lost.
    self.barriers.removeSubrange(...index)
    return ticket
  }

  /// - Returns: everything that the switch holds, with its last part.
  mutating func reply(_ reply: MultipartReply, xid: UInt32) -> (UInt64, ReadBack)? {
    guard var read = self.read, xid == read.flows || xid == read.groups else { return nil }
    switch reply.body {
    case .flows(let flows) where xid == read.flows:
      read.readBack.add(flows)
      read.hasFlows = !reply.more
    case .groupDescriptions(let groups) where xid == read.groups:
      read.readBack.add(groups)
      read.hasGroups = !reply.more
    default: return nil
    }
    guard read.readBack.program.flows.count <= Self.maximumFlows else {
      self.read = nil
      return nil
    }
    let isWhole = read.hasFlows && read.hasGroups
    self.read = isWhole ? nil : read
    return isWhole ? (read.ticket, read.readBack) : nil
  }

  /// The request with this xid was refused.
  mutating func cancel(_ xid: UInt32) {
    if let read = self.read, xid == read.flows || xid == read.groups { self.read = nil }
  }
}

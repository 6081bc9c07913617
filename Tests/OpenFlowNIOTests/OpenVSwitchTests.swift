// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import OpenFlowNIO
import Testing

extension RealConnections {
  /// Connections of a real Open vSwitch.
  @Suite(
    .serialized, .timeLimit(.minutes(2)),
    .enabled(if: OpenVSwitch.isPossible, "needs Open vSwitch (openvswitch-switch) and openssl")) struct OpenVSwitchTests
  {
    private static let datapath = DatapathID(rawValue: OpenVSwitch.datapath)
    private static let group = MessageBody.groupMod(
      GroupMod(kind: .select, group: 5, buckets: [Bucket(weight: 1, actions: [.output(2)])]))
    private static let flow = MessageBody.flowMod(
      FlowMod(tableID: 1, priority: 9, match: [.inPort(1)], instructions: [.applyActions([.group(5)])]))
    /// A packet cannot go back to an earlier table.
    private static let impossible = MessageBody.flowMod(FlowMod(tableID: 2, priority: 3, instructions: [.gotoTable(1)]))
    private static let flush = MessageBody.conntrackFlush(
      ConntrackFlush(ipProtocol: 6, zone: 7, reply: .init(sourcePort: 20001)))

    /// A bridge that is connected over `version`, and the server it is connected to.
    private static func connected(_ version: ProtocolVersion, _ body: (OpenVSwitch, RunningServer) async throws -> Void)
      async throws
    {
      try await OpenVSwitch.run { bridge in
        try await RunningServer.run { running in
          try bridge.connect(
            to: "tcp:127.0.0.1:\(running.port)", protocols: version == .v1_3 ? "OpenFlow13" : "OpenFlow13,OpenFlow15")
          let greeting = try await running.first { item -> SwitchReport.Greeting? in
            if case .connected(let greeting) = item.report { greeting } else { nil }
          }
          #expect(greeting.version == version)
          #expect(greeting.ports.map(\.name).sorted() == ["br0", "p1", "p2", "p3"])
          try await body(bridge, running)
        }
      }
    }

    /// What is said of a ticket, and the refusals before it.
    private static func outcome(of ticket: UInt64, _ running: RunningServer) async throws -> Outcome {
      var refusals: [RefusedMessage] = []
      return try await running.first { item in
        switch item.report {
        case .refused(let refusal):
          refusals.append(refusal)
          return nil
        case .confirmed(ticket): return Outcome(failure: nil, refusals: refusals)
        case .unanswered(ticket, let failure): return Outcome(failure: failure, refusals: refusals)
        default: return nil
        }
      }
    }

    private struct Outcome {
      var failure: RequestFailure?
      var refusals: [RefusedMessage]
    }

    @Test func groupsAndFlowsOfABundleAreDoneTogether() async throws {
      try await Self.connected(.v1_5) { bridge, running in
        try await running.perform(.change([Self.group, Self.flow, Self.flush], ticket: 1, .bundle), on: Self.datapath)
        let outcome = try await Self.outcome(of: 1, running)
        #expect(outcome.failure == nil)
        #expect(outcome.refusals.isEmpty)
        #expect(try bridge.dump("dump-flows") == ["table=1, priority=9,in_port=1 actions=group:5"])
        #expect(try bridge.dump("dump-groups").count == 1)
      }
    }

    /// A member that cannot be added (a way back to an earlier table), and one that cannot be committed (a group that
    /// does not exist is changed): of the others nothing is done, in either case.
    @Test(arguments: [
      (Self.impossible, "OFPBIC_BAD_TABLE_ID", "FLOW_MOD add table=2,priority=3,any"),
      (
        MessageBody.groupMod(GroupMod(command: .modify, kind: .all, group: 99)), "OFPGMFC_UNKNOWN_GROUP",
        "GROUP_MOD modify group_id=99"
      ),
    ]) func aRefusedMemberOfABundleMeansThatNothingIsDone(member: MessageBody, error: String, description: String)
      async throws
    {
      try await Self.connected(.v1_5) { bridge, running in
        try await running.perform(.change([Self.flow], ticket: 1), on: Self.datapath)
        let missing = try await Self.outcome(of: 1, running)
        #expect(missing.refusals.map(\.error.name) == ["OFPBAC_BAD_OUT_GROUP"])

        try await running.perform(.change([Self.group, Self.flow, member], ticket: 2, .bundle), on: Self.datapath)
        let outcome = try await Self.outcome(of: 2, running)
        guard case .refused(let refusal)? = outcome.failure else {
          Issue.record("\(outcome)")
          return
        }
        #expect(refusal.error.name == error)
        #expect(refusal.description.contains(description), "\(refusal)")
        #expect(try bridge.dump("dump-flows").isEmpty)
        #expect(try bridge.dump("dump-groups").isEmpty)

        // The next bundle works.
        try await running.perform(.change([Self.group, Self.flow], ticket: 3, .bundle), on: Self.datapath)
        #expect(try await Self.outcome(of: 3, running).failure == nil)
        #expect(try bridge.dump("dump-flows").count == 1)
      }
    }

    @Test(arguments: ProtocolVersion.allCases) func whatIsRefusedOfAWriteIsNamed(version: ProtocolVersion) async throws
    {
      try await Self.connected(version) { bridge, running in
        let bad = Self.impossible
        try await running.perform(.change([Self.group, bad, Self.flow], ticket: 1), on: Self.datapath)
        let outcome = try await Self.outcome(of: 1, running)
        #expect(outcome.failure == nil)
        #expect(outcome.refusals.map(\.message) == [bad])
        #expect(outcome.refusals.map(\.error.name) == ["OFPBIC_BAD_TABLE_ID"])
        #expect(try bridge.dump("dump-flows").count == 1)
      }
    }

    @Test func aThousandFlowsInABundle() async throws {
      try await Self.connected(.v1_5) { bridge, running in
        let flows = (0..<1000).map { index in
          MessageBody.flowMod(FlowMod(tableID: 1, priority: UInt16(index), match: [.inPort(1)]))
        }
        try await running.perform(.change([Self.group] + flows, ticket: 1, .bundle), on: Self.datapath)
        #expect(try await Self.outcome(of: 1, running).failure == nil)
        #expect(try bridge.dump("dump-flows").count == 1000)
      }
    }

    @Test(arguments: ProtocolVersion.allCases) func everythingThatIsAskedIsAnswered(version: ProtocolVersion)
      async throws
    {
      try await Self.connected(version) { _, running in
        let requests: [MessageBody] = [
          .featuresRequest, .getConfigRequest, .barrierRequest, .multipartRequest(MultipartRequest(.description)),
          .multipartRequest(MultipartRequest(.tableFeatures())),
          .multipartRequest(MultipartRequest(.flows(FlowRequest()))),
        ]
        for (index, request) in requests.enumerated() {
          try await running.perform(.ask(request, ticket: UInt64(index)), on: Self.datapath)
          let parts = try await running.first { item -> [MessageBody]? in
            if case .answered(UInt64(index), let parts) = item.report { parts } else { nil }
          }
          #expect(!parts.isEmpty)
          // 254 tables do not fit into one message.
          if index == 4 { #expect(parts.count > 1) }
        }
      }
    }

    @Test(arguments: ProtocolVersion.allCases) func rolesAreGrantedUnlessTheirGenerationIsStale(
      version: ProtocolVersion
    )
      async throws
    {
      try await Self.connected(version) { bridge, running in
        func request(_ role: RoleMessage.Role, _ generation: UInt64) async throws -> RoleOutcome {
          try await running.perform(.requestRole(role, generationID: generation, ticket: generation), on: Self.datapath)
          return try await running.first { item -> RoleOutcome? in
            if case .role(generation, let outcome) = item.report { outcome } else { nil }
          }
        }
        #expect(try await request(.master, 7) == .granted(RoleMessage(role: .master, generationID: 7)))
        #expect(try await request(.slave, 6) == .stale)
        #expect(try await request(.slave, 8) == .granted(RoleMessage(role: .slave, generationID: 8)))
        try await running.perform(.change([Self.group], ticket: 1), on: Self.datapath)
        #expect(try await Self.outcome(of: 1, running).failure == .slave)
        #expect(try await request(.master, 9) == .granted(RoleMessage(role: .master, generationID: 9)))
        try await running.perform(.change([Self.group], ticket: 2), on: Self.datapath)
        #expect(try await Self.outcome(of: 2, running).failure == nil)
        #expect(try bridge.dump("dump-groups").count == 1)
      }
    }

    /// A bridge that speaks OpenFlow 1.0 only says what it was told.
    /// OpenFlow 1.5.1, 7.4.4: over 1.3 a switch says nothing.
    @Test func aControllerIsToldThatAnotherOneIsMasterNow() async throws {
      try await OpenVSwitch.run { bridge in
        try await RunningServer.run { first in
          try await RunningServer.run { second in
            try bridge.connect(to: ["tcp:127.0.0.1:\(first.port)", "tcp:127.0.0.1:\(second.port)"])
            for (running, generation) in [(first, UInt64(1)), (second, 2)] {
              _ = try await running.first { if case .connected = $0.report { true } else { nil } }
              try await running.perform(
                .requestRole(.master, generationID: generation, ticket: generation), on: Self.datapath)
              let outcome = try await running.first { item -> RoleOutcome? in
                if case .role(generation, let outcome) = item.report { outcome } else { nil }
              }
              #expect(outcome == .granted(RoleMessage(role: .master, generationID: generation)))
            }
            let status = try await first.first { item -> RoleStatus? in
              if case .roleChanged(let status) = item.report { status } else { nil }
            }
            #expect(status.role == .slave)
            #expect(status.reason == .masterRequest)
            #expect(status.generationID == 2)
            #expect(try await first.onLoop { $0.statuses.first?.role } == .slave)
          }
        }
      }
    }

    @Test func anOldVersionIsRefused() async throws {
      try await OpenVSwitch.run { bridge in
        try await RunningServer.run { running in
          try bridge.connect(to: "tcp:127.0.0.1:\(running.port)", protocols: "OpenFlow10")
          try bridge.vsctl(["wait-until", "controller", "br0", "status:state=BACKOFF"])
          #expect(try await running.onLoop { $0.statuses.isEmpty })
          try bridge.connect(to: "tcp:127.0.0.1:\(running.port)", protocols: "OpenFlow10,OpenFlow13")
          try await running.first { if case .connected = $0.report { () } else { nil } }
        }
      }
    }
  }
}

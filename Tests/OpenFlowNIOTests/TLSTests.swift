// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Foundation
import OpenFlow
import OpenFlowNIO
import Testing

extension RealConnections {
  /// Mutual TLS with a real Open vSwitch and with `openssl`.
  @Suite(
    .serialized, .timeLimit(.minutes(2)),
    .enabled(if: OpenVSwitch.isPossible, "needs Open vSwitch (openvswitch-switch) and openssl")) struct TLSTests
  {
    @Test func aSwitchWithACertificateConnects() async throws {
      try await OpenVSwitch.run { bridge in
        try await Program.withDirectory { directory in
          let certificates = try Certificates(in: directory)
          let identity = try TLSIdentity(certificates.controller)
          try await RunningServer.run(tls: identity) { running in
            try bridge.vsctl([
              "set-ssl", certificates.path("switch.key"), certificates.path("switch.pem"),
              certificates.path("authority.pem"),
            ])
            try bridge.connect(to: "ssl:127.0.0.1:\(running.port)")
            let version = try await running.first { item -> ProtocolVersion? in
              if case .connected(let greeting) = item.report { greeting.version } else { nil }
            }
            #expect(version == .v1_5)
            #expect(try await running.onLoop { $0.statuses.map(\.isEncrypted) } == [true])
            // It works: what is sent over it is done.
            let datapath = DatapathID(rawValue: OpenVSwitch.datapath)
            try await running.perform(.change([.flowMod(FlowMod(tableID: 4, priority: 9))], ticket: 1), on: datapath)
            try await running.first { if case .confirmed(1) = $0.report { () } else { nil } }
            #expect(try bridge.dump("dump-flows") == ["table=4, priority=9 actions=drop"])
          }
        }
      }
    }

    /// Neither a certificate of another authority, nor none, nor plain TCP comes in; and then the right one does.
    @Test func aSwitchWithoutAGoodCertificateDoesNot() async throws {
      try await Program.withDirectory { directory in
        let certificates = try Certificates(in: directory)
        let timing = ConnectionTiming(handshakeTimeout: .seconds(2))
        try await RunningServer.run(timing: timing, tls: try TLSIdentity(certificates.controller)) { running in
          let target = "127.0.0.1:\(running.port)"
          let none = Self.handshake(with: target, [])
          #expect(none.contains("alert"), "\(none)")
          let stranger = ["-cert", certificates.path("stranger.pem"), "-key", certificates.path("stranger.key")]
          let refused = Self.handshake(with: target, stranger)
          #expect(refused.contains("alert"), "\(refused)")
          let good = ["-cert", certificates.path("switch.pem"), "-key", certificates.path("switch.key")]
          let old = Self.handshake(with: target, good + ["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"])
          #expect(old.contains("alert protocol version"), "\(old)")
          let accepted = Self.handshake(with: target, good + ["-CAfile", certificates.path("authority.pem")])
          #expect(!accepted.contains("alert"), "\(accepted)")
          #expect(accepted.contains("Verify return code: 0"), "\(accepted)")

          try await OpenVSwitch.run { bridge in
            try bridge.vsctl([
              "set-ssl", certificates.path("stranger.key"), certificates.path("stranger.pem"),
              certificates.path("authority.pem"),
            ])
            try bridge.connect(to: "ssl:\(target)")
            // The bad one tries at least once before the good one may.
            try bridge.vsctl(["wait-until", "controller", "br0", "status:state=BACKOFF"])
            #expect(try await running.onLoop { $0.statuses.isEmpty })
            try bridge.vsctl([
              "set-ssl", certificates.path("switch.key"), certificates.path("switch.pem"),
              certificates.path("authority.pem"),
            ])
            try await running.first { if case .connected = $0.report { () } else { nil } }
          }
        }
      }
    }

    /// `openssl s_client` for a moment; what it prints, whether it succeeded or not.
    private static func handshake(with target: String, _ arguments: [String]) -> String {
      do { return try Program.run("openssl", ["s_client", "-connect", target, "-ign_eof"] + arguments) } catch let
        failure
        as Program.Failure
      { return failure.output } catch { return "\(error)" }
    }

    @Test func newCertificatesCountForNewConnections() async throws {
      try await Program.withDirectory { directory in
        let certificates = try Certificates(in: directory)
        let identity = try TLSIdentity(certificates.controller)
        #expect(try !identity.reloadIfChanged())
        // From now on the controller's certificate is another authority's.
        try certificates.issue("controller", by: "other")
        #expect(try identity.reloadIfChanged())
        #expect(try !identity.reloadIfChanged())
        let before = ObjectIdentifier(identity.context)
        // One file of two is new: that does not fit, and nothing changes until the other one is.
        let key = certificates.path("controller.key")
        let newKey = try Data(contentsOf: URL(fileURLWithPath: certificates.path("switch.key")))
        try newKey.write(to: URL(fileURLWithPath: key))
        #expect(throws: TLSFileError.self) { try identity.reloadIfChanged() }
        #expect(ObjectIdentifier(identity.context) == before)
        let newCertificate = try Data(contentsOf: URL(fileURLWithPath: certificates.path("switch.pem")))
        try newCertificate.write(to: URL(fileURLWithPath: certificates.path("controller.pem")))
        #expect(try identity.reloadIfChanged())
        #expect(ObjectIdentifier(identity.context) != before)
      }
    }

    @Test func whatIsWrongWithAFileIsTold() async throws {
      try await Program.withDirectory { directory in
        let certificates = try Certificates(in: directory)
        let good = certificates.controller
        func problem(_ change: (inout TLSFiles) -> Void) -> TLSFileError? {
          var files = good
          change(&files)
          do {
            _ = try TLSIdentity(files)
            return nil
          } catch { return error }
        }
        let missing = certificates.path("missing.pem")
        #expect(
          problem { $0.certificateChain = missing } == .unreadable(file: missing, problem: "there is no such file"))
        #expect(problem { $0.privateKey = missing } == .unreadable(file: missing, problem: "there is no such file"))
        #expect(
          problem { $0.trustedAuthorities = directory }
            == .unreadable(file: directory, problem: "it is not a regular file"))
        #expect(problem { $0.privateKey = good.certificateChain } == .noPrivateKey(file: good.certificateChain))
        #expect(problem { $0.trustedAuthorities = good.privateKey } == .noCertificate(file: good.privateKey))
        let other = certificates.path("switch.key")
        let mismatch = problem { $0.privateKey = other }
        #expect(mismatch?.description.contains("is not that of the first certificate in") == true, "\(mismatch as Any)")
        #expect(mismatch?.description.contains(other) == true)
        #expect(problem { _ in } == nil)
      }
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A controller that a site keeps: it has the switch's OpenFlow connection, and is told by its REST API what the switch
/// shall do.
package struct ForeignController: Sendable, Hashable {
  /// Whose API it is.
  package enum Kind: String, Sendable, CaseIterable, Codable {
    /// Floodlight's static entry pusher.
    case floodlight
    /// Ryu's `ofctl_rest`.
    case ryu
    /// ONOS's `/onos/v1`.
    case onos

    /// As its authors write it.
    package var title: String {
      switch self {
      case .floodlight: "Floodlight"
      case .ryu: "Ryu"
      case .onos: "ONOS"
      }
    }

    /// The placements that its flows can say. ONOS matches addresses by prefixes, and a slot is told by the last bits.
    package var placements: [Placement] { self == .onos ? [.redirect] : [.hash, .redirect] }

    /// It can be told of questions for MAC addresses and of their answers.
    package var knowsARP: Bool { self != .onos }

    /// It answers nobody who does not say who he is.
    package var asksForLogin: Bool { self == .onos }
  }

  /// Who we are to its API (HTTP basic authentication).
  package struct Login: Sendable, Hashable {
    package var user: String
    /// Its first line is the password; read for each request.
    package var passwordFile: String

    package init(user: String, passwordFile: String) {
      self.user = user
      self.passwordFile = passwordFile
    }
  }

  package var kind: Kind
  /// Of the API, without a path: `http://192.0.2.9:8080`
  package var url: String
  /// How often it is asked whether it has the switch, and which ports are up.
  package var poll: Duration
  package var login: Login?

  package init(
    _ kind: Kind, url: String, poll: Duration = ForeignController.defaultPoll, login: Login? = nil
  ) {
    self.kind = kind
    self.url = url
    self.poll = poll
    self.login = login
  }

  package static let polls = Duration.milliseconds(100) ... .seconds(60)
  package static let defaultPoll = Duration.seconds(1)
}

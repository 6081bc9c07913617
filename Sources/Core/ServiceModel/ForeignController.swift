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

    /// As its authors write it.
    package var title: String {
      switch self {
      case .floodlight: "Floodlight"
      case .ryu: "Ryu"
      }
    }
  }

  package var kind: Kind
  /// Of the API, without a path: `http://192.0.2.9:8080`
  package var url: String
  /// How often it is asked whether it has the switch, and which ports are up.
  package var poll: Duration

  package init(_ kind: Kind, url: String, poll: Duration = ForeignController.defaultPoll) {
    self.kind = kind
    self.url = url
    self.poll = poll
  }

  package static let polls = Duration.milliseconds(100) ... .seconds(60)
  package static let defaultPoll = Duration.seconds(1)

  /// The placements that its flows can say.
  package static let placements: [Placement] = [.hash, .redirect]
}

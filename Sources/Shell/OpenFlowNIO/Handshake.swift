// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow

/// The conversation from the first byte until a switch can be worked with (OpenFlow 1.3.5, 6.3).
///
///     greeting ─ HELLO ─▶ asking ─ FEATURES, description, ports ─▶ done
struct Handshake: ~Copyable {
  /// What was learnt so far.
  struct Answers {
    var datapath: DatapathID?
    var description: String?
    var ports: [PortDescription] = []
    var hasAllPorts = false
  }

  enum Step {
    /// Ask for everything else, in this version.
    case ask(ProtocolVersion)
    /// No common version: say so and close.
    case refuse(theirs: UInt8)
    case wait
    case done(DatapathID, description: String, ports: [PortDescription])
    /// A message that has no place here.
    case misplaced
    /// More ports than any switch has.
    case tooMuch
  }

  /// Ports that a switch may describe; more is an attack on memory.
  static let maximumPorts = 65_536

  private enum State: ~Copyable {
    case greeting
    case asking(Answers)
    case done
  }

  private var state: State

  init() { self.state = .greeting }

  private init(_ state: consuming State) { self.state = state }

  static let offer: Hello = Hello(offering: [.v1_3, .v1_5])

  mutating func received(_ body: MessageBody) -> Step {
    switch consume self.state {
    case .greeting:
      guard case .hello(let hello) = body else {
        self = Handshake(.greeting)
        return .misplaced
      }
      guard let version = Self.offer.negotiated(with: hello) else {
        self = Handshake(.greeting)
        return .refuse(theirs: hello.headerVersion)
      }
      self = Handshake(.asking(Answers()))
      return .ask(version)
    case .asking(var answers):
      let step = answers.take(body)
      if case .done = step { self = Handshake(.done) } else { self = Handshake(.asking(answers)) }
      return step
    case .done:
      self = Handshake(.done)
      return .misplaced
    }
  }
}

extension Handshake.Answers {
  fileprivate mutating func take(_ body: MessageBody) -> Handshake.Step {
    switch body {
    case .featuresReply(let features): self.datapath = features.datapathID
    case .multipartReply(let reply):
      switch reply.body {
      case .description(let description):
        self.description = [description.manufacturer, description.hardware, description.software]
          .filter { !$0.isEmpty }.joined(separator: ", ")
      case .portDescriptions(let ports):
        self.ports += ports
        self.hasAllPorts = !reply.more
        guard self.ports.count <= Handshake.maximumPorts else { return .tooMuch }
      default: return .misplaced
      }
    // A port may change and a second HELLO may come while we ask (6.3.1): neither is an answer.
    case .portStatus(let status):
      if self.hasAllPorts {
        self.ports.removeAll { $0.number == status.port.number }
        if status.reason != .delete { self.ports.append(status.port) }
      }
    case .hello, .packetIn, .flowRemoved, .getConfigReply, .barrierReply: break
    default: return .misplaced
    }
    guard let datapath = self.datapath, let description = self.description, self.hasAllPorts else { return .wait }
    return .done(datapath, description: description, ports: self.ports)
  }
}

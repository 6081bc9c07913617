// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow

/// The conversation from the first byte until a switch can be worked with (OpenFlow 1.3.5, 6.3).
///
///     greeting ─ HELLO ─▶ asking ─ FEATURES, description, ports ─▶ done ─▶ (admitted)
struct Handshake: ~Copyable {
  /// What was learnt so far.
  struct Answers {
    var features: FeaturesReply?
    var description: String?
    var ports: [PortDescription] = []
    var hasAllPorts = false
  }

  enum Step {
    /// Ask for everything else, in this version.
    case ask(ProtocolVersion)
    /// No common version: say so and close.
    case refuse(theirs: UInt8)
    /// Another connection of a switch whose main one we work with: say that it is not needed and close.
    case auxiliary(UInt8)
    case wait
    case done(FeaturesReply, description: String)
    /// A message that has no place here.
    case misplaced
    /// More ports than any switch has.
    case tooMuch
  }

  /// Ports that a switch may describe; more is an attack on memory.
  static let maximumPorts = 65_536
  static let offer: Hello = Hello(offering: [.v1_3, .v1_5])

  private enum State: ~Copyable {
    case greeting
    case asking(Answers)
    /// Everything was answered. Ports may change until the connection is admitted.
    case done(Answers)
  }

  private var state: State

  init() { self.state = .greeting }

  private init(_ state: consuming State) { self.state = state }

  /// What the switch has said before or since; all ports as they are now.
  var ports: [PortDescription] {
    switch self.state {
    case .greeting: []
    case .asking(let answers): answers.ports
    case .done(let answers): answers.ports
    }
  }

  mutating func received(_ body: MessageBody) -> Step {
    switch consume self.state {
    case .greeting:
      self = Handshake(.greeting)
      guard case .hello(let hello) = body else { return .misplaced }
      guard let version = Self.offer.negotiated(with: hello) else { return .refuse(theirs: hello.headerVersion) }
      self = Handshake(.asking(Answers()))
      return .ask(version)
    case .asking(var answers):
      let step = answers.take(body)
      if case .done = step { self = Handshake(.done(answers)) } else { self = Handshake(.asking(answers)) }
      return step
    case .done(var answers):
      if case .portStatus(let status) = body { answers.update(status) }
      self = Handshake(.done(answers))
      return .wait
    }
  }
}

extension Handshake.Answers {
  fileprivate mutating func take(_ body: MessageBody) -> Handshake.Step {
    switch body {
    case .featuresReply(let features):
      guard features.auxiliaryID == 0 else { return .auxiliary(features.auxiliaryID) }
      self.features = features
    case .multipartReply(let reply):
      switch reply.body {
      case .description(let description):
        self.description = [description.manufacturer, description.hardware, description.software].filter { !$0.isEmpty }
          .joined(separator: ", ")
      case .portDescriptions(let ports):
        self.ports += ports
        self.hasAllPorts = !reply.more
        guard self.ports.count <= Handshake.maximumPorts else { return .tooMuch }
      default: return .misplaced
      }
    // A port may change and a second HELLO may come while we ask (6.3.1): neither is an answer.
    case .portStatus(let status): if self.hasAllPorts { self.update(status) }
    // Nor is what a switch with a program of ours, or of another controller, has to say meanwhile.
    case .hello, .packetIn, .flowRemoved, .getConfigReply, .barrierReply: break
    default: return .misplaced
    }
    guard let features = self.features, let description = self.description, self.hasAllPorts else { return .wait }
    return .done(features, description: description)
  }

  fileprivate mutating func update(_ status: PortStatus) {
    self.ports.removeAll { $0.number == status.port.number }
    guard status.reason != .delete, self.ports.count < Handshake.maximumPorts else { return }
    self.ports.append(status.port)
  }
}

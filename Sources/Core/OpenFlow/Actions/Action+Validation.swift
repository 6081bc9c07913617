// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension Match {
  /// Makes sure that the match is valid, and that its packets have the fields which `instructions` read and write, as a
  /// switch will demand
  /// (OpenFlow 1.3.5, 7.2.5, "Set-Field"). What headers the actions add is taken into account; after an action that
  /// leaves the packet unknown nothing is said to be missing.
  ///
  /// `FlowMod` does this when it is encoded.
  ///
  /// - Throws: `OpenFlowEncodingError.invalid`, which names the first field that lacks something, and what it needs.
  public func validate(_ instructions: [Instruction]) throws(OpenFlowEncodingError) {
    var known = try self.validatedKnowledge()
    for instruction in instructions {
      switch instruction {
      case .applyActions(let actions): try self.validate(actions, &known)
      case .writeActions(let actions):
        // An action set is done in an order of its own, in which headers are pushed before fields are set.
        var known = known
        for action in actions { known.learn(action) }
        try self.validate(actions, &known)
      default: break
      }
    }
  }

  private func validate(
    _ actions: [Action], _ known: inout PacketKnowledge
  ) throws(OpenFlowEncodingError) {
    for action in actions {
      switch action {
      case .setField(let entry):
        // A tag's identifier can be set only where there is a tag.
        if entry.field == .vlanID {
          guard known.meets(.vlanTag) else { throw self.lacksTag() }
        } else {
          try self.check(entry.field, known)
        }
      case .move(let source, let destination):
        try self.check(source.field, known)
        try self.check(destination.field, known)
      case .pushField(let slice), .popField(let slice), .outputField(let slice, _), .checkPacketLarger(_, let slice):
        try self.check(slice.field, known)
      case .multipath(let multipath): try self.check(multipath.destination.field, known)
      case .bundle(let bundle): if let slice = bundle.destination { try self.check(slice.field, known) }
      case .learn(let learn):
        for case .field(let slice) in learn.specifications.lazy.map(\.source) { try self.check(slice.field, known) }
      case .clone(let actions):
        var copy = known
        try self.validate(actions, &copy)
      default: known.learn(action)
      }
    }
  }

  private func check(_ field: MatchField, _ known: PacketKnowledge) throws(OpenFlowEncodingError) {
    guard known.meets(field.prerequisite) else { throw self.lacksPrerequisite(field, inAction: true) }
  }

  private func lacksTag() -> OpenFlowEncodingError {
    .invalid(
      what: "vlan_vid",
      problem: "can be set where there is a VLAN tag: after push_vlan, or if the match says vlan_vid with bit 0x1000; "
        + "it says \(self)")
  }
}

extension PacketKnowledge {
  /// Takes in what an action does to a packet's headers.
  fileprivate mutating func learn(_ action: Action) {
    switch action {
    case .pushVLAN: self.pushedVLANTag()
    case .pushMPLS(let ethernetType), .pushPBB(let ethernetType): self.pushedHeader(ethernetType)
    case .popVLAN, .popMPLS, .popPBB, .resubmit, .experimenter, .unknown: self.becameUncertain()
    default: break
    }
  }
}

extension MatchField {
  /// Refuses a field that no action may write.
  func checkIsSettable() throws(OpenFlowEncodingError) {
    guard self.isSettable else {
      throw .invalid(what: "field \(self)", problem: "can be matched, but no action can write it")
    }
  }

  /// Whether it belongs to the connection, which only an action within `ct` can write.
  fileprivate var isOfConnection: Bool { self == .conntrackMark || self == .conntrackLabel }
}

extension Action {
  /// Refuses what may stand within `ct` only, and there what may not.
  func checkPlace(within nesting: ActionNesting) throws(OpenFlowEncodingError) {
    let belongsInConntrack =
      switch self {
      case .setField(let entry): entry.field.isOfConnection
      case .move(_, let destination): destination.field.isOfConnection
      case .nat: true
      default: false
      }
    guard belongsInConntrack != nesting.isInConntrack else { return }
    throw .invalid(
      what: "\(self)",
      problem: nesting.isInConntrack
        ? "stands within ct, where only \(Self.withinConntrack) may" : "must stand within ct")
  }

  private static let withinConntrack = "nat, and setting ct_mark or ct_label,"
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension Match {
  /// Makes sure that each field's prerequisites are there, as a switch will demand of a flow.
  ///
  /// `FlowMod` and `PacketOut` do this when they are encoded; matches that a switch sends are read without.
  ///
  /// - Throws: `OpenFlowEncodingError.invalid`, which names the first field that lacks something, and what it needs.
  public func validate() throws(OpenFlowEncodingError) { _ = try self.validatedKnowledge() }

  /// What the match says of packets, once each field's prerequisites are there.
  func validatedKnowledge() throws(OpenFlowEncodingError) -> PacketKnowledge {
    var known = PacketKnowledge()
    // A prerequisite stands before what needs it, so one pass suffices.
    for index in self.entries.indices {
      let field = self.entries[index].field
      guard known.meets(field.prerequisite) else { throw self.lacksPrerequisite(field) }
      known.learn(field, self.entries[index].value, mask: self.entries[index].mask)
    }
    return known
  }

  func lacksPrerequisite(_ field: MatchField, inAction: Bool = false) -> OpenFlowEncodingError {
    .invalid(
      what: "\(field)",
      problem:
        "needs \(field.prerequisite.text); \(inAction ? "before the action the match says" : "the match is") \(self)"
    )
  }
}

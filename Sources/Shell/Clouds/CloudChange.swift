// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import CloudModel

/// Brings clouds from what they are to what is wanted, one step after the other. Each step is decided by what the cloud
/// says then, so that whoever is interrupted begins again where it ended.
package enum CloudChange {
  /// More steps than any plan has: one that is not done by so many never is.
  static let stepLimit = 500

  /// - Parameters:
  ///   - next: the next step, by what is there; nil: there is nothing to do.
  ///   - onStep: called before a step.
  /// - Returns: how many steps were made.
  @discardableResult
  package static func perform(
    by provider: any CloudProvider, about references: [CloudReference],
    onStep: (CloudStep) throws -> Void = { _ in }, next: (CloudFacts) throws -> CloudStep?
  ) async throws -> Int {
    var last: CloudStep?
    for count in 0..<Self.stepLimit {
      let facts = try await provider.facts(about: references)
      guard let step = try next(facts) else { return count }
      guard step != last else {
        throw CloudError(
          .badAnswer, cloud: provider.name, "what was changed is not shown: \(step)",
          hint: "does somebody else take it back? See the service's log")
      }
      last = step
      try onStep(step)
      try await provider.perform(step)
    }
    throw CloudError(
      .badAnswer, cloud: provider.name, "\(Self.stepLimit) steps, and it is not done",
      hint: "somebody else changes it at the same time")
  }
}

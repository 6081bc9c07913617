// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import CloudModel

/// A region's cloud: what is there, and one change at a time. One file a provider; whoever adds another writes this.
package protocol CloudProvider: Sendable {
  /// What messages call it: the cloud, and its region if it has several.
  var name: String { get }

  /// All that decisions need about the machines that are named.
  func facts(about references: [CloudReference]) async throws(CloudError) -> CloudFacts

  /// Makes one change. That it was made before is no error.
  func perform(_ step: CloudStep) async throws(CloudError)
}

/// Why a cloud did not tell or do something: which cloud, which call, what to do.
package struct CloudError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    /// What is configured of it is wrong, or missing.
    case configuration
    /// Nobody answers, or not in time.
    case unreachable
    case unauthorized
    case forbidden
    case notFound = "not-found"
    case conflict
    case quota
    /// It answers, and not as it should.
    case badAnswer = "bad-answer"
  }

  package var kind: Kind
  package var cloud: String
  /// A method and an address; nil: nothing was called.
  package var call: String?
  package var message: String
  package var hint: String
  /// The cloud's own number of the call, for its operators.
  package var requestID: String?

  package init(
    _ kind: Kind, cloud: String, call: String? = nil, _ message: String, hint: String, requestID: String? = nil
  ) {
    self.kind = kind
    self.cloud = cloud
    self.call = call
    self.message = message
    self.hint = hint
    self.requestID = requestID
  }

  package var description: String {
    "error[\(self.kind.rawValue)]: cloud '\(self.cloud)'\(self.call.map { ": \($0)" } ?? ""): \(self.message)"
      + (self.requestID.map { " (request \($0))" } ?? "") + "\n  \(self.hint)"
  }
}

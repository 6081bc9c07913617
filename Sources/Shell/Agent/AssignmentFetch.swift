// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentLink
import AgentPlane
import NIOCore
import Probing
import ServiceModel

/// Fetches a region's assignment from one controller.
struct AssignmentFetch: Sendable {
  static let timeout: Duration = .seconds(5)

  enum Failure: Error, CustomStringConvertible {
    case status(Int, SocketEndpoint)
    case notOpened(AssignmentSealError, SocketEndpoint)

    var description: String {
      switch self {
      case .status(404, let controller): "controller \(controller) does not know this region"
      case .status(let code, let controller): "controller \(controller) answered with status \(code); expected 200"
      case .notOpened(.notAuthentic, let controller):
        "the answer of controller \(controller) was not made with this region's key"
      case .notOpened(let error, let controller): "the answer of controller \(controller) is no assignment: \(error)"
      }
    }
  }

  let region: RegionName
  let key: AssignmentKey
  let controller: SocketEndpoint

  func run(on eventLoop: any EventLoop) -> EventLoopFuture<CachedAssignment> {
    let nonce = FetchNonce.random()
    let exchange = HTTPExchange(
      path: "/v1/agents/\(self.region)/assignment?nonce=\(nonce.hex)", host: self.controller.description,
      reading: .body(limit: AssignmentSeal.maximumSize))
    return exchange.run(with: self.controller, timeout: Self.timeout, on: eventLoop).flatMapThrowing { answer in
      guard answer.status == 200 else { throw Failure.status(answer.status, self.controller) }
      do throws(AssignmentSealError) {
        let assignment = try AssignmentSeal.open(
          Array(answer.body.readableBytesView), region: self.region, key: self.key, nonce: nonce)
        return CachedAssignment(assignment: assignment, revision: try assignment.revision())
      } catch {
        throw Failure.notOpened(error, self.controller)
      }
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import ServiceModel

func addAssignmentRoutes(to router: Router<BasicRequestContext>, _ surface: some ControlSurface) {
  router.resource(
    "/v1/agents/:region/assignment",
    [
      .get: { request, context in
        let nonce = try Nonce(request).text
        let name = context.name("region")
        guard let region = RegionName(name), let sealed = await surface.assignment(for: region, nonce: nonce) else {
          throw Problem(
            status: .notFound, code: "unknown-region", detail: "the controller's configuration has no region '\(name)'")
        }
        var response = Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: sealed)))
        response.headers[.contentType] = "application/octet-stream"
        response.headers[.cacheControl] = "no-store"
        return response
      }
    ])
}

/// What an agent draws for one fetch.
private struct Nonce {
  var text: String

  init(_ request: Request) throws(Problem) {
    guard let text = try request.query(accepting: ["nonce"])["nonce"], text.utf8.count == 32,
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { throw .badQuery("nonce must be 32 digits of 0-9 a-f") }
    self.text = text
  }
}

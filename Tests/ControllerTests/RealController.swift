// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Glibc
import LabKit
import Outbound
import ServiceModel

/// The program itself, on loopback.
struct RealController: Sendable {
  let process: ChildProcess
  let outbound: HTTPOutbound
  let url: String

  static func prepare(_ workshop: Workshop) throws {
    try workshop.write(String(repeating: "0a", count: 32), to: "r1.key")
    try workshop.write(
      """
      controller:
        openflow: 127.0.0.1:\(workshop.port)
        agents: 127.0.0.1:\(workshop.port + 1)
        api: 127.0.0.1:\(workshop.port + 2)
        name: c1
      """)
  }

  /// Starts it, runs `body` once it answers, and kills it.
  static func with(_ workshop: Workshop, _ body: (RealController) async throws -> Void) async throws {
    guard let program = ExecutablePath.ofProduct("isthmus-controller", override: nil) else {
      throw NeverHappened(what: "a built isthmus-controller")
    }
    let process = try await Command([program, "--config", workshop.path("c.yaml")])
      .start(log: workshop.log)
    try await HTTPOutbound.withClient { outbound in
      let controller = RealController(
        process: process, outbound: outbound, url: "http://127.0.0.1:\(workshop.port + 2)")
      do {
        try await eventually("an answer") {
          guard process.isAlive else { throw NeverHappened(what: "a start of the controller") }
          return (try? await controller.configuration()) != nil
        }
        try await body(controller)
      } catch {
        await controller.kill()
        throw error
      }
      await controller.kill()
    }
  }

  func kill() async {
    self.process.send(.kill)
    _ = try? await self.process.wait()
  }

  func configuration() async throws -> ConfigurationResource {
    try JSON.decode(
      ConfigurationResource.self, from: try await self.outbound.get(self.url + "/v1/configuration").body)
  }

  func post(_ path: String, _ body: [UInt8]) async throws -> HTTPAnswer {
    try await self.outbound.post(self.url + path, body: body, timeLimit: .seconds(60))
  }
}

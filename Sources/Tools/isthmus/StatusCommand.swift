// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser
import Console

/// `isthmus status`
struct StatusCommand: ControllerCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say whether the services are up, who serves them, and what is wrong.",
    discussion: "Exit status: 0 healthy, 1 degraded, 2 a service is unavailable, 69 no controller answers.")

  @OptionGroup var options: ControllerOptions

  func run(with session: Session) async throws {
    let status = try await session.api.get("/v1/status", as: StatusResource.self)
    session.show(status, StatusResource.text)
    switch status.value.overall {
    case .healthy: break
    case .degraded: throw ExitCode(1)
    case .unavailable: throw ExitCode(2)
    }
  }
}

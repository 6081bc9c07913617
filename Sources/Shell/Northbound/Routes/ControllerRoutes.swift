// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ControlPlane
import HTTPTypes
import Hummingbird

func addControllerRoutes(to router: Router<BasicRequestContext>, _ surface: some ControlSurface) {
  router.resource("/v1/controller", [.get: { _, _ in try .json(ControllerResource(await surface.leadership())) }])
}

/// A controller that follows knows neither what the switches do nor may it change that: whoever asks is told to ask the
/// leader. What it says of itself and its own events can be had from every controller.
struct LeaderGuard<Surface: ControlSurface>: RouterMiddleware {
  let surface: Surface

  private static var ownPaths: [String] { ["/v1", "/v1/controller", "/v1/events", "/v1/events/stream"] }

  @concurrent
  func handle(
    _ request: Request, context: BasicRequestContext,
    next: @concurrent (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    let leads = await self.surface.leadership()
    if case .following = leads.leadership, !Self.ownPaths.contains(request.uri.path) {
      throw Problem(
        status: .misdirectedRequest, code: "not-the-leader",
        detail: leads.leader.map { "controller \(leads.name) follows; \($0) leads: ask that one" }
          ?? "controller \(leads.name) follows, and nobody leads yet: ask again in a few seconds")
    }
    return try await next(request, context)
  }
}

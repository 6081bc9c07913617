// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Hummingbird

/// What operators and the CLI use. A new noun is one more line here and one file beside this one.
func apiRouter(for surface: some ControlSurface, keepAlive: Duration) -> Router<BasicRequestContext> {
  let router = Router(options: .autoGenerateHeadEndpoints)
  router.add(middleware: ProblemMiddleware())
  router.add(
    middleware: BodyLimitMiddleware(
      limit: HTTPLimits.commandSize,
      exceptions: [Path.configuration: HTTPLimits.configurationSize, Path.flows: HTTPLimits.configurationSize]))
  router.add(middleware: HostGuard())
  router.add(middleware: CrossSiteGuard())
  router.add(middleware: LeaderGuard(surface: surface))
  addIndexRoutes(to: router)
  addControllerRoutes(to: router, surface)
  addStatusRoutes(to: router, surface)
  addServiceRoutes(to: router, surface)
  addMassFailureRoutes(to: router, surface)
  addRegionRoutes(to: router, surface)
  addSwitchRoutes(to: router, surface)
  addConfigurationRoutes(to: router, surface)
  addFlowRoutes(to: router, surface)
  addEventRoutes(to: router, EventStreams(log: surface.events, keepAlive: keepAlive))
  return router
}

/// What agents use. It says nothing about what else there is: more than operators can reach it.
func agentRouter(for surface: some ControlSurface) -> Router<BasicRequestContext> {
  let router = Router(options: .autoGenerateHeadEndpoints)
  router.add(middleware: ProblemMiddleware())
  router.add(middleware: BodyLimitMiddleware(limit: HTTPLimits.agents.bodySize))
  addAssignmentRoutes(to: router, surface)
  return router
}

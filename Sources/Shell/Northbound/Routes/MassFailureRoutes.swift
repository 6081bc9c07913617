// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Hummingbird

func addMassFailureRoutes(to router: Router<BasicRequestContext>, _ surface: some ControlSurface) {
  router.resource(
    "/v1/mass-failure",
    [
      .get: { _, _ in try .json(MassFailureResource(await surface.status())) }
    ])

  router.resource(
    "/v1/mass-failure/release",
    [
      .post: { _, _ in
        let held = MassFailureResource(await surface.status())
        await surface.releaseHeld()
        return try .json(held, status: .accepted)
      }
    ])
}

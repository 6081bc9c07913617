// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Hummingbird

func addStatusRoutes(to router: Router<BasicRequestContext>, _ surface: some ControlSurface) {
  router.resource("/v1/status", [.get: { _, _ in try .json(StatusResource(await surface.status())) }])
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Hummingbird

func addIndexRoutes(to router: Router<BasicRequestContext>) {
  router.resource(
    "/v1",
    [
      .get: { _, _ in
        try .json(
          IndexResource(
            product: "isthmus-controller", version: Product.version,
            links: [
              "configuration": Path.configuration, "controller": "/v1/controller", "status": "/v1/status",
              "services": "/v1/services", "flows": Path.flows,
              "regions": "/v1/regions",
              "switches": "/v1/switches", "massFailure": Path.massFailure, "events": "/v1/events",
              "eventStream": "/v1/events/stream",
            ]))
      }
    ])
}

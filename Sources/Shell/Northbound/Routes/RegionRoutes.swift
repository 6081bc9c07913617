// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ControlPlane
import Hummingbird
import ServiceModel

func addRegionRoutes(to router: Router<BasicRequestContext>, _ surface: some ControlSurface) {
  router.resource(
    "/v1/regions",
    [
      .get: { _, _ in
        let view = await surface.status()
        return try .json(RegionListResource(regions: view.regions.map { RegionResource($0, in: view) }))
      }
    ])

  router.resource(
    "/v1/regions/:name",
    [
      .get: { _, context in
        let view = await surface.status()
        let name = context.name("name")
        guard let region = view.regions.first(where: { $0.name.text == name }) else {
          throw Problem.unknown("region", name, known: view.regions.map(\.name.text))
        }
        return try .json(RegionResource(region, in: view))
      }
    ])
}

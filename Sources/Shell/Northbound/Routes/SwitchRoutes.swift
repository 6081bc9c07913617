// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import ControlPlane
import Hummingbird
import ServiceModel

func addSwitchRoutes(to router: Router<BasicRequestContext>, _ surface: some ControlSurface) {
  router.resource(
    "/v1/switches",
    [
      .get: { _, _ in
        let view = await surface.status()
        return try .json(SwitchListResource(switches: view.switches.map { SwitchResource($0, in: view) }))
      }
    ])

  // By name, or by datapath: one that is not configured has no name.
  router.resource(
    "/v1/switches/:id",
    [
      .get: { _, context in
        let view = await surface.status()
        let id = context.name("id")
        guard let found = view.switches.first(where: { $0.isCalled(id) }) else {
          throw Problem.unknown(
            "switch", id, known: view.switches.map { $0.name?.text ?? $0.datapath.description })
        }
        return try .json(SwitchResource(found, in: view))
      }
    ])
}

extension SwitchStatus {
  fileprivate func isCalled(_ id: String) -> Bool {
    self.name?.text == id || DatapathID(id) == self.datapath
  }
}

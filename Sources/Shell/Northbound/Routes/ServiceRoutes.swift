// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ControlPlane
import Hummingbird
import ServiceModel

func addServiceRoutes(to router: Router<BasicRequestContext>, _ surface: some ControlSurface) {
  router.resource(
    "/v1/services",
    [
      .get: { _, _ in
        let view = await surface.status()
        return try .json(ServiceListResource(services: view.services.map { ServiceResource($0, in: view) }))
      }
    ])

  router.resource(
    "/v1/services/:name",
    [
      .get: { _, context in
        let view = await surface.status()
        let name = context.name("name")
        guard let service = view.services.first(where: { $0.name.text == name }) else {
          throw unknownService(name, in: view)
        }
        return try .json(ServiceResource(service, in: view))
      }
    ])

  router.resource(
    "/v1/services/:name/failback",
    [
      .post: { _, context in
        let name = context.name("name")
        guard let service = ServiceName(name), await surface.requestFailback(of: service) else {
          throw unknownService(name, in: await surface.status())
        }
        return try .json(
          FailbackResource(
            service: name, accepted: true, links: ["service": Path.service(name), "events": "/v1/events"]),
          status: .accepted)
      }
    ])
}

private func unknownService(_ name: String, in view: StatusView) -> Problem {
  .unknown("service", name, known: view.services.map(\.name.text))
}

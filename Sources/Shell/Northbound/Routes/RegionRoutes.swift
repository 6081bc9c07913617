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
          throw unknownRegion(name, in: view)
        }
        return try .json(RegionResource(region, in: view))
      }
    ])

  router.resource(
    "/v1/regions/:name/drain",
    [
      .post: { request, context in
        let name = context.name("name")
        let query = try DrainQuery(request)
        guard let region = RegionName(name) else { throw unknownRegion(name, in: await surface.status()) }
        switch await surface.drain(region, deadline: query.deadline, isForced: query.isForced) {
        case .begun: return try .json(RegionCommandResource(accepted: name), status: .accepted)
        case .unknownRegion: throw unknownRegion(name, in: await surface.status())
        case .refused(let objection): throw Problem.lastRegion(name, objection)
        }
      }
    ])

  router.resource(
    "/v1/regions/:name/undrain",
    [
      .post: { _, context in
        let name = context.name("name")
        guard let region = RegionName(name), await surface.undrain(region) else {
          throw unknownRegion(name, in: await surface.status())
        }
        return try .json(RegionCommandResource(accepted: name), status: .accepted)
      }
    ])
}

private func unknownRegion(_ name: String, in view: StatusView) -> Problem {
  .unknown("region", name, known: view.regions.map(\.name.text))
}

extension RegionCommandResource {
  fileprivate init(accepted region: String) {
    self.init(region: region, accepted: true, links: ["region": Path.region(region), "events": "/v1/events"])
  }
}

extension Problem {
  fileprivate static func lastRegion(_ region: String, _ objection: DrainObjection) -> Problem {
    let shown = objection.services.prefix(10).map(\.text).joined(separator: ", ")
    let rest = objection.services.count > 10 ? " and \(objection.services.count - 10) more" : ""
    return Problem(
      status: .conflict, code: "last-region",
      detail: "no other region than '\(region)' serves \(shown)\(rest) now; with force=true they get no new connections"
    )
  }
}

/// How a region shall be drained.
private struct DrainQuery {
  static let deadlines = 0...604_800

  var deadline: Duration?
  var isForced = false

  init(_ request: Request) throws(Problem) {
    let query = try request.query(accepting: ["deadline-seconds", "force"])
    if let text = query["deadline-seconds"] {
      guard let seconds = Int(text), Self.deadlines.contains(seconds) else {
        throw .badQuery(
          "deadline-seconds '\(text)' is not a whole number from 0 to \(Self.deadlines.upperBound), a week")
      }
      self.deadline = .seconds(seconds)
    }
    switch query["force"] {
    case nil, "false": break
    case "true": self.isForced = true
    case let text?: throw .badQuery("force '\(text)' is neither true nor false")
    }
  }
}

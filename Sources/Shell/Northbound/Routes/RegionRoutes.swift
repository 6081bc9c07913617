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
        switch await surface.drain(
          region, deadline: query.deadline, isForced: query.isForced, isTrial: query.isTrial)
        {
        case .begun(let losses): return try .answer(name, losses, isTrial: query.isTrial)
        case .unknownRegion: throw unknownRegion(name, in: await surface.status())
        case .refused(let objection): throw Problem.lastRegion(name, objection)
        case .notKept(let detail): throw Problem.notKept(detail)
        }
      }
    ])

  router.resource(
    "/v1/regions/:name/undrain",
    [
      .post: { request, context in
        let name = context.name("name")
        let isTrial = try request.query(accepting: [trialKey]).isTrue(trialKey)
        guard let region = RegionName(name) else { throw unknownRegion(name, in: await surface.status()) }
        switch await surface.undrain(region, isTrial: isTrial) {
        case .begun(let losses): return try .answer(name, losses, isTrial: isTrial)
        case .unknownRegion: throw unknownRegion(name, in: await surface.status())
        case .refused(let objection): throw Problem.lastRegion(name, objection)
        case .notKept(let detail): throw Problem.notKept(detail)
        }
      }
    ])
}

private func unknownRegion(_ name: String, in view: StatusView) -> Problem {
  .unknown("region", name, known: view.regions.map(\.name.text))
}

/// Only says what would come of it.
private let trialKey = "dry-run"

extension Response {
  fileprivate static func answer(_ region: String, _ losses: [ConnectionLoss], isTrial: Bool) throws -> Response {
    try .json(
      RegionCommandResource(
        region: region, accepted: !isTrial, breaks: losses.map(ConnectionLossResource.init),
        links: ["region": Path.region(region), "events": "/v1/events"]), status: isTrial ? .ok : .accepted)
  }
}

extension ConnectionLossResource {
  fileprivate init(_ loss: ConnectionLoss) {
    self.init(
      switch: loss.switch.text, service: loss.service.text, placement: loss.placement.rawValue, moved: loss.moved,
      slots: loss.slots, share: Double(loss.thousandths) / 1000, connections: loss.connections, message: loss.text)
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
  var isForced: Bool
  var isTrial: Bool

  init(_ request: Request) throws(Problem) {
    let query = try request.query(accepting: ["deadline-seconds", "force", trialKey])
    self.isTrial = try query.isTrue(trialKey)
    self.isForced = try query.isTrue("force")
    if let text = query["deadline-seconds"] {
      guard let seconds = Int(text), Self.deadlines.contains(seconds) else {
        throw .badQuery(
          "deadline-seconds '\(text)' is not a whole number from 0 to \(Self.deadlines.upperBound), a week")
      }
      self.deadline = .seconds(seconds)
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel
import Addressing
package import ControlPlane
import ServiceModel

extension StatusResource {
  package init(_ view: StatusView) {
    let services = view.services.map { service in
      let resource = ServiceResource(service, in: view)
      return Line(
        name: resource.name, health: resource.health,
        summary: resource.summary,
        href: Path.service(resource.name))
    }
    let regions = view.regions.map { region in
      Line(
        name: region.name.text, health: view.health(of: region), summary: region.summary,
        href: Path.region(region.name.text))
    }
    let switches = view.switches.map { `switch` in
      let name = `switch`.name?.text ?? `switch`.datapath.description
      return Line(
        name: name, health: view.health(of: `switch`), summary: `switch`.summary, href: Path.switch(name))
    }
    self.init(
      overall: view.overall, version: Product.version,
      counts: Counts(
        services: Count(services.map(\.health)), regions: Count(regions.map(\.health)),
        switches: Count(switches.map(\.health))),
      alarms: view.alarms, services: services, regions: regions, switches: switches)
  }
}

extension ServiceResource {
  /// `203.0.113.10:80 served by a`, `[2001:db8::10]:80 served by a`
  fileprivate var summary: String {
    let ports = self.listeners.map { "\($0.port)" }.joined(separator: ",")
    let who = self.servedBy.isEmpty ? "nobody" : self.servedBy.joined(separator: ", ")
    return "\(self.virtualIP.host):\(ports) served by \(who)"
  }
}

extension RegionStatus {
  /// `agent heard, reached by 2 of 2 switches`
  fileprivate var summary: String {
    let well = self.paths.count { $0.state == .well }
    let state = AgentResource.State(self.agent).rawValue
    let standing = self.standing.map { ", \(AgentResource.Standing($0).inWords)" } ?? ""
    return "agent \(state)\(standing), reached by \(well) of \(self.paths.count) switches"
  }
}

extension SwitchStatus {
  /// `programmed, 12 flows, 4 groups`
  fileprivate var summary: String {
    let state = SwitchResource.State(self.state)
    return state == .disconnected ? state.rawValue : "\(state.rawValue), \(self.flows) flows, \(self.groups) groups"
  }
}

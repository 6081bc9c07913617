// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import FlowPipeline
package import OpenFlow
import OpenFlowText
package import Outbound
package import ServiceModel

/// Ryu's `ofctl_rest`: every message is a POST that is answered before the switch has seen it, and cookies are kept.
package struct RyuDriver: SouthboundDriver {
  private let http: DriverHTTP

  package init(_ http: HTTPOutbound, of foreign: ForeignController) { self.http = DriverHTTP(http, of: foreign) }

  package static func objection(to mod: FlowMod) -> String? {
    do throws(RyuWriter.Unsayable) {
      _ = try RyuWriter.write(mod, on: DatapathID(rawValue: 0))
      return mod.command == .add || mod.command == .deleteStrict
        ? nil : "a FLOW_MOD that is neither add nor delete_strict"
    } catch {
      return error.why
    }
  }

  package func datapaths() async throws(DriverFailure) -> [DatapathID] {
    let path = "/stats/switches"
    let value = try self.http.json(try await self.http.get(path), to: "GET \(path)")
    return value.elements.compactMap { $0.plain.flatMap { wholeNumber($0) }.map { DatapathID(rawValue: $0) } }.sorted()
  }

  /// Ryu does not know who wrote a flow.
  package func entries(of datapath: DatapathID) async throws(DriverFailure) -> FoundFlows {
    try await self.flows(of: datapath, .all)
  }

  package func ports(of datapath: DatapathID) async throws(DriverFailure) -> [PortDescription]? {
    let path = "/stats/portdesc/\(datapath.rawValue)"
    let answer = try await self.http.get(path)
    if answer.status == 404 { return nil }
    let ports = try self.http.json(answer, to: "GET \(path)")["\(datapath.rawValue)"]?.elements ?? []
    // Every switch has one port, its own: an empty list is all that Ryu says when a switch does not answer in a second.
    return ports.isEmpty ? nil : ports.compactMap(RyuReader.port)
  }

  package func flows(of datapath: DatapathID, _ scope: FlowScope) async throws(DriverFailure) -> FoundFlows {
    switch scope {
    case .all: return try await self.flows(of: datapath, cookie: 0, mask: 0)
    case .ours(let entries):
      var found = try await self.flows(of: datapath, cookie: Cookie.base.rawValue & Cookie.mask, mask: Cookie.mask)
      guard entries else { return found }
      let more = try await self.flows(of: datapath, cookie: EntryCookie.base, mask: EntryCookie.mask)
      found.flows += more.flows
      found.others += more.others
      return found
    }
  }

  private func flows(
    of datapath: DatapathID, cookie: UInt64, mask: UInt64
  ) async throws(DriverFailure) -> FoundFlows {
    let filter = JSONValue.object([.init("cookie", .integer(cookie)), .init("cookie_mask", .integer(mask))])
    let items = try await self.statistics("flow", filter, of: datapath)
    // Ryu tells what came within a second, and does not say if that is all.
    let counts = try await self.statistics("aggregateflow", filter, of: datapath)
    guard let count: Int = counts.first?.integer("flow_count"), count == items.count else {
      throw .noSwitch("the switch \(datapath) did not tell Ryu all its flows in time")
    }
    var found = FoundFlows()
    for item in items {
      do throws(RyuReader.Unreadable) {
        found.flows.append(FoundFlows.NamedFlow(flow: try RyuReader.flow(item)))
      } catch {
        found.others.append(FoundFlows.Other(what: item.text, why: error.why))
      }
    }
    return found
  }

  private func statistics(
    _ kind: String, _ filter: JSONValue, of datapath: DatapathID
  ) async throws(DriverFailure) -> [JSONValue] {
    let path = "/stats/\(kind)/\(datapath.rawValue)"
    let answer = try await self.http.post(path, filter)
    if answer.status == 404 { throw .noSwitch("Ryu does not have the switch \(datapath)") }
    return try self.http.json(answer, to: "POST \(path)")["\(datapath.rawValue)"]?.elements ?? []
  }

  package func perform(_ mods: [FlowMod], on datapath: DatapathID) async throws(DriverFailure) {
    try await self.http.forEach(mods) { (mod) async throws(DriverFailure) in
      let body: JSONValue
      do throws(RyuWriter.Unsayable) {
        body = try RyuWriter.write(mod, on: datapath)
      } catch {
        throw .refused(error.why)
      }
      let command = mod.command == .add ? "add" : "delete_strict"
      let answer = try await self.http.post("/stats/flowentry/\(command)", body)
      switch answer.status {
      case 200: return
      case 404: throw .noSwitch("Ryu does not have the switch \(datapath)")
      default: throw .refused("Ryu answered a FLOW_MOD with status \(answer.status)")
      }
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import FlowPipeline
package import OpenFlow
import OpenFlowText
package import Outbound
package import ServiceModel

/// Floodlight's static entry pusher. It answers before the switch has seen anything, whatever becomes of it; what the
/// switch holds is read by its statistics, and whose it is by the names in its list.
package struct FloodlightDriver: SouthboundDriver {
  private let http: DriverHTTP

  package init(_ http: HTTPOutbound, of foreign: ForeignController) { self.http = DriverHTTP(http, of: foreign) }

  private static let pusher = "/wm/staticentrypusher"

  package static func objection(to mod: FlowMod) -> String? {
    guard mod.command == .add || mod.command == .deleteStrict else {
      return "a FLOW_MOD that is neither add nor delete_strict"
    }
    do throws(FloodlightText.Problem) {
      _ = try FloodlightText.write(mod, named: "", on: DatapathID(rawValue: 0))
      return nil
    } catch {
      return error.why
    }
  }

  package func datapaths() async throws(DriverFailure) -> [DatapathID] {
    let path = "/wm/core/controller/switches/json"
    let value = try self.http.json(try await self.http.get(path), to: "GET \(path)")
    return value.elements.compactMap { $0["switchDPID"]?.plain.flatMap { DatapathID($0) } }.sorted()
  }

  /// The entries of its pusher, in the tables where the switch has them.
  package func entries(of datapath: DatapathID) async throws(DriverFailure) -> FoundFlows {
    var found = try await self.flows(of: datapath, .all)
    found.flows.removeAll { $0.name == nil }
    let held = Set(found.flows.compactMap(\.name) + found.others.map(\.what))
    for name in try await self.names(on: datapath).values.sorted() where !held.contains(name) {
      found.others.append(
        FoundFlows.Other(what: "'\(name)' on \(datapath)", why: "it is a group, or no flow that the switch has"))
    }
    return found
  }

  package func ports(of datapath: DatapathID) async throws(DriverFailure) -> [PortDescription]? {
    let path = "/wm/core/switch/\(datapath)/port-desc/json"
    let value = try self.http.json(try await self.http.get(path), to: "GET \(path)")
    // Of a switch that it does not have, Floodlight says in words that something went wrong.
    return value["port_desc"]?.elements.compactMap(FloodlightText.port)
  }

  package func flows(of datapath: DatapathID, _ scope: FlowScope) async throws(DriverFailure) -> FoundFlows {
    let path = "/wm/core/switch/\(datapath)/flow/json"
    let value = try self.http.json(try await self.http.get(path), to: "GET \(path)")
    guard let items = value["flows"]?.elements else {
      throw .noSwitch("Floodlight does not have the switch \(datapath), or it does not answer")
    }
    let names = try await self.names(on: datapath)
    var found = FoundFlows()
    for item in items {
      // Entries have Floodlight's application number, 10, in the top bits, and their names' number in the last 32.
      let cookie: UInt64? = item.integer("cookie")
      let name = cookie.flatMap { $0 >> 52 == 10 ? names[UInt32(truncatingIfNeeded: $0)] : nil }
      guard let ours = name.flatMap({ FlowName($0) }) else {
        if scope == .all { self.add(item, named: name, to: &found) }
        continue
      }
      do throws(FloodlightText.Problem) {
        var flow = try FloodlightText.flow(item)
        flow.cookie = ours.cookie
        found.flows.append(FoundFlows.NamedFlow(name: name, flow: flow))
      } catch {
        found.others.append(FoundFlows.Other(what: item.text, why: error.why))
      }
    }
    return found
  }

  private func add(_ item: JSONValue, named name: String?, to found: inout FoundFlows) {
    do throws(FloodlightText.Problem) {
      found.flows.append(FoundFlows.NamedFlow(name: name, flow: try FloodlightText.flow(item)))
    } catch {
      found.others.append(FoundFlows.Other(what: name ?? item.text, why: error.why))
    }
  }

  /// The entries of a switch, by the number that their cookies end in.
  private func names(on datapath: DatapathID) async throws(DriverFailure) -> [UInt32: String] {
    let path = "\(Self.pusher)/list/\(datapath)/json"
    let value = try self.http.json(try await self.http.get(path), to: "GET \(path)")
    var names: [UInt32: String] = [:]
    for list in value.members {
      for entry in list.value.elements {
        for member in entry.members { names[EntryCookie.number(of: member.key)] = member.key }
      }
    }
    return names
  }

  package func perform(_ mods: [FlowMod], on datapath: DatapathID) async throws(DriverFailure) {
    var known: [UInt64: FlowName] = [:]
    for name in try await self.names(on: datapath).values {
      if let name = FlowName(name) { known[name.key] = name }
    }
    let held = known
    try await self.http.forEach(mods) { (mod) async throws(DriverFailure) in
      let name = FlowName(mod)
      let before = held[name.key]
      if mod.command == .deleteStrict {
        if let before { try await self.delete(before) }
        return
      }
      // Another cookie is another name: the entry of the old one would take the flow with it when it goes, so it goes
      // first.
      if let before, before != name { try await self.delete(before) }
      try await self.push(mod, name, on: datapath)
    }
  }

  private func push(_ mod: FlowMod, _ name: FlowName, on datapath: DatapathID) async throws(DriverFailure) {
    let body: JSONValue
    do throws(FloodlightText.Problem) {
      body = try FloodlightText.write(mod, named: name.text, on: datapath)
    } catch {
      throw .refused(error.why)
    }
    let path = "\(Self.pusher)/json"
    let status = try self.http.json(try await self.http.post(path, body), to: "POST \(path)")["status"]?.plain
    guard status == "Entry pushed" else { throw .refused("Floodlight answered '\(status ?? "nothing")'") }
  }

  private func delete(_ name: FlowName) async throws(DriverFailure) {
    let path = "\(Self.pusher)/json"
    let body = JSONValue.object([.init("name", .string(name.text))])
    let status = try self.http.json(try await self.http.delete(path, body), to: "DELETE \(path)")["status"]?.plain
    guard status == "Entry \(name.text) deleted" else {
      throw .refused("Floodlight answered '\(status ?? "nothing")'")
    }
  }
}

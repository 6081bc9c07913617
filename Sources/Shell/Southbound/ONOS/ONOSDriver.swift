// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import FlowPipeline
package import OpenFlow
import OpenFlowText
package import Outbound
package import ServiceModel

/// ONOS's REST API, by its documentation and the sources of its codecs: it was tried on a stand-in only.
///
/// Its flows have no cookies of ours, but the name of the application that wrote them, so the name says the cookie.
/// ONOS writes flows again that the switch has lost, by itself.
package struct ONOSDriver: SouthboundDriver {
  private let http: DriverHTTP

  package init(_ http: HTTPOutbound, of foreign: ForeignController) { self.http = DriverHTTP(http, of: foreign) }

  private static let root = "/onos/v1"

  package static func objection(to mod: FlowMod) -> String? {
    guard mod.command == .add || mod.command == .deleteStrict else {
      return "a FLOW_MOD that is neither add nor delete_strict"
    }
    if ONOSStandIns.Host(mod) != nil { return nil }
    // There are 65,535 applications, and no entry is worth one.
    if EntryCookie.isOurs(mod.cookie) { return "an entry of an operator, which would need an application of its own" }
    do throws(ONOSWriter.Unsayable) {
      _ = try ONOSWriter.write(ONOSStandIns.flatten(mod), on: "", application: "")
      return nil
    } catch {
      return error.why
    }
  }

  package func datapaths() async throws(DriverFailure) -> [DatapathID] {
    let value = try await self.json("/devices")
    return (value?["devices"]?.elements ?? []).filter { $0["available"]?.plain == "true" }
      .compactMap { $0["id"]?.plain.flatMap(Self.datapath) }.sorted()
  }

  package func entries(of datapath: DatapathID) async throws(DriverFailure) -> FoundFlows {
    try await self.flows(of: datapath, .all)
  }

  package func ports(of datapath: DatapathID) async throws(DriverFailure) -> [PortDescription]? {
    guard let device = try await self.json("/devices/\(Self.device(datapath))"), device["available"]?.plain == "true",
      let ports = try await self.json("/devices/\(Self.device(datapath))/ports")
    else { return nil }
    return (ports["ports"]?.elements ?? []).compactMap(ONOSReader.port)
  }

  // MARK: Flows

  package func flows(of datapath: DatapathID, _ scope: FlowScope) async throws(DriverFailure) -> FoundFlows {
    var found = FoundFlows()
    for item in try await self.held(by: datapath) {
      let cookie = item["appId"]?.plain.flatMap(Self.cookie)
      guard cookie != nil || scope == .all else { continue }
      do throws(ONOSReader.Unreadable) {
        var flow = try ONOSReader.flow(item)
        if let cookie {
          flow.cookie = cookie
          flow = ONOSStandIns.restore(flow)
        }
        found.flows.append(FoundFlows.NamedFlow(flow: flow))
      } catch {
        found.others.append(FoundFlows.Other(what: item.text, why: error.why))
      }
    }
    for host in try await self.hosts(of: datapath) { found.flows.append(FoundFlows.NamedFlow(flow: host.flow)) }
    return found
  }

  /// What the switch has: ONOS tells of what it has yet to send, too.
  private func held(by datapath: DatapathID) async throws(DriverFailure) -> [JSONValue] {
    guard let value = try await self.json("/flows/\(Self.device(datapath))") else {
      // ONOS says the same of a switch without flows.
      guard try await self.json("/devices/\(Self.device(datapath))") != nil else {
        throw .noSwitch("ONOS does not have the switch \(datapath)")
      }
      return []
    }
    return (value["flows"]?.elements ?? []).filter {
      ["ADDED", "PENDING_REMOVE"].contains($0["state"]?.plain ?? "ADDED")
    }
  }

  private func hosts(of datapath: DatapathID) async throws(DriverFailure) -> [ONOSStandIns.Host] {
    let device = Self.device(datapath)
    return (try await self.json("/hosts")?["hosts"]?.elements ?? []).flatMap {
      ONOSStandIns.Host.read($0, of: device)
    }
  }

  package func perform(_ mods: [FlowMod], on datapath: DatapathID) async throws(DriverFailure) {
    let device = Self.device(datapath)
    let held = try await self.ids(of: datapath)
    var (writes, outdated): ([JSONValue], [String]) = ([], [])
    for mod in mods {
      if let host = ONOSStandIns.Host(mod) {
        try await self.change(host, by: mod, on: datapath)
        continue
      }
      let flat = ONOSStandIns.flatten(mod)
      let same = held[DatapathProgram.FlowKey(table: flat.tableID, priority: flat.priority, match: flat.match)] ?? []
      // Another cookie is another application, and to ONOS another flow: it would delete the new one with the old.
      outdated += same.filter { mod.command == .deleteStrict || $0.cookie != mod.cookie }.map(\.id)
      guard mod.command == .add else { continue }
      do throws(ONOSWriter.Unsayable) {
        writes.append(try ONOSWriter.write(flat, on: device, application: Self.application(mod.cookie)))
      } catch {
        throw .refused(error.why)
      }
    }
    if !outdated.isEmpty {
      try await self.request("DELETE /flows", expecting: 204) { () async throws(DriverFailure) in
        try await self.http.delete(
          Self.root + "/flows",
          Self.list(
            outdated.map { .object([.init("deviceId", .string(device)), .init("flowId", .string($0))]) }))
      }
    }
    if !writes.isEmpty {
      let body = Self.list(writes)
      try await self.request("POST /flows", expecting: 200) { () async throws(DriverFailure) in
        try await self.http.post(Self.root + "/flows", body)
      }
    }
  }

  private static func list(_ flows: [JSONValue]) -> JSONValue { .object([.init("flows", .array(flows))]) }

  /// Ours, by what makes each a flow.
  private func ids(
    of datapath: DatapathID
  ) async throws(DriverFailure) -> [DatapathProgram.FlowKey: [(id: String, cookie: UInt64)]] {
    var ids: [DatapathProgram.FlowKey: [(id: String, cookie: UInt64)]] = [:]
    for item in try await self.held(by: datapath) {
      guard let cookie = item["appId"]?.plain.flatMap(Self.cookie), let id = item["id"]?.plain,
        let flow = try? ONOSReader.flow(item)
      else { continue }
      ids[DatapathProgram.FlowKey(table: flow.tableID, priority: flow.priority, match: flow.match), default: []]
        .append((id, cookie))
    }
    return ids
  }

  // MARK: Hosts

  private func change(
    _ host: ONOSStandIns.Host, by mod: FlowMod, on datapath: DatapathID
  ) async throws(DriverFailure) {
    let known = try await self.hosts(of: datapath).filter { $0.address == host.address }
    for other in known where mod.command == .deleteStrict || other.mac != host.mac {
      let path = "/hosts/\(other.mac)/None"
      try await self.request("DELETE \(path)", expecting: 204) { () async throws(DriverFailure) in
        try await self.http.delete(Self.root + path, nil)
      }
    }
    guard mod.command == .add, !known.contains(host) else { return }
    guard let port = try await self.ports(of: datapath)?.first else {
      throw .noSwitch("ONOS does not have the switch \(datapath), or no port of it")
    }
    let body = host.json(at: (Self.device(datapath), ONOSWords.text(of: port.number)))
    try await self.request("POST /hosts", expecting: 201) { () async throws(DriverFailure) in
      try await self.http.post(Self.root + "/hosts", body)
    }
  }

  // MARK: Names

  package static func device(_ datapath: DatapathID) -> String {
    "of:\(datapath.description.filter { $0 != ":" })"
  }

  private static func datapath(_ device: String) -> DatapathID? {
    guard device.hasPrefix("of:"), device.utf8.count == 19 else { return nil }
    return UInt64(device.dropFirst(3), radix: 16).map { DatapathID(rawValue: $0) }
  }

  private static let prefix = "isthmus."

  package static func application(_ cookie: UInt64) -> String { self.prefix + String(cookie, radix: 16) }

  private static func cookie(_ application: String) -> UInt64? {
    guard application.hasPrefix(self.prefix) else { return nil }
    return UInt64(application.dropFirst(self.prefix.utf8.count), radix: 16)
  }

  // MARK: Requests

  /// Nil: ONOS says that there is no such thing.
  private func json(_ path: String) async throws(DriverFailure) -> JSONValue? {
    let answer = try await self.http.get(Self.root + path)
    return answer.status == 404 ? nil : try self.http.json(answer, to: "GET \(Self.root)\(path)")
  }

  private func request(
    _ what: String, expecting status: Int, _ ask: () async throws(DriverFailure) -> HTTPAnswer
  ) async throws(DriverFailure) {
    let answer = try await ask()
    guard answer.status != status else { return }
    let said = (try? JSONScanner.scan(answer.body))?["message"]?.plain
    throw .refused("ONOS answered '\(what)' with status \(answer.status)\(said.map { ": \($0)" } ?? "")")
  }
}

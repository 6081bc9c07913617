// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import NIOHTTP1
import OpenFlow
import OpenFlowText

/// Floodlight's REST API, as far as scripts use it.
struct FloodlightService: Sendable {
  let surface: any FloodlightSurface
  /// Nil: whoever reaches the port may do everything.
  let token: String?
  /// When the controller was started: milliseconds since 1970.
  let started: Int64
  let facts: @Sendable () -> ProcessFacts

  struct ProcessFacts: Sendable, Equatable {
    /// Bytes.
    var total: UInt64
    var free: UInt64
    /// Milliseconds since 1970.
    var now: Int64
    var version: String
  }

  /// Whether the request may do what it asks for.
  func admits(_ request: FloodlightRequest) -> Bool {
    if let token = self.token { return request.token.map { isEqual($0, token) } ?? false }
    // A page in somebody's browser has no business here, unless it was told the token.
    return !request.isFromPage || request.method == .GET && !request.path.contains("clear")
  }

  func answer(_ request: FloodlightRequest) async -> FloodlightReply {
    guard self.admits(request) else {
      return .failure(
        self.token == nil ? .forbidden : .unauthorized,
        self.token == nil
          ? "Changes from web pages are refused unless a token is configured" : "The request requires a token")
    }
    if request.method == .OPTIONS { return FloodlightReply("") }
    guard let route = Route(request) else { return .failure(.notFound, Self.notFound) }
    guard route.methods.contains(request.method) else {
      return .failure(
        .methodNotAllowed,
        "The method specified in the request is not allowed for the resource identified by the request URI")
    }
    return await self.answer(route)
  }

  static let notFound = "The server has not found anything matching the request URI"

  private func answer(_ route: Route) async -> FloodlightReply {
    switch route {
    case .list(let which): return await self.list(which)
    case .clear(let which): return await self.clear(which)
    case .entry, .usage: return .failure(.notFound, Self.notFound)
    case .switches:
      let switches = await self.surface.switches().map { known in
        JSONValue.object([
          named("inetAddress", "/\(known.peer)"), .init("connectedSince", .integer(known.connectedSince)),
          named("openFlowVersion", known.version.floodlightName), named("switchDPID", known.datapath.description),
        ])
      }
      return FloodlightReply(JSONValue.array(switches).text)
    case .summary:
      return object([
        .init("# Switches", .integer(await self.surface.switches().count)), .init("# inter-switch links", .integer(0)),
        .init("# quarantine ports", .integer(0)), .init("# hosts", .integer(0)),
      ])
    case .health: return object([.init("healthy", .bool(true))])
    case .memory:
      let facts = self.facts()
      return object([.init("total", .integer(facts.total)), .init("free", .integer(facts.free))])
    case .uptime: return object([.init("systemUptimeMsec", .integer(max(0, self.facts().now - self.started)))])
    case .version: return object([named("name", "isthmus"), named("version", self.facts().version)])
    case .role:
      return object([
        named("role_change_description", "Controller startup."),
        named("role", await self.surface.leads() ? "ACTIVE" : "STANDBY"),
        named("role_change_date_time", javaDate(milliseconds: self.started)),
      ])
    case .switchRole(let which):
      let switches = await self.surface.switches().filter { which == "all" || DatapathID(which) == $0.datapath }
      return object(switches.map { named($0.datapath.description, $0.isMaster ? "MASTER" : "SLAVE") })
    case .statistics(let which, let kind): return await self.statistics(which, kind)
    case .links: return FloodlightReply("[]")
    case .devices: return object([.init("devices", .array([]))])
    }
  }
}

func object(_ members: [JSONValue.Member]) -> FloodlightReply { FloodlightReply(JSONValue.object(members).text) }

/// In a time that does not tell how much of it is right.
private func isEqual(_ a: String, _ b: String) -> Bool {
  let (a, b) = (Array(a.utf8), Array(b.utf8))
  var difference = UInt8(a.count == b.count ? 0 : 1)
  for (index, byte) in a.enumerated() { difference |= byte ^ (b.isEmpty ? 0 : b[index % b.count]) }
  return difference == 0
}

/// `Sun Nov 22 08:56:04 UTC 2026`, as Java prints a date.
func javaDate(milliseconds: Int64) -> String {
  let seconds = milliseconds.quotientAndRemainder(dividingBy: 1000).quotient
  let (days, rest) = (seconds / 86_400, seconds % 86_400)
  // Civil from days (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  let shifted = days + 719_468
  let era = shifted / 146_097
  let dayOfEra = shifted - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
  let time = "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
  return "\(weekdays[Int(days % 7)]) \(months[Int(month - 1)]) \(two(day)) \(time) UTC \(year)"
}

/// What there is under `/wm`.
enum Route: Equatable {
  case entry, usage, list(String), clear(String)
  case switches, summary, health, memory, uptime, version, role, switchRole(String)
  case statistics(String, String)
  case links, devices

  var methods: [HTTPMethod] { self == .entry ? [.POST, .DELETE] : [.GET, .HEAD] }

  init?(_ request: FloodlightRequest) {
    let path = request.path
    guard path.first == "wm", path.count > 1 else { return nil }
    let rest = Array(path.dropFirst(2))
    switch path[1] {
    case let base where FloodlightService.bases.contains(base):
      guard !request.hasSlash else { return nil }
      switch (rest.count, rest.first) {
      case (1, "json"): self = .entry
      case (2, "json") where rest[1] == "store" || rest[1] == "delete": self = .entry
      case (3, "list") where rest[2] == "json": self = .list(rest[1])
      case (3, "clear") where rest[2] == "json": self = .clear(rest[1])
      default: return nil
      }
    case "core": self.init(core: rest)
    case "topology":
      let empty = [
        "links", "directed-links", "external-links", "tunnellinks", "archipelagos", "broadcastports", "enabledports",
        "blockedports",
      ]
      guard rest.count == 2, empty.contains(rest[0]), rest[1] == "json" else { return nil }
      self = .links
    case "device":
      guard rest.isEmpty || rest == ["all", "json"] else { return nil }
      self = .devices
    default: return nil
    }
  }

  private init?(core path: [String]) {
    switch path {
    case ["controller", "switches", "json"]: self = .switches
    case ["controller", "summary", "json"]: self = .summary
    case ["health", "json"]: self = .health
    case ["memory", "json"]: self = .memory
    case ["system", "uptime", "json"]: self = .uptime
    case ["version", "json"]: self = .version
    case ["role", "json"]: self = .role
    case _ where path.count == 4 && path[0] == "switch" && path[3] == "json":
      self = path[2] == "role" ? .switchRole(path[1]) : .statistics(path[1], path[2])
    default: return nil
    }
  }
}

extension FloodlightReply {
  /// Restlet's own answers.
  static func failure(_ status: HTTPResponseStatus, _ description: String) -> FloodlightReply {
    let section = ["401": "4.2", "400": "4.1", "403": "4.4", "404": "4.5", "405": "4.6", "413": "4.14"]
    let code = "\(status.code)"
    let isServer = status.code >= 500
    let members: [JSONValue.Member] = [
      .init("code", .integer(status.code)), named("description", description),
      named("reasonPhrase", status.reasonPhrase), .init("throwable", .null),
      named("uri", "http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.\(section[code] ?? "4")"),
      .init("globalError", .bool(false)), .init("redirection", .bool(false)), .init("recoverableError", .bool(false)),
      .init("error", .bool(true)), .init("success", .bool(false)), .init("informational", .bool(false)),
      .init("serverError", .bool(isServer)), .init("connectorError", .bool(false)),
      .init("clientError", .bool(!isServer)),
    ]
    return FloodlightReply(JSONValue.object(members).text, status: status)
  }

  static let tooLarge = FloodlightReply.failure(
    .payloadTooLarge, "The body has more than \(FloodlightConnection.bodyLimit) bytes")
}

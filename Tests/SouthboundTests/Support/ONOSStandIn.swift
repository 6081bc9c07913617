// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import OpenFlowText
import Synchronization

/// In ONOS's place, which could not be had: what the documentation of its REST API and the sources of its codecs say
/// that it does, with one switch that takes everything.
///
/// What ONOS's way of keeping flows asks of a driver is here: to it, flows of two applications about the same packets
/// are two, and to the switch they are one.
final class ONOSStandIn: Sendable {
  static let device = "of:00000000000000b1"
  static let login = (user: "onos", password: "rocks")

  private struct Rule {
    var id: String
    var json: JSONValue
    var state = "ADDED"

    var application: String { self.json["appId"]?.text ?? "" }
    /// What makes it a flow of the switch.
    var place: String { Self.place(self.json) }

    static func place(_ json: JSONValue) -> String {
      guard case .array(let criteria)? = json["selector"]?["criteria"] else { return "" }
      return "\(json["tableId"]?.text ?? "") \(json["priority"]?.text ?? "") \(criteria.map(\.text).sorted())"
    }
  }

  private struct State {
    var rules: [Rule] = []
    var hosts: [JSONValue] = []
    var last = 100
  }

  private let state = Mutex(State())

  init() {
    // What ONOS's own applications have.
    self.apply(
      [
        try? JSONScanner.scan(
          Array(
            #"{"deviceId":"\#(Self.device)","appId":"org.onosproject.core","tableId":0,"priority":40000,"isPermanent":true,"#
              .utf8)
            + Array(
              (#""timeout":0,"treatment":{"instructions":[{"type":"OUTPUT","port":"CONTROLLER"}],"deferred":[]},"#
                + #""selector":{"criteria":[{"type":"ETH_TYPE","ethType":"0x806"}]}}"#).utf8))
      ].compactMap { $0 })
  }

  /// Runs `body` with its address: `http://127.0.0.1:PORT`
  static func with<Result: Sendable>(
    _ body: @escaping @Sendable (String) async throws -> Result
  ) async throws -> Result {
    let standIn = ONOSStandIn()
    let (ports, ready) = AsyncStream.makeStream(of: Int.self)
    var logger = Logger(label: "onos")
    logger.logLevel = .critical
    let application = Application(
      router: standIn.router(), configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in
        ready.yield(channel.localAddress?.port ?? 0)
        ready.finish()
      }, logger: logger)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await application.run() }
      var url = ""
      for await port in ports { url = "http://127.0.0.1:\(port)" }
      let result = try await body(url)
      group.cancelAll()
      return result
    }
  }

  // MARK: Requests

  private func router() -> Router<BasicRequestContext> {
    let router = Router()
    router.add(middleware: Password())
    let api = router.group("onos/v1")
    api.get("devices") { _, _ in Self.answer(.object([.init("devices", .array([Self.deviceJSON]))])) }
    api.get("devices/:device") { _, context in
      Self.has(context) ? Self.answer(Self.deviceJSON) : Self.missing("Device is not found")
    }
    api.get("devices/:device/ports") { _, context in
      Self.has(context) ? Self.answer(Self.portsJSON) : Self.missing("Device is not found")
    }
    api.get("flows/:device") { _, context in
      let flows = Self.has(context) ? self.state.withLock { $0.rules.map(Self.told) } : []
      return flows.isEmpty
        ? Self.missing("Device is not found") : Self.answer(.object([.init("flows", .array(flows))]))
    }
    api.post("flows") { request, _ in
      let ids = self.apply(try await Self.flows(request)).map {
        JSONValue.object([.init("deviceId", .string(Self.device)), .init("flowId", .string($0))])
      }
      return Self.answer(.object([.init("flows", .array(ids))]))
    }
    api.delete("flows") { request, _ in
      self.remove(try await Self.flows(request).compactMap { $0["flowId"]?.string })
      return Response(status: .noContent)
    }
    api.get("hosts") { _, _ in
      Self.answer(.object([.init("hosts", .array(self.state.withLock { $0.hosts }))]))
    }
    api.post("hosts") { request, _ in
      self.add(try await Self.body(request))
      return Response(status: .created)
    }
    api.delete("hosts/:mac/:vlan") { _, context in
      let mac = context.parameters.get("mac")?.uppercased()
      self.state.withLock { $0.hosts.removeAll { $0["mac"]?.string == mac } }
      return Response(status: .noContent)
    }
    return router
  }

  private struct Password: RouterMiddleware {
    @concurrent
    func handle(
      _ request: Request, context: BasicRequestContext,
      next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
      // onos:rocks
      guard request.headers[.authorization] == "Basic b25vczpyb2Nrcw==" else { return Response(status: .unauthorized) }
      return try await next(request, context)
    }
  }

  private static func has(_ context: BasicRequestContext) -> Bool { context.parameters.get("device") == self.device }

  private static func body(_ request: Request) async throws -> JSONValue {
    let body = try await request.body.collect(upTo: 1 << 20)
    return try JSONScanner.scan(Array(body.readableBytesView))
  }

  private static func flows(_ request: Request) async throws -> [JSONValue] {
    guard case .array(let flows)? = try await self.body(request)["flows"] else { return [] }
    return flows
  }

  private static func answer(_ value: JSONValue) -> Response {
    Response(
      status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: value.text)))
  }

  private static func missing(_ what: String) -> Response {
    Response(
      status: .notFound, headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(string: #"{"code":404,"message":"\#(what)"}"#)))
  }

  // MARK: What it does

  @discardableResult
  private func apply(_ flows: [JSONValue]) -> [String] {
    self.state.withLock { state in
      flows.map { json in
        let place = Rule.place(json)
        // The switch has what was written last.
        for index in state.rules.indices where state.rules[index].place == place {
          state.rules[index].state = "PENDING_ADD"
        }
        if let known = state.rules.firstIndex(where: { $0.place == place && $0.application == json["appId"]?.text }) {
          state.rules[known].json = json
          state.rules[known].state = "ADDED"
          return state.rules[known].id
        }
        state.last += 1
        state.rules.append(Rule(id: "\(state.last)", json: json))
        return "\(state.last)"
      }
    }
  }

  private func remove(_ ids: [String]) {
    self.state.withLock { state in
      for id in ids {
        guard let index = state.rules.firstIndex(where: { $0.id == id }) else { continue }
        let place = state.rules.remove(at: index).place
        // It goes from the switch, whoever has written it there.
        for index in state.rules.indices where state.rules[index].place == place {
          state.rules[index].state = "PENDING_ADD"
        }
      }
    }
  }

  private func add(_ host: JSONValue) {
    let known = ["mac", "vlan", "location", "locations", "ipAddresses"]
    guard case .object(let members) = host else { return }
    let mac = host["mac"]?.string?.uppercased() ?? ""
    let told = JSONValue.object([
      .init("id", .string("\(mac)/None")), .init("mac", .string(mac)), .init("vlan", .string("None")),
      .init("configured", .bool(true)), .init("ipAddresses", host["ipAddresses"] ?? .array([])),
      .init("locations", host["locations"] ?? .array([])),
      .init("annotations", .object(members.filter { !known.contains($0.key) })),
    ])
    self.state.withLock {
      $0.hosts.removeAll { $0["mac"]?.string == mac }
      $0.hosts.append(told)
    }
  }

  /// As `FlowEntryCodec` tells it: criteria in its own order, ports as numbers.
  private static func told(_ rule: Rule) -> JSONValue {
    guard case .object(var members) = rule.json else { return .null }
    for index in members.indices where members[index].key == "selector" {
      guard case .array(let criteria)? = members[index].value["criteria"] else { continue }
      members[index].value = .object([.init("criteria", .array(criteria.reversed()))])
    }
    return .object(
      [.init("id", .string(rule.id)), .init("groupId", .integer(0)), .init("state", .string(rule.state))] + members)
  }

  private static let deviceJSON = JSONValue.object([
    .init("id", .string(device)), .init("type", .string("SWITCH")), .init("available", .bool(true)),
    .init("role", .string("MASTER")),
  ])

  private static let portsJSON = JSONValue.object([
    .init("id", .string(device)),
    .init(
      "ports",
      .array(
        [("local", "br0"), ("1", "veth1"), ("2", "veth2")].map { number, name in
          .object([
            .init("element", .string(device)), .init("port", .string(number)), .init("isEnabled", .bool(true)),
            .init("annotations", .object([.init("portName", .string(name))])),
          ])
        })),
  ])
}

extension JSONValue {
  fileprivate var string: String? { if case .string(let text) = self { text } else { nil } }
}

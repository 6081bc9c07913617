// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Outbound
import Synchronization

/// Calls to the services of one region of a cloud.
final class OpenStackAPI: Sendable {
  enum Service: Sendable {
    case network, compute

    var types: [String] {
      switch self {
      case .network: ["network"]
      case .compute: ["compute"]
      }
    }

    /// Neutron's address in the catalogue has no version, Nova's has.
    var prefix: String { self == .network ? "/v2.0" : "" }

    /// 2.26 is the first with tags of servers (Newton, 2016).
    var headers: [(name: String, value: String)] {
      self == .compute ? [("X-OpenStack-Nova-API-Version", "2.26"), ("OpenStack-API-Version", "compute 2.26")] : []
    }
  }

  let access: CloudAccess
  private let http: CloudHTTP
  private let session: KeystoneSession
  private let count = Atomic(0)

  init(_ access: CloudAccess, _ outbound: HTTPOutbound) {
    self.access = access
    self.http = CloudHTTP(outbound: outbound, cloud: access.title)
    self.session = KeystoneSession(access, self.http)
  }

  /// How many calls were made, those to Keystone not among them.
  var calls: Int { self.count.load(ordering: .relaxed) }

  /// Whether the region has a service.
  func has(_ service: Service) async throws(CloudError) -> Bool {
    let token = try await self.session.current()
    return
      (try? token.catalogue.endpoint(
        service.types, region: self.access.region, interface: self.access.interface
      ).get()) != nil
  }

  /// All items of a collection, page by page.
  ///
  /// - Parameter query: names and values; a name may be there several times, and then one of its values has to fit.
  func list<Item: Decodable>(
    _ service: Service, _ path: String, _ key: String, _ query: [(String, String)] = [], of type: Item.Type = Item.self
  ) async throws(CloudError) -> [Item] {
    var items: [Item] = []
    var next: String? = try await self.url(service, path, query)
    while let url = next {
      let call = CloudHTTP.Call("GET", url)
      let page = try self.http.decode(Page<Item>.self, from: try await self.send(service, call, nil), to: call)
      items += page.items(key)
      let link = page.next(key)
      // One that leads where we are would lead there for ever.
      next = link == url || page.items(key).isEmpty ? nil : link
    }
    return items
  }

  /// - Returns: the answer's body; empty where there is none.
  @discardableResult
  func send(
    _ service: Service, _ method: String, _ path: String, body: (some Encodable & Sendable)?, mayRepeat: Bool
  ) async throws(CloudError) -> HTTPAnswer {
    let call = CloudHTTP.Call(method, try await self.url(service, path, []))
    let data = body.flatMap { try? JSONEncoder().encode($0) }
    return try await self.send(service, call, data, mayRepeat: mayRepeat)
  }

  func decode<Value: Decodable>(_ type: Value.Type, from answer: HTTPAnswer, to path: String) throws(CloudError)
    -> Value
  {
    try self.http.decode(type, from: answer, to: CloudHTTP.Call("answer to", path))
  }

  private func send(
    _ service: Service, _ call: CloudHTTP.Call, _ body: Data?, mayRepeat: Bool = true
  ) async throws(CloudError) -> HTTPAnswer {
    var refused: String?
    while true {
      let token = try await self.session.current(refused: refused)
      self.count.add(1, ordering: .relaxed)
      let answer = try await self.http.send(
        call, body: body, headers: service.headers + [("X-Auth-Token", token.text)], mayRepeat: mayRepeat)
      if answer.status == 401, refused == nil {
        refused = token.text
        continue
      }
      guard (200..<300).contains(answer.status) else { throw self.http.failure(answer, to: call) }
      return answer
    }
  }

  private func url(
    _ service: Service, _ path: String, _ query: [(String, String)]
  ) async throws(CloudError) -> String {
    let token = try await self.session.current()
    let base: String
    switch token.catalogue.endpoint(service.types, region: self.access.region, interface: self.access.interface) {
    case .success(let url): base = url
    case .failure(let error): throw self.absence(error.absence, service)
    }
    let versioned = base.hasSuffix(service.prefix) ? base : base + service.prefix
    let items = query.map { "\(escape($0.0))=\(escape($0.1))" }.joined(separator: "&")
    return versioned + path + (items.isEmpty ? "" : (path.contains("?") ? "&" : "?") + items)
  }

  private func absence(_ absence: Catalogue.Absence, _ service: Service) -> CloudError {
    let (message, hint): (String, String) =
      switch absence {
      case .service(let types):
        ("its catalogue has no service '\(service.types[0])'", "it has \(types.joined(separator: ", "))")
      case .region(let regions):
        (
          self.access.region.map { "its catalogue has no region '\($0)' for '\(service.types[0])'" }
            ?? "it has several regions, and none was chosen",
          "write region_name, or 'region' beside the cloud's name; there are \(regions.joined(separator: ", "))"
        )
      case .interface(let interfaces):
        (
          "the service '\(service.types[0])' has no interface '\(self.access.interface)'",
          "it has \(interfaces.joined(separator: ", "))"
        )
      }
    return CloudError(.configuration, cloud: self.access.title, message, hint: hint)
  }
}

/// A page of a collection: `{"ports": […], "ports_links": [{"rel": "next", "href": …}]}`
private struct Page<Item: Decodable>: Decodable {
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct Link: Decodable {
    var rel: String
    var href: String
  }

  private var lists: [String: [Item]] = [:]
  private var links: [String: String] = [:]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for key in container.allKeys {
      if key.stringValue.hasSuffix("_links") {
        let links = try container.decode([Link].self, forKey: key)
        self.links[String(key.stringValue.dropLast(6))] = links.first { $0.rel == "next" }?.href
      } else {
        self.lists[key.stringValue] = try container.decode([Item].self, forKey: key)
      }
    }
  }

  func items(_ key: String) -> [Item] { self.lists[key] ?? [] }
  func next(_ key: String) -> String? { self.links[key] }
}

/// For a query (RFC 3986, 2.3).
private func escape(_ text: String) -> String {
  var result = ""
  for byte in text.utf8 {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: result.unicodeScalars.append(.init(byte))
    default: result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
    }
  }
  return result
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import CloudModel

/// A configuration in which machines are named as their clouds know them, instead of having their addresses written down.
///
///     regions:  [{name: lisbon, …, cloud: lisbon}]                       # or {name: …, region: …}
///     gateways: [{region: lisbon, port: 2, server: gateway-1, network: public}]
///     members:  {lisbon: [{server: data-1}, {tag: web}]}
package struct CloudTemplate {
  /// A region's cloud, as the region says.
  package struct Cloud: Sendable, Equatable {
    /// As `clouds.yaml` calls it.
    package var name: String
    /// In place of the one that is written there.
    package var region: String?
  }

  /// Where something is named.
  package struct Place: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
      case gateway(switchName: String)
      case members(service: String)
    }

    package var kind: Kind
    package var region: String
    package var reference: CloudReference
    package var location: Location
  }

  /// What stands in a place then.
  package struct Answer: Sendable, Equatable {
    package var address: String
    /// For gateways; nil: it is found by asking.
    package var mac: String?

    package init(address: String, mac: String? = nil) {
      self.address = address
      self.mac = mac
    }
  }

  package let file: String
  /// By the regions' names.
  package let clouds: [String: Cloud]
  /// In the order of the file.
  package let places: [Place]
  private let root: YAMLValue
  private let folder: String
  /// Others may read the file, so no key may be in it.
  private let isExposed: Bool

  /// - Throws: what is wrong with the places. The rest is checked when addresses stand in them.
  package static func load(path: String) throws(ServiceFileErrors) -> CloudTemplate {
    let (yaml, isExposed) = try ServiceFile.text(at: path)
    var report = Report(file: path)
    guard let text = SourceText.prepare(yaml, into: &report), let root = YAMLComposer.compose(text, into: &report)
    else { throw report.summary }
    var walk = TemplateWalk(report: report)
    _ = walk.visit(root) { _ in nil }
    guard walk.report.isEmpty else { throw walk.report.summary }
    return CloudTemplate(
      file: path, clouds: walk.clouds, places: walk.places, root: root, folder: ServiceFile.folder(of: path),
      isExposed: isExposed)
  }

  /// The configuration with addresses.
  package func resolved(_ answers: (Place) -> [Answer]) -> String {
    var walk = TemplateWalk(report: Report(file: self.file))
    let root = walk.visit(self.root) { answers($0) }
    return "# Made of \(self.file) by 'isthmus openstack discover'; changes are made there.\n" + YAMLWriter.write(root)
  }

  /// - Throws: what is wrong with a resolved text, with the lines of that text.
  package func check(_ resolved: String) throws(ServiceFileErrors) -> ServiceFile {
    try ServiceFile.read(resolved, file: "\(self.file) with addresses", folder: self.folder, isExposed: self.isExposed)
  }
}

/// Walks over a configuration's places.
private struct TemplateWalk {
  var report: Report
  var clouds: [String: CloudTemplate.Cloud] = [:]
  var places: [CloudTemplate.Place] = []

  init(report: Report) { self.report = report }

  /// - Parameter answer: nil: the place stays as it is.
  mutating func visit(_ root: YAMLValue, _ answer: (CloudTemplate.Place) -> [CloudTemplate.Answer]?) -> YAMLValue {
    var result = root
    result.change("regions") { list in
      list.changeItems { region in
        if let cloud = region["cloud"], let name = region["name"]?.plainText { self.add(cloud, of: name) }
        region.remove("cloud")
        return [region]
      }
    }
    result.change("switches") { list in
      list.changeItems { item in
        let name = item["name"]?.plainText ?? ""
        item.change("gateways") { gateways in
          gateways.changeItems { gateway in
            guard let region = gateway["region"]?.plainText,
              let place = self.place(gateway, .gateway(switchName: name), region), let found = answer(place)?.first
            else { return [gateway] }
            for key in CloudReference.Kind.allCases.map(\.rawValue) + ["network", "mac"] { gateway.remove(key) }
            gateway.append("address", found.address)
            if let mac = found.mac { gateway.append("mac", mac) }
            return [gateway]
          }
        }
        return [item]
      }
    }
    result.change("services") { list in
      list.changeItems { service in
        let name = service["name"]?.plainText ?? ""
        service.change("members") { members in
          members.changeEntries { region, pool in
            pool.changeItems { member in
              guard let place = self.place(member, .members(service: name), region), let found = answer(place)
              else { return [member] }
              return found.map { YAMLValue.text($0.address, like: member) }
            }
          }
        }
        return [service]
      }
    }
    return result
  }

  private mutating func add(_ value: YAMLValue, of region: String) {
    switch value.content {
    case .scalar(let name, _) where !name.isEmpty: self.clouds[region] = CloudTemplate.Cloud(name: name)
    case .mapping where value["name"]?.plainText != nil:
      self.clouds[region] = CloudTemplate.Cloud(
        name: value["name"]?.plainText ?? "", region: value["region"]?.plainText)
    default:
      self.report.add(
        .wrongType, at: value.location, "'cloud' is \(value.type)",
        hint: "write the cloud's name in clouds.yaml, or {name: NAME, region: REGION}")
    }
  }

  /// Nil: it names nothing.
  private mutating func place(
    _ value: YAMLValue, _ kind: CloudTemplate.Place.Kind, _ region: String
  ) -> CloudTemplate.Place? {
    let named = CloudReference.Kind.allCases.filter { value[$0.rawValue] != nil }
    guard let first = named.first else { return nil }
    guard named.count == 1, value["address"] == nil, let text = value[first.rawValue]?.plainText, !text.isEmpty else {
      self.report.add(
        .wrongType, at: value.location, "a machine is named in several ways, or in none that can be read",
        hint:
          "write one of 'address', \(CloudReference.Kind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", "))")
      return nil
    }
    let place = CloudTemplate.Place(
      kind: kind, region: region, reference: CloudReference(first, text, network: value["network"]?.plainText),
      location: value.location)
    self.places.append(place)
    return place
  }
}

extension YAMLValue {
  fileprivate var plainText: String? { if case .scalar(let text, _) = self.content { text } else { nil } }

  fileprivate static func text(_ text: String, like value: YAMLValue) -> YAMLValue {
    // A colon of IPv6 would be taken for something else.
    YAMLValue(label: value.label, location: value.location, content: .scalar(text, isPlain: !text.contains(":")))
  }

  fileprivate subscript(key: String) -> YAMLValue? {
    guard case .mapping(let entries) = self.content else { return nil }
    return entries.first { $0.key.value == key }?.value
  }

  fileprivate mutating func change(_ key: String, _ body: (inout YAMLValue) -> Void) {
    guard case .mapping(var entries) = self.content, let index = entries.firstIndex(where: { $0.key.value == key })
    else { return }
    body(&entries[index].value)
    self.content = .mapping(entries)
  }

  fileprivate mutating func changeEntries(_ body: (String, inout YAMLValue) -> Void) {
    guard case .mapping(var entries) = self.content else { return }
    for index in entries.indices { body(entries[index].key.value, &entries[index].value) }
    self.content = .mapping(entries)
  }

  fileprivate mutating func changeItems(_ body: (inout YAMLValue) -> [YAMLValue]) {
    guard case .list(let items) = self.content else { return }
    self.content = .list(
      items.flatMap { item in
        var item = item
        return body(&item)
      })
  }

  fileprivate mutating func remove(_ key: String) {
    guard case .mapping(let entries) = self.content else { return }
    self.content = .mapping(entries.filter { $0.key.value != key })
  }

  fileprivate mutating func append(_ key: String, _ text: String) {
    guard case .mapping(let entries) = self.content else { return }
    self.content = .mapping(
      entries + [YAMLEntry(key: Located(key, at: self.location), value: .text(text, like: self))])
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Files
import Yams

/// Finds out how to reach a cloud as every OpenStack tool does: `clouds.yaml` with `secure.yaml` beside it, or `OS_*`.
package struct CloudsFile: Sendable {
  /// The variables of the environment.
  package typealias Environment = [String: String]

  private static let sizeLimit = 1 << 20

  /// - Parameters:
  ///   - cloud: nil: the one that `OS_CLOUD` names, else the variables `OS_*` themselves, else the only one of the file.
  ///   - region: in place of the one that is written there.
  ///   - folder: where is looked first.
  package static func access(
    to cloud: String?, region: String? = nil, environment: Environment, folder: String = "."
  ) throws(CloudError) -> CloudAccess {
    let name = cloud ?? environment["OS_CLOUD"]
    if name == nil || name == "envvars", environment["OS_AUTH_URL"] != nil {
      return try Self.access("envvars", tree(environment), region, "the environment")
    }
    guard let path = paths(environment, folder).first(where: { (try? FileContent(path: $0, limit: sizeLimit)) != nil })
    else {
      throw CloudError(
        .configuration, cloud: name ?? "?", "no clouds.yaml was found",
        hint: "looked for: \(paths(environment, folder).joined(separator: ", ")); or set OS_AUTH_URL and its companions"
      )
    }
    var clouds = try self.clouds(path, name)
    let secret = environment["OS_CLIENT_SECURE_FILE"] ?? path.replacingLast("clouds", "secure")
    if secret != path, (try? FileContent(path: secret, limit: sizeLimit)) != nil {
      clouds.merge(try self.clouds(secret, name))
    }
    let known = clouds.keys.sorted()
    guard let chosen = name ?? (known.count == 1 ? known[0] : nil) else {
      throw CloudError(
        .configuration, cloud: "?", "\(path) has \(known.count) clouds, and none was chosen",
        hint: "choose one with --os-cloud or OS_CLOUD: \(known.joined(separator: ", "))")
    }
    guard let found = clouds[chosen] else {
      throw CloudError(
        .configuration, cloud: chosen, "\(path) has no such cloud", hint: "it has \(known.joined(separator: ", "))")
    }
    return try self.access(chosen, found, region ?? environment["OS_REGION_NAME"], path)
  }

  private static func paths(_ environment: Environment, _ folder: String) -> [String] {
    if let file = environment["OS_CLIENT_CONFIG_FILE"] { return [file] }
    let home = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { $0 + "/.config" }
    let folders = [folder, home.map { $0 + "/openstack" }, "/etc/openstack"].compactMap { $0 }
    return folders.flatMap { folder in ["clouds.yaml", "clouds.yml"].map { "\(folder)/\($0)" } }
  }

  private static func clouds(_ path: String, _ cloud: String?) throws(CloudError) -> ConfigTree {
    func broken(_ why: String) -> CloudError {
      CloudError(
        .configuration, cloud: cloud ?? "?", "\(path) cannot be used: \(why)", hint: "it begins with 'clouds:'")
    }
    do {
      let text = String(decoding: try FileContent(path: path, limit: self.sizeLimit).bytes, as: UTF8.self)
      guard let node = try Yams.compose(yaml: text), let clouds = ConfigTree(node)["clouds"] else {
        throw broken("it has no 'clouds'")
      }
      return clouds
    } catch let error as CloudError {
      throw error
    } catch {
      throw broken("\(error)")
    }
  }

  // MARK: Meaning

  private static func access(
    _ cloud: String, _ tree: ConfigTree, _ region: String?, _ place: String
  ) throws(CloudError) -> CloudAccess {
    func missing(_ key: String) -> CloudError {
      CloudError(
        .configuration, cloud: cloud, "\(place) does not say 'auth: \(key)'",
        hint: "needed are auth_url and either username, password and project_name, or an application credential")
    }
    if let profile = tree["profile"]?.text {
      throw CloudError(
        .configuration, cloud: cloud,
        "\(place) refers to the profile '\(profile)' of a vendor, which is not known here",
        hint: "write its auth_url under 'auth'")
    }
    let auth = tree["auth"] ?? .map([:])
    guard let url = auth["auth_url"]?.text else { throw missing("auth_url") }
    return CloudAccess(
      cloud: cloud, authURL: versioned(url), identity: try self.identity(cloud, tree, auth, missing),
      region: region ?? tree["region_name"]?.text, interface: interface(tree["interface"]?.text),
      authorities: tree["cacert"]?.text)
  }

  private static func identity(
    _ cloud: String, _ tree: ConfigTree, _ auth: ConfigTree, _ missing: (String) -> CloudError
  ) throws(CloudError) -> CloudAccess.Identity {
    let domain = (auth["default_domain_id"]?.text, auth["default_domain_name"]?.text)
    func named(_ kind: String, _ key: String) -> CloudAccess.Name? {
      let (id, name) = (auth["\(kind)_id"]?.text, auth[key]?.text)
      guard id != nil || name != nil else { return nil }
      let domainID = auth["\(kind)_domain_id"]?.text ?? domain.0
      let domainName = auth["\(kind)_domain_name"]?.text ?? domain.1
      return CloudAccess.Name(
        id: id, name: name, domainID: domainID ?? (domainName == nil ? "default" : nil), domainName: domainName)
    }
    let type = tree["auth_type"]?.text ?? "password"
    let user = named("user", "username")
    if type == "v3applicationcredential" || auth["application_credential_secret"] != nil {
      guard let secret = auth["application_credential_secret"]?.text else {
        throw missing("application_credential_secret")
      }
      let (id, name) = (auth["application_credential_id"]?.text, auth["application_credential_name"]?.text)
      guard id != nil || name != nil && user != nil else { throw missing("application_credential_id") }
      return .applicationCredential(id: id, name: name, user: user, secret: secret)
    }
    guard ["password", "v3password"].contains(type) else {
      throw CloudError(
        .configuration, cloud: cloud, "its auth_type is '\(type)'", hint: "accepted: password, v3applicationcredential")
    }
    guard let user else { throw missing("username") }
    guard let password = auth["password"]?.text else { throw missing("password") }
    let project = named("project", "project_name")
    return .password(user: user, password: password, project: project)
  }

  /// The variables that every tool knows, as a cloud of a file would have them.
  private static func tree(_ environment: Environment) -> ConfigTree {
    var auth: [String: ConfigTree] = [:]
    for (name, value) in environment where name.hasPrefix("OS_") && !value.isEmpty {
      auth[name.dropFirst(3).lowercased()] = .text(value)
    }
    auth["project_name"] = auth["project_name"] ?? auth["tenant_name"]
    auth["project_id"] = auth["project_id"] ?? auth["tenant_id"]
    var cloud: [String: ConfigTree] = ["auth": .map(auth)]
    for key in ["region_name", "interface", "cacert", "auth_type"] { cloud[key] = auth[key] }
    return .map(cloud)
  }

  private static func versioned(_ url: String) -> String {
    let bare = url.hasSuffix("/") ? String(url.dropLast()) : url
    return bare.hasSuffix("/v3") ? bare : (bare.hasSuffix("/v2.0") ? String(bare.dropLast(5)) : bare) + "/v3"
  }

  /// `publicURL` as older files say.
  private static func interface(_ text: String?) -> String {
    guard let text, !text.isEmpty else { return "public" }
    return text.hasSuffix("URL") ? String(text.dropLast(3)) : text
  }
}

/// Texts and mappings; a number in a password stays what was written.
indirect enum ConfigTree: Equatable {
  case text(String)
  case map([String: ConfigTree])

  init(_ node: Node) {
    switch node {
    case .scalar(let scalar): self = .text(scalar.string)
    case .mapping(let mapping):
      self = .map(
        Dictionary(
          mapping.compactMap { pair in pair.key.string.map { ($0, ConfigTree(pair.value)) } },
          uniquingKeysWith: { first, _ in first }))
    case .sequence, .alias: self = .map([:])
    }
  }

  var text: String? { if case .text(let text) = self, !text.isEmpty { text } else { nil } }
  var keys: [String] { if case .map(let map) = self { Array(map.keys) } else { [] } }

  subscript(key: String) -> ConfigTree? { if case .map(let map) = self { map[key] } else { nil } }

  mutating func merge(_ other: ConfigTree) {
    guard case .map(var mine) = self, case .map(let theirs) = other else {
      self = other
      return
    }
    for (key, value) in theirs {
      if mine[key] == nil { mine[key] = value } else { mine[key]?.merge(value) }
    }
    self = .map(mine)
  }
}

extension String {
  fileprivate func replacingLast(_ text: String, _ other: String) -> String {
    guard let range = self.ranges(of: text).last else { return self }
    return self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}

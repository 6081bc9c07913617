// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Files
package import ServiceModel

/// A file in which an operator says what the services are. `docs/reference/configuration.md` describes it.
package struct ServiceFile: Sendable, Equatable {
  /// The path as it was given, for messages.
  package var file: String
  package var intent: Intent
  package var controller: ControllerSettings
  package var locations: Locations
  /// The paths of the regions' keys, as they were opened.
  package var keyFiles: [String] = []
  /// Where each region's key was written.
  package var keySources: [RegionName: KeySource] = [:]
  /// The file without `controller`: what is the same for all controllers.
  package var sharedText = ""
  /// Nothing but `controller` is in the file: it says nothing of what is shared.
  package var isOwnOnly = false

  /// Reads a file's text.
  ///
  /// - Parameters:
  ///   - yaml: UTF-8, up to 1,000,000 bytes.
  ///   - file: what messages call the file.
  ///   - isExposed: every user of the machine may read the text, so no key may be in it.
  ///   - readKey: the content of a key file, whose path is as written in the text.
  /// - Throws: all that is wrong, in the order of the lines.
  package static func parse(
    yaml: String, file: String, isExposed: Bool = false, readKey: (String) throws(KeyFileProblem) -> [UInt8]
  ) throws(ServiceFileErrors) -> ServiceFile {
    var report = Report(file: file)
    guard let text = SourceText.prepare(yaml, into: &report), let root = YAMLComposer.compose(text, into: &report)
    else { throw report.summary }
    var reader = IntentReader(report: report, isExposed: isExposed)
    let draft = reader.draft(root, readKey: readKey)
    report = reader.report
    Rules.check(draft, into: &report)
    guard report.isEmpty, let intent = draft.intent else { throw report.summary }
    var result = ServiceFile(file: file, intent: intent, controller: draft.controller, locations: Locations(draft))
    for region in draft.regions { if let name = region.name { result.keySources[name.value] = region.keySource } }
    result.sharedText = SharedText.make(of: text, root)
    result.isOwnOnly = draft.isOwnOnly
    return result
  }

  /// Reads a file and the key files that it names; relative paths begin at the file's folder.
  ///
  /// - Throws: all that is wrong, in the order of the lines.
  package static func load(path: String) throws(ServiceFileErrors) -> ServiceFile {
    let (yaml, isExposed) = try self.text(at: path)
    return try self.read(yaml, file: path, folder: self.folder(of: path), isExposed: isExposed)
  }

  /// What is in a file, and whether others may read it there.
  static func text(at path: String) throws(ServiceFileErrors) -> (yaml: String, isExposed: Bool) {
    var report = Report(file: path)
    let content: FileContent
    do {
      content = try FileContent(path: path, limit: SourceText.limit)
    } catch {
      report.add(unreadable: error)
      throw report.summary
    }
    guard let yaml = SourceText.decode(content.bytes, into: &report) else { throw report.summary }
    return (yaml, content.isExposed)
  }

  /// The folder at which a file's relative paths begin: empty, or with a slash at its end.
  package static func folder(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
  }

  /// Reads a text and the key files that it names.
  ///
  /// - Parameters:
  ///   - file: what messages call the text.
  ///   - folder: where relative paths begin; empty, or with a slash at its end.
  package static func read(
    _ yaml: String, file: String, folder: String, isExposed: Bool = false
  ) throws(ServiceFileErrors) -> ServiceFile {
    var keyFiles: [String] = []
    var file = try self.parse(yaml: yaml, file: file, isExposed: isExposed) { keyPath throws(KeyFileProblem) in
      keyFiles.append(keyPath.hasPrefix("/") ? keyPath : folder + keyPath)
      return try readKeyFile(keyFiles[keyFiles.count - 1])
    }
    file.keyFiles = keyFiles
    file.controller.openflowTLS = file.controller.openflowTLS?.relative(to: folder)
    file.controller.etcd = file.controller.etcd?.relative(to: folder)
    file.controller.floodlight = file.controller.floodlight?.relative(to: folder)
    if let store = file.controller.store, !store.hasPrefix("/") { file.controller.store = folder + store }
    return file
  }

  /// What is wrong with the port of `region`'s gateway, if `switch` connected and has only the ports `available`.
  ///
  /// - Returns: nil if the file gives that switch no gateway of that region.
  package func portError(
    switch name: SwitchName, region: RegionName, available: [(number: UInt32, name: String)]
  ) -> ServiceFileError? {
    guard let location = self.locations[.gatewayPort(name, region)],
      let port = self.intent.switches.first(where: { $0.name == name })?.gateway(of: region)?.port
    else { return nil }
    let shown = available.prefix(32).map { "\($0.number) (\(excerpt($0.name)))" }.joined(separator: ", ")
    let rest = available.count > 32 ? " and \(available.count - 32) more" : ""
    return ServiceFileError(
      file: self.file, location: location, code: .unknownPort,
      message: "port \(port) of region '\(region)': switch '\(name)' has no such port",
      hint: available.isEmpty ? "it has no ports" : "it has \(shown)\(rest)")
  }
}

/// Where a region's key is.
package enum KeySource: Sendable, Equatable {
  /// In the text itself, here.
  case text(Location)
  /// In the file of this path, as it was written.
  case file(String)
}

/// Why a file with a key could not be read.
package enum KeyFileProblem: Error, Sendable, Equatable {
  /// With the system's reason.
  case unreadable(String)
  /// Users who are neither the owner nor in the group may read or write it.
  case exposed
}

/// A key file with more bytes than this is none.
private let keyFileLimit = 4096

private func readKeyFile(_ path: String) throws(KeyFileProblem) -> [UInt8] {
  let content: FileContent
  do {
    content = try FileContent(path: path, limit: keyFileLimit)
  } catch {
    throw .unreadable("\(error)")
  }
  if content.isExposed { throw .exposed }
  return content.bytes
}

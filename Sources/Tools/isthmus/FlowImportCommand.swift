// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EntryText
import Files
import OpenFlowText
import Outbound
import ServiceModel
import Southbound

/// `isthmus flow import`: takes the entries of a running controller along.
struct FlowImportCommand: ControllerCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take the entries of a running Floodlight, Ryu or ONOS over.",
    discussion: """
      Reads the flows of all its switches, says of each that cannot be taken why, and puts the others in place as \
      'flow apply' does: all or none, with the same checks, and as often as you like. The other controller is only \
      asked. --dry-run prints what 'flow apply' would read, to be looked at and edited first.
      """)

  @Option(help: "Whose API it is: floodlight, ryu or onos.")
  var from: ForeignController.Kind
  @Argument(help: "Its API: http://HOST:PORT")
  var url: String
  @Option(help: "Who we are to it, if it asks; goes with --password-file.")
  var user: String?
  @Option(help: "A file whose first line is the password.")
  var passwordFile: String?
  @Flag(help: "Print the entries, and put nothing in place.")
  var dryRun = false
  @OptionGroup var options: ControllerOptions

  func validate() throws {
    guard (self.user == nil) == (self.passwordFile == nil) else {
      throw ValidationError("--user and --password-file go together")
    }
    guard self.user != nil || !self.from.asksForLogin else {
      throw ValidationError("\(self.from.title) answers nobody without a password: give --user and --password-file")
    }
    guard ["http://", "https://"].contains(where: { self.url.hasPrefix($0) && self.url.count > $0.count }) else {
      throw ValidationError("'\(self.url)': accepted is http://HOST:PORT or https://HOST:PORT")
    }
  }

  /// Without a controller of ours, if nothing is to be put in place.
  func run() async throws {
    do {
      guard self.dryRun else {
        return try await HTTPOutbound.withClient { outbound in
          let search = LeaderSearch(outbound: outbound, urls: self.options.urls)
          try await self.run(
            with: Session(
              search: search, api: try await search.find(), output: self.options.output, palette: self.options.palette))
        }
      }
      let found = try await self.read()
      print(Self.document(found))
      self.tell(found)
    } catch let failure as CommandFailure {
      note(failure.text)
      throw ExitCode(failure.status.rawValue)
    }
  }

  func run(with session: Session) async throws {
    let found = try await self.read()
    self.tell(found)
    guard !found.entries.isEmpty else { return note("nothing to put in place") }
    try await reportEntries(.post, "/v1/flows?prune=false", body: Array(Self.document(found).utf8), session)
  }

  private func read() async throws -> ImportedEntries {
    var imported = ImportedEntries()
    let login = self.user.flatMap { user in
      self.passwordFile.map { ForeignController.Login(user: user, passwordFile: $0) }
    }
    let base = self.url.hasSuffix("/") ? String(self.url.dropLast()) : self.url
    do {
      try await HTTPOutbound.withClient { http in
        let driver = ForeignController(self.from, url: base, login: login).driver(http)
        for datapath in try await driver.datapaths() {
          imported.add(try await driver.entries(of: datapath), of: datapath, prefix: self.from.rawValue)
        }
      }
    } catch let failure as DriverFailure {
      throw CommandFailure(
        code: "unreachable", message: "\(failure)", hint: "is that \(self.from.title), with its REST API?",
        status: .unreachable)
    }
    return imported
  }

  private static func document(_ found: ImportedEntries) -> String {
    "{\"entries\":[\n" + found.entries.map(EntryWriter.text).joined(separator: ",\n") + "\n]}"
  }

  private func tell(_ found: ImportedEntries) {
    for other in found.left { note("not taken: \(other.what): \(other.why)") }
    note("\(found.entries.count) can be taken, \(found.left.count) cannot")
  }
}

extension ForeignController.Kind: ExpressibleByArgument {}
